import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import { keysInList } from "../aws/listed.ts";
import { after, type Clock, machineMs, systemClock } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { LIMITS } from "../kernel/limits.ts";
import { signatureHeaders } from "../secrecy/standard-webhooks.ts";
import type { Post } from "./call.ts";
import { markDelivery, noteAttempts, readDelivery } from "./deliveries.ts";
import { disableEndpoint, readEndpoint } from "./endpoints.ts";
import {
  bodyOf,
  deliveryIn,
  failedOnce,
  firstOf,
  type Health,
  isBeyondHope,
  isOnceMore,
  resendAfter,
  rests,
  type Verdict,
  verdictOf,
} from "./model.ts";
import { claimSender, noteHealth } from "./sender.ts";
import {
  type Attempt,
  type Delivery,
  dueAt,
  type Endpoint,
  type EndpointName,
  type Queue,
  queueKey,
  queues,
  subjectIn,
} from "./table.ts";

export type SendDeps = Db<"operations"> & {
  clock: Clock;
  post: Post;
  /** Opens the keys that sign for an endpoint now. */
  keysFor: (endpoint: Endpoint, now: Date) => Promise<Buffer[]>;
  /** Gives what a channel calls its order or deposit, if the subject is one. */
  referenceOf: (subject: string) => Promise<string | undefined>;
  /** Hears that an endpoint was disabled, and why. */
  onDisabled: (endpoint: Endpoint, reason: "failing" | "gone") => Promise<void>;
  /** A number from 0 to 1. */
  chance: () => number;
};

/**
 * What came of serving an endpoint. `done`: nothing is due · `asked`: another call serves it, and knows of the subject · `more`: the
 * time was up.
 */
export type Served = { kind: "done" | "asked" | "more" };

/** One call's work on an endpoint. */
type Round = { endpoint: Endpoint; health: Health; isOver: () => boolean };

/**
 * Sends what is due to an endpoint: each subject's events in order, one after another; several subjects at the same time. One call
 * serves an endpoint; what others ask for meanwhile it does as well. An endpoint that fails is tried with one event, and rests then.
 */
export async function serveEndpoint(deps: SendDeps, name: EndpointName, subject?: string): Promise<Served> {
  const claimed = await claimSender(deps, name, subject);
  if (claimed === undefined) return { kind: "asked" };
  const until = machineMs() + LIMITS.endpointServedSeconds * 1000;
  const isTimeUp = (): boolean => machineMs() >= until;
  let asked: readonly string[] = subject === undefined ? [] : [subject];
  let { health } = claimed;
  for (;;) {
    const found = await readEndpoint(deps, name);
    if (found === undefined || !found.endpoint.enabled || rests(health, deps.clock())) break;
    // Enabled again by its owner meanwhile: it begins afresh.
    if (found.sender.failures === undefined) health = {};
    const round: Round = { endpoint: found.endpoint, health, isOver: isTimeUp };
    const sent = await serveSubjects(deps, round, asked.length > 0 ? asked : await dueSubjects(deps, name));
    health = round.health;
    if (isTimeUp()) {
      await claimed.release(true);
      return { kind: "more" };
    }
    asked = [];
    if (sent > 0) continue;
    const more = await claimed.release();
    if (more === undefined) return { kind: "done" };
    asked = more;
  }
  await claimed.release(true);
  return { kind: "done" };
}

async function dueSubjects(deps: SendDeps, { endpointId }: EndpointName): Promise<string[]> {
  const between = { from: " ", to: deps.clock().toISOString() };
  return (await keysInList(deps, dueAt(endpointId), between, LIMITS.subjectsPerLook)).map(subjectIn);
}

/** Serves subjects, and returns how many calls that made. While the endpoint fails only the first is tried. */
async function serveSubjects(deps: SendDeps, round: Round, subjects: readonly string[]): Promise<number> {
  const isFailing = (round.health.failures ?? 0) >= LIMITS.failuresToRest;
  const some = isFailing ? subjects.slice(0, 1) : subjects;
  const sent = await inParallel(LIMITS.webhookCallsAtOnce, some, (subject) => serveSubject(deps, round, subject));
  return sent.reduce((sum, one) => sum + one, 0);
}

const mayGoOn = (deps: SendDeps, { endpoint, health, isOver }: Round): boolean =>
  endpoint.enabled && !isOver() && !rests(health, deps.clock());

/** Sends what waits of a subject, one after another, until one is not taken. Returns how many calls it made. */
async function serveSubject(deps: SendDeps, round: Round, subject: string): Promise<number> {
  const { endpointId } = round.endpoint;
  for (let sent = 0; ; ) {
    if (!mayGoOn(deps, round)) return sent;
    const queue = await readQueue(deps, endpointId, subject);
    const place = firstOf(queue);
    if (place === undefined || (queue.listPlace ?? "") > deps.clock().toISOString()) return sent;
    const delivery = await readDelivery(deps, endpointId, deliveryIn(place));
    // It is gone with its time; or it was taken, and the call that sent it died before it came here.
    if (delivery === undefined || (delivery.state !== "waiting" && !isOnceMore(place))) {
      await takeOut(deps, endpointId, subject, queue, [place]);
      continue;
    }
    sent += 1;
    const verdict = await attempt(deps, round, delivery);
    // Disabled by what was just answered: all that waits is kept until somebody enables it.
    if (!round.endpoint.enabled) return sent;
    const isTaken = verdict === "taken";
    const wait = isTaken ? undefined : resendOf(deps, queue);
    if (isTaken || wait?.seconds === undefined) {
      if (!isTaken) await markDelivery(deps, delivery, "failed");
      await takeOut(deps, endpointId, subject, queue, placesOf(queue, place));
    } else {
      await putOff(deps, endpointId, subject, wait);
      return sent;
    }
  }
}

/** Calls the receiver, and writes down what it answered and how the endpoint does. */
async function attempt(deps: SendDeps, round: Round, delivery: Delivery): Promise<Verdict> {
  const { endpoint } = round;
  const now = deps.clock();
  const rawBody = bodyOf(delivery, await deps.referenceOf(delivery.subject));
  const keys = await deps.keysFor(endpoint, now);
  // Its receiver goes by the time of the world, which nobody moves.
  const signed = signatureHeaders(keys, { id: delivery.event.id, rawBody }, systemClock());
  const headers = { "content-type": "application/json", "user-agent": "Vouchsafe-Webhooks", ...signed };
  const called = await deps.post(endpoint.url, headers, rawBody);
  const made: Attempt = { at: now.toISOString(), ...called };
  const verdict = verdictOf(made);
  await noteAttempts(deps, delivery, {
    state: verdict === "taken" ? "delivered" : "waiting",
    attempts: [...delivery.attempts, made].slice(-LIMITS.webhookAttemptsShown),
  });
  await noteVerdict(deps, round, verdict);
  return verdict;
}

async function noteVerdict(deps: SendDeps, round: Round, verdict: Verdict): Promise<void> {
  const { endpoint } = round;
  const isWell = (round.health.failures ?? 0) === 0;
  if (verdict === "taken" && isWell) return;
  const now = deps.clock();
  round.health = verdict === "taken" ? {} : failedOnce(round.health, verdict, now, deps.chance());
  await noteHealth(deps, endpoint, round.health);
  const reason = verdict === "gone" ? "gone" : isBeyondHope(round.health, now) ? "failing" : undefined;
  if (reason === undefined) return;
  round.endpoint = { ...endpoint, enabled: false };
  if (await disableEndpoint(deps, endpoint, reason)) await deps.onDisabled(endpoint, reason);
}

function resendOf(deps: SendDeps, { tries = 0, failingSince }: Queue) {
  const now = deps.clock();
  const next = { tries: tries + 1, failingSince: failingSince ?? now.toISOString() };
  return { ...next, seconds: resendAfter(next, now, deps.chance()) };
}

async function readQueue(deps: SendDeps, endpointId: string, subject: string): Promise<Queue> {
  const Key = queueKey(endpointId, subject);
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.operations, Key, ConsistentRead: true }));
  return queues.find(found.Item) ?? {};
}

/** Gives the places of one delivery. If a queue, as it was read before the call, also wants it once more, the call has done that too. */
const placesOf = ({ waiting = new Set() }: Queue, place: string): string[] =>
  [...waiting].filter((one) => deliveryIn(one) === deliveryIn(place));

/** Takes places of one delivery out of its queue. The next one is due at once; without one the queue is in no list. */
async function takeOut(
  deps: SendDeps,
  endpointId: string,
  subject: string,
  { waiting }: Queue,
  places: readonly string[],
): Promise<void> {
  const key = { TableName: deps.tables.operations, Key: queueKey(endpointId, subject) };
  const [one] = places;
  if (waiting?.size === places.length) {
    const emptied = await update(deps.db, {
      ...key,
      UpdateExpression: "REMOVE waiting, listName, listPlace, tries, failingSince",
      ConditionExpression: "contains(waiting, :one) AND size(waiting) = :alone",
      ExpressionAttributeValues: { ":one": one, ":alone": places.length },
    });
    if (emptied.ok) return;
  }
  await update(deps.db, {
    ...key,
    UpdateExpression: "DELETE waiting :place SET listPlace = :now REMOVE tries, failingSince",
    ConditionExpression: "contains(waiting, :one) AND size(waiting) > :alone",
    ExpressionAttributeValues: {
      ":place": new Set(places),
      ":one": one,
      ":alone": places.length,
      ":now": deps.clock().toISOString(),
    },
  });
}

/** Has a queue wait before its first delivery is sent again. */
async function putOff(
  deps: SendDeps,
  endpointId: string,
  subject: string,
  { tries, failingSince, seconds = 0 }: { tries: number; failingSince: string; seconds?: number | undefined },
): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: queueKey(endpointId, subject),
    UpdateExpression: "SET listPlace = :next, tries = :tries, failingSince = :since",
    ConditionExpression: "attribute_exists(waiting)",
    ExpressionAttributeValues: { ":next": after(deps.clock(), seconds), ":tries": tries, ":since": failingSince },
  });
}
