import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Item, transact, update } from "../aws/dynamo.ts";
import { listedAs, pageOfList } from "../aws/listed.ts";
import { queryAll } from "../aws/query-pages.ts";
import type { Clock } from "../kernel/clock.ts";
import { fingerprintOf, idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import type { Secret } from "../kernel/secret.ts";
import { type AllowedReceivers, wrongWith } from "./address.ts";
import { makeSecret, type SealDeps } from "./secrets.ts";
import { noteWell } from "./sender.ts";
import {
  ALL_ENDPOINTS,
  countKey,
  ENDPOINT,
  type Endpoint,
  type EndpointName,
  endpointKey,
  endpoints,
  SENDER,
  type Sender,
  senderKey,
  senders,
  webhooksOf,
} from "./table.ts";

export type EndpointDeps = Db<"operations"> & SealDeps & { clock: Clock; allowed: AllowedReceivers };

/** An endpoint with how it does, as its owner is told. */
export type EndpointNow = { endpoint: Endpoint; sender: Sender };

/** An endpoint, and its secret if it was made just now: it is told this once. */
export type WithSecret = EndpointNow & { secret?: Secret };

export type NewEndpoint = { url: string; events?: readonly string[] | undefined };

const unknownEndpoint = () => refuse("not_found", "There is no such endpoint.");

const checked = (deps: EndpointDeps, url: string): Result<undefined> => {
  const wrong = wrongWith(url, deps.allowed());
  return wrong === undefined
    ? ok(undefined)
    : refuse("invalid_request", "The address can't be called.", [{ pointer: "/url", message: wrong }]);
};

/**
 * Makes an endpoint with a secret of its own, which is told once. A repeat with the same idempotency key finds the endpoint and is
 * told no secret. Refused when the channel has as many as it may.
 */
export async function createEndpoint(
  deps: EndpointDeps,
  channelId: string,
  { url, events }: NewEndpoint,
  idempotencyKey: string,
): Promise<Result<WithSecret>> {
  const fine = checked(deps, url);
  if (!fine.ok) return fine;
  const name = { channelId, endpointId: idOf("wh", channelId, idempotencyKey) };
  const requestHash = fingerprintOf({ url, events });
  const { secret, kept } = await makeSecret(deps, name, idempotencyKey);
  const endpoint: Endpoint = {
    ...name,
    url,
    ...(events === undefined ? {} : { events: [...new Set(events)] }),
    enabled: true,
    createdAt: deps.clock().toISOString(),
    requestHash,
    secret: kept,
  };
  const TableName = deps.tables.operations;
  const made = await transact(deps.db, [
    {
      Put: {
        TableName,
        Item: endpoints.write(endpointKey(name), endpoint, listedAs(ALL_ENDPOINTS, name.endpointId)),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
    {
      Update: {
        TableName,
        Key: countKey(channelId),
        UpdateExpression: "ADD #count :one",
        ConditionExpression: "attribute_not_exists(#count) OR #count < :most",
        ExpressionAttributeNames: { "#count": "count" },
        ExpressionAttributeValues: { ":one": 1, ":most": LIMITS.webhookEndpoints },
      },
    },
  ]);
  if (made.ok) return ok({ endpoint, sender: {}, secret });
  const there = await readEndpoint(deps, name);
  if (there === undefined)
    return refuse("limit_reached", `A channel may have ${LIMITS.webhookEndpoints} endpoints of webhooks.`);
  return repeatOf(there, there.endpoint.requestHash === requestHash, "another endpoint");
}

/** Reads an endpoint with how it does, strongly. */
export async function readEndpoint(deps: Db<"operations">, name: EndpointName): Promise<EndpointNow | undefined> {
  const TableName = deps.tables.operations;
  const read = (Key: Item) => deps.db.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  const [found, sender] = await Promise.all([read(endpointKey(name)), read(senderKey(name))]);
  const endpoint = endpoints.find(found.Item);
  return endpoint === undefined ? undefined : { endpoint, sender: senders.find(sender.Item) ?? {} };
}

/** The same, or the refusal that there is none. */
export async function findEndpoint(deps: Db<"operations">, name: EndpointName): Promise<Result<EndpointNow>> {
  const found = await readEndpoint(deps, name);
  return found === undefined ? unknownEndpoint() : ok(found);
}

/** Lists a channel's endpoints, strongly. There are ten at most. */
export async function listEndpoints(deps: Db<"operations">, channelId: string): Promise<EndpointNow[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.operations,
    KeyConditionExpression: "pk = :channel",
    ExpressionAttributeValues: { ":channel": webhooksOf(channelId) },
    ConsistentRead: true,
  });
  const notes = new Map(items.filter(({ sk }) => String(sk).startsWith(SENDER)).map((item) => [item["sk"], item]));
  return items
    .filter(({ sk }) => String(sk).startsWith(ENDPOINT))
    .map(endpoints.read)
    .map((endpoint) => ({ endpoint, sender: senders.find(notes.get(senderKey(endpoint).sk)) ?? {} }));
}

/** Lists the endpoints of all channels. A new one may be missing for a moment. */
export async function listAllEndpoints(deps: Db<"operations">): Promise<Endpoint[]> {
  const all: Endpoint[] = [];
  let after: string | null | undefined;
  do {
    const page = { limit: LIMITS.largestPage, after: after ?? undefined, newestFirst: false };
    const { items, next }: Awaited<ReturnType<typeof pageOfList>> = await pageOfList(deps, ALL_ENDPOINTS, page);
    all.push(...items.map(endpoints.read));
    after = next;
  } while (after !== null);
  return all;
}

/** What may be changed. */
export type EndpointChange = {
  url?: string | undefined;
  events?: readonly string[] | undefined;
  enabled?: boolean | undefined;
};

/** Changes parts of an endpoint. One that is enabled again begins afresh: what waits for it goes on, in order. */
export async function changeEndpoint(
  deps: EndpointDeps,
  name: EndpointName,
  { url, events, enabled }: EndpointChange,
): Promise<Result<EndpointNow>> {
  const fine = url === undefined ? ok(undefined) : checked(deps, url);
  if (!fine.ok) return fine;
  if (enabled === true) await noteWell(deps, name);
  const set: Record<string, unknown> = {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events: [...new Set(events)] }),
    ...(enabled === undefined ? {} : { enabled }),
    ...(enabled === false ? { disabledReason: "asked", disabledAt: deps.clock().toISOString() } : {}),
  };
  const changed = await setParts(deps, name, set, enabled === true ? ["disabledReason", "disabledAt"] : []);
  if (changed === undefined) return unknownEndpoint();
  return findEndpoint(deps, name);
}

async function setParts(
  deps: Db<"operations">,
  name: EndpointName,
  set: Record<string, unknown>,
  gone: readonly string[],
): Promise<Endpoint | undefined> {
  const members = Object.keys(set);
  const removed = gone.map((member) => `#${member}`).join(", ");
  const changed = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: endpointKey(name),
    UpdateExpression: `SET ${members.map((member) => `#${member} = :${member}`).join(", ")}${removed === "" ? "" : ` REMOVE ${removed}`}`,
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: Object.fromEntries([...members, ...gone].map((member) => [`#${member}`, member])),
    ExpressionAttributeValues: Object.fromEntries(members.map((member) => [`:${member}`, set[member]])),
    ReturnValues: "ALL_NEW",
  });
  return changed.ok ? endpoints.read(changed.item) : undefined;
}

/** Disables an endpoint that does not take what is sent. True: it was enabled until now. */
export async function disableEndpoint(
  deps: Db<"operations"> & { clock: Clock },
  name: EndpointName,
  reason: "failing" | "gone",
): Promise<boolean> {
  const disabled = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: endpointKey(name),
    UpdateExpression: "SET enabled = :no, disabledReason = :reason, disabledAt = :now",
    ConditionExpression: "enabled = :yes",
    ExpressionAttributeValues: { ":no": false, ":yes": true, ":reason": reason, ":now": deps.clock().toISOString() },
  });
  return disabled.ok;
}

/** Deletes an endpoint. What waits for it is never sent; its deliveries go with their time. Deleting it again finds none. */
export async function deleteEndpoint(
  deps: Db<"operations">,
  { channelId, endpointId }: EndpointName,
): Promise<Result<{ id: string }>> {
  const TableName = deps.tables.operations;
  const name = { channelId, endpointId };
  const deleted = await transact(deps.db, [
    { Delete: { TableName, Key: endpointKey(name), ConditionExpression: "attribute_exists(pk)" } },
    { Delete: { TableName, Key: senderKey(name) } },
    {
      Update: {
        TableName,
        Key: countKey(channelId),
        UpdateExpression: "ADD #count :less",
        ExpressionAttributeNames: { "#count": "count" },
        ExpressionAttributeValues: { ":less": -1 },
      },
    },
  ]);
  return deleted.ok ? ok({ id: endpointId }) : unknownEndpoint();
}
