import { LIMITS } from "../kernel/limits.ts";
import { orderEvents } from "../orders/event-schemas.ts";
import { depositEvents } from "../payments/events.ts";
import type { Attempt, Delivery, Endpoint, Queue, Sender } from "./table.ts";

/** The events that channels may want. A test event is sent whatever an endpoint wants. */
export const WEBHOOK_EVENTS = [
  "webhook.disabled",
  "product.changed",
  "channel.changed",
  "dispute.changed",
  ...Object.keys(depositEvents),
  ...Object.keys(orderEvents),
] as [string, ...string[]];

/** The type of the event by which a channel tries its endpoint. */
export const TEST_EVENT = "webhook.test";

/** Of these an endpoint hears only if it names them: they are about what all channels share, and may be many. */
const NAMED_ONLY = ["product.changed"];

/** The events of an endpoint that names none: all that are about its channel, also those to come. */
export const USUAL_EVENTS = WEBHOOK_EVENTS.filter((type) => !NAMED_ONLY.includes(type));

/** Tells whether an endpoint wants events of this type. */
export const wants = ({ events = USUAL_EVENTS }: Pick<Endpoint, "events">, type: string): boolean =>
  WEBHOOK_EVENTS.includes(type) && events.includes(type);

/** The state of an order or a deposit, as the API calls it, where an event alone says it. */
const STATE_AFTER: Readonly<Record<string, string>> = {
  "order.fulfilled": "fulfilled",
  "order.partly_fulfilled": "partly_fulfilled",
  "order.review_opened": "review",
  "order.reversed": "review",
  "order.cancelled": "cancelled",
  "order.expired": "expired",
  ...Object.fromEntries(Object.keys(depositEvents).map((type) => [type, type.replace("deposit.", "")])),
};

/**
 * Makes the body of a webhook, the same for each sending: ids, words of closed lists and the number of the event among those of its
 * subject. `reference`: what the channel itself calls its order or deposit.
 */
export function bodyOf({ event, subject }: Pick<Delivery, "event" | "subject">, reference?: string): string {
  const { id: _id, type, at, v: _v, ...facts } = event;
  // The subject is `id`, and needs no second name.
  for (const name of ["orderId", "productId", "disputeId", "depositId"])
    if (facts[name] === subject) delete facts[name];
  const state = STATE_AFTER[type];
  const data = {
    id: subject,
    ...(state === undefined ? {} : { state }),
    ...(reference === undefined ? {} : { reference }),
    ...facts,
  };
  return JSON.stringify({ type, timestamp: at, data });
}

/**
 * Gives the place of a delivery among those that wait of its subject: by number; what has none, by time, behind those that have one.
 */
export function placeOf({ event: { number, at }, deliveryId }: Pick<Delivery, "event" | "deliveryId">): string {
  return `${number === undefined ? `t${at}` : `n${String(number).padStart(10, "0")}`}#${deliveryId}`;
}

/**
 * Gives the place of a delivery that is to be sent once more, right behind its first place. It is one of its own: a call that sends
 * the delivery just now takes the first place out of the queue, and not this one.
 */
export const placeOnceMore = (delivery: Parameters<typeof placeOf>[0]): string => `${placeOf(delivery)}${ONCE_MORE}`;
const ONCE_MORE = "#again";

/** Tells whether what has this place is sent whatever became of it before. */
export const isOnceMore = (place: string): boolean => place.endsWith(ONCE_MORE);

export const deliveryIn = (place: string): string => place.split("#")[1] ?? "";

/** Gives the first of the places that wait. Undefined: nothing does. */
export const firstOf = ({ waiting = new Set() }: Pick<Queue, "waiting">): string | undefined => [...waiting].sort()[0];

/** What a receiver's answer means. `later`: it may take the event another time, but can't now. */
export type Verdict = "taken" | "gone" | "refused" | "later";

export function verdictOf({ status }: Pick<Attempt, "status">): Verdict {
  if (status === undefined || status >= 500 || status === 429 || status === 408) return "later";
  if (status >= 200 && status < 300) return "taken";
  return status === 410 ? "gone" : "refused";
}

/** Gives a wait that doubles with each try, half of it by chance. `chance`: from 0 to 1. */
const doubled = (firstSeconds: number, tries: number, longest: number, chance: number): number =>
  Math.min(firstSeconds * 2 ** (tries - 1), longest) * (0.5 + chance / 2);

/** Gives the seconds until the first event of a queue is sent again, after so many failed tries. Undefined: it is given up. */
export function resendAfter(
  { tries, failingSince }: { tries: number; failingSince: string },
  now: Date,
  chance: number,
): number | undefined {
  const forSeconds = (now.getTime() - Date.parse(failingSince)) / 1000;
  if (forSeconds >= LIMITS.resendsForSeconds && tries >= LIMITS.fewestTriesOfDelivery) return undefined;
  return doubled(LIMITS.firstResendSeconds, tries, LIMITS.longestResendSeconds, chance);
}

/** How an endpoint does: it may rest, or nothing was taken for so long that it is to be disabled. */
export type Health = Pick<Sender, "failures" | "failingSince" | "restUntil">;

/** Gives an endpoint's health after a call that failed. One that refuses answers, so it needs no rest. */
export function failedOnce(
  { failures = 0, failingSince }: Health,
  verdict: Verdict,
  now: Date,
  chance: number,
): Health {
  const next = { failures: failures + 1, failingSince: failingSince ?? now.toISOString() };
  const over = next.failures - LIMITS.failuresToRest + 1;
  if (verdict !== "later" || over < 1) return next;
  const seconds = doubled(LIMITS.firstRestSeconds, over, LIMITS.longestRestSeconds, chance);
  return { ...next, restUntil: new Date(now.getTime() + seconds * 1000).toISOString() };
}

/** Tells whether an endpoint has failed for so long that it is disabled. */
export const isBeyondHope = ({ failures = 0, failingSince }: Health, now: Date): boolean =>
  failures >= LIMITS.fewestTriesOfDelivery &&
  failingSince !== undefined &&
  now.getTime() - Date.parse(failingSince) >= LIMITS.resendsForSeconds * 1000;

/** Tells whether an endpoint rests. */
export const rests = ({ restUntil }: Health, now: Date): boolean =>
  restUntil !== undefined && now.toISOString() < restUntil;
