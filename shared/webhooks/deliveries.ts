import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putNew, update } from "../aws/dynamo.ts";
import { itemsOf, keysInList, listedAs, pageOfList } from "../aws/listed.ts";
import type { Told, ToldNews } from "../events/event.ts";
import type { Clock } from "../kernel/clock.ts";
import { correlation } from "../kernel/correlation.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { findEndpoint, listAllEndpoints, listEndpoints } from "./endpoints.ts";
import { placeOf, placeOnceMore, TEST_EVENT, WEBHOOK_EVENTS, wants } from "./model.ts";
import {
  type Delivery,
  deliveries,
  deliveriesOf,
  deliveryKey,
  dueAt,
  type EndpointName,
  queueKey,
  queues,
} from "./table.ts";

/** `wake`: has the sender of an endpoint look at a subject. A message that is lost is made up for by the schedule. */
export type DeliveryDeps = Db<"operations"> & {
  clock: Clock;
  wake: (name: EndpointName, subject?: string) => Promise<void>;
};

/**
 * Tells whether news is of a channel that has endpoints, or of no channel. That costs a strong read: what is remembered could not know
 * a new endpoint.
 */
export async function isHeard(deps: DeliveryDeps, { events: [first] }: ToldNews): Promise<boolean> {
  const channelId = first?.["channelId"];
  return typeof channelId !== "string" || (await listEndpoints(deps, channelId)).length > 0;
}

/**
 * Puts an event down for every endpoint of its channel that wants it, or of all channels, and wakes their senders. The same event again
 * is the same delivery.
 */
export async function deliverEvent(deps: DeliveryDeps, event: Told, subject: string): Promise<void> {
  const { channelId, endpointId: about } = event;
  // What is about no channel is for all of them, if it is for channels at all.
  const isForAll = channelId === undefined && WEBHOOK_EVENTS.includes(event.type);
  const all = isForAll
    ? await listAllEndpoints(deps)
    : (await listEndpoints(deps, String(channelId))).map(({ endpoint }) => endpoint);
  const wanting = all.filter((one) => one.endpointId !== about && wants(one, event.type));
  await Promise.all(wanting.map((endpoint) => putDown(deps, endpoint, event, subject)));
}

/** Puts an event down for an endpoint, in the queue of its subject, and wakes the sender. Returns the delivery's id. */
async function putDown(
  deps: DeliveryDeps,
  { channelId, endpointId }: EndpointName,
  event: Told,
  subject: string,
): Promise<Delivery> {
  const now = deps.clock().toISOString();
  const deliveryId = idOf("dlv", endpointId, event.id);
  const delivery: Delivery = {
    channelId,
    endpointId,
    deliveryId,
    subject,
    event,
    state: "waiting",
    createdAt: now,
    attempts: [],
  };
  const written = await putNew(
    deps.db,
    deps.tables.operations,
    deliveries.write(deliveryKey(endpointId, deliveryId), delivery, {
      ...listedAs(deliveriesOf(endpointId), `${now}#${deliveryId}`),
      ...correlation(),
      expiresAtEpoch: endOf(deps),
    }),
  );
  const stands = written.ok ? delivery : deliveries.read(written.old ?? {});
  // Put down before, by a call that may have died before it came to the queue.
  if (stands.state === "waiting") await enqueue(deps, stands);
  return stands;
}

const endOf = ({ clock }: DeliveryDeps): number => Math.floor(clock().getTime() / 1000) + LIMITS.deliveriesKeptSeconds;

/**
 * Puts a delivery into the queue of its subject, at its place, and wakes the sender. One that is there already stays. `afresh`: it is to
 * be sent once more, and now.
 */
async function enqueue(deps: DeliveryDeps, delivery: Delivery, afresh = false): Promise<void> {
  const { channelId, endpointId, subject } = delivery;
  const place = afresh ? placeOnceMore(delivery) : placeOf(delivery);
  const [listed, since] = [
    listedAs(dueAt(endpointId), deps.clock().toISOString()),
    afresh ? ":now" : "if_not_exists(listPlace, :now)",
  ];
  const added = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: queueKey(endpointId, subject),
    UpdateExpression: `ADD waiting :place SET listName = :list, listPlace = ${since}, v = :v, expiresAtEpoch = :end${afresh ? " REMOVE tries, failingSince" : ""}`,
    ConditionExpression: "attribute_not_exists(waiting) OR contains(waiting, :one) OR size(waiting) < :most",
    ExpressionAttributeValues: {
      ":place": new Set([place]),
      ":one": place,
      ":most": LIMITS.eventsWaiting,
      ":list": listed["listName"],
      ":now": listed["listPlace"],
      ":v": queues.version,
      ":end": endOf(deps),
    },
  });
  if (!added.ok) return markDelivery(deps, delivery, "failed");
  await deps.wake({ channelId, endpointId }, subject);
}

type DeliveryName = Pick<Delivery, "endpointId" | "deliveryId">;

/** Writes what became of a delivery. Nothing happens if it is gone. */
export async function markDelivery(
  deps: Db<"operations">,
  { endpointId, deliveryId }: DeliveryName,
  state: Delivery["state"],
): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: deliveryKey(endpointId, deliveryId),
    UpdateExpression: "SET #state = :state",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":state": state },
  });
}

/** The same, after an attempt: `attempts` are those that are kept. */
export async function noteAttempts(
  deps: Db<"operations">,
  { endpointId, deliveryId }: DeliveryName,
  { state, attempts }: Pick<Delivery, "state" | "attempts">,
): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: deliveryKey(endpointId, deliveryId),
    UpdateExpression: "SET #state = :state, attempts = :attempts",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":state": state, ":attempts": attempts },
  });
}

export async function readDelivery(
  deps: Db<"operations">,
  endpointId: string,
  deliveryId: string,
): Promise<Delivery | undefined> {
  const Key = deliveryKey(endpointId, deliveryId);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key, ConsistentRead: true }));
  return deliveries.find(found.Item);
}

/** Reads a page of an endpoint's deliveries, newest first. */
export async function listDeliveries(
  deps: Db<"operations">,
  { endpointId }: EndpointName,
  limit: number,
  after?: string,
): Promise<{ deliveries: Delivery[]; next: string | null }> {
  const { items, next } = await pageOfList(deps, deliveriesOf(endpointId), { limit, after, newestFirst: true });
  return { deliveries: items.map(deliveries.read), next };
}

/** Sends a test event to an endpoint. A repeat with the same idempotency key is the same event. */
export async function testEndpoint(
  deps: DeliveryDeps,
  name: EndpointName,
  idempotencyKey: string,
): Promise<Result<Delivery>> {
  const found = await findEndpoint(deps, name);
  if (!found.ok) return found;
  const id = idOf("evt", TEST_EVENT, name.endpointId, idempotencyKey);
  const event = { id, type: TEST_EVENT, at: deps.clock().toISOString(), v: 1, channelId: name.channelId };
  return ok(await putDown(deps, name, event, name.endpointId));
}

/** Has a delivery sent once more, at its place among those of its subject, and now: it doesn't wait for its next time. */
export async function attemptAgain(
  deps: DeliveryDeps,
  name: EndpointName,
  deliveryId: string,
): Promise<Result<Delivery>> {
  const found = await findEndpoint(deps, name);
  if (!found.ok) return found;
  const delivery = await readDelivery(deps, name.endpointId, deliveryId);
  if (delivery === undefined) return refuse("not_found", "There is no such delivery.");
  return ok(await sendAgain(deps, delivery));
}

async function sendAgain(deps: DeliveryDeps, delivery: Delivery): Promise<Delivery> {
  await markDelivery(deps, delivery, "waiting");
  await enqueue(deps, delivery, true);
  return { ...delivery, state: "waiting" };
}

/**
 * Does one step of a replay: has the deliveries that an endpoint got from `from` until before `to` sent once more, oldest first. `next`:
 * the place behind which the next step begins; null after the last. Doing a step again sends them again.
 */
export async function replayDeliveries(
  deps: DeliveryDeps,
  name: EndpointName,
  { from, to }: { from: string; to: string },
  after?: string,
): Promise<Result<{ sent: number; next: string | null }>> {
  const found = await findEndpoint(deps, name);
  if (!found.ok) return found;
  const limit = LIMITS.deliveriesPerReplay;
  const between = {
    from: after === undefined ? new Date(from).toISOString() : `${after}~`,
    to: new Date(to).toISOString(),
  };
  const keys = between.from < between.to ? await keysInList(deps, deliveriesOf(name.endpointId), between, limit) : [];
  const some = (await itemsOf(deps, keys)).map(deliveries.read);
  for (const delivery of some) await sendAgain(deps, delivery);
  return ok({ sent: some.length, next: keys.length < limit ? null : (keys.at(-1)?.listPlace ?? null) });
}
