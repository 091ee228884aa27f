import type Stripe from "stripe";
import type { Charge } from "../contract.ts";
import { type Answered, ask, unanswered } from "./client.ts";
import { MISSING } from "./failures.ts";
import { SHORTEST_SECONDS, sessionEnd } from "./start.ts";
import { type Session, sessionList, sessionSchema } from "./wire.ts";

export type Found = Answered<Session> | { kind: "never_heard" } | { kind: "unknown"; reason: string };

const PAGE = 100;
/** Five thousand sessions. */
const MOST_PAGES = 50;
/** How far apart our clock and Stripe's may be. */
const APART_SECONDS = 5 * 60;
/** A start is as a rule made as soon as it is written down. */
const SOON_SECONDS = 60;

const EXPAND = ["payment_intent.latest_charge"];

/** Finds the session of a payment, by Stripe's name for it if that was told, or by ours. */
export async function findSession(stripe: Stripe, charge: Charge): Promise<Found> {
  const { providerPaymentId } = charge;
  if (providerPaymentId !== undefined) return readSession(stripe, charge, providerPaymentId);
  const id = await idOf(stripe, charge);
  return typeof id === "string" ? readSession(stripe, charge, id) : id;
}

async function readSession(stripe: Stripe, { id }: Charge, sessionId: string): Promise<Found> {
  const found = await ask(sessionSchema, stripe.checkout.sessions.retrieve(sessionId, { expand: EXPAND }));
  if (found.kind !== "answered") {
    // Stripe keeps sessions: it was made by another account's key, or the key is of the other mode. That says nothing about the payment.
    return found.reason === MISSING ? { kind: "unknown", reason: "session_missing" } : unanswered(found);
  }
  return found.value.client_reference_id === id ? found : { kind: "unknown", reason: "other_payment" };
}

/**
 * Gives Stripe's name for a session whose start was not answered. Starting it again would tell, but only as long as Stripe keeps the key
 * and the session can still be begun, and it would begin what was not begun. The list has every session at once (a search has it a
 * minute later), and is narrowed to when this one can have been made: Stripe makes none that would end within half an hour.
 */
async function idOf(stripe: Stripe, charge: Charge): Promise<string | Exclude<Found, Answered<Session>>> {
  const written = Math.floor(Date.parse(charge.createdAt) / 1000);
  const soon = written + SOON_SECONDS;
  const latest = sessionEnd(charge) - SHORTEST_SECONDS + APART_SECONDS;
  for (const [gte, lte] of [
    [written - APART_SECONDS, soon],
    [soon + 1, latest],
  ] as const) {
    const found = await idBetween(stripe, charge.id, { gte, lte });
    if (found !== undefined) return found;
  }
  return { kind: "never_heard" };
}

async function idBetween(stripe: Stripe, reference: string, created: { gte: number; lte: number }) {
  let after: { starting_after?: string } = {};
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(sessionList, stripe.checkout.sessions.list({ created, limit: PAGE, ...after }));
    if (answer.kind !== "answered") return unanswered(answer);
    const { data, has_more } = answer.value;
    const found = data.find(({ client_reference_id }) => client_reference_id === reference);
    if (found !== undefined) return found.id;
    const last = data.at(-1);
    if (!has_more || last === undefined) return undefined;
    after = { starting_after: last.id };
  }
  return { kind: "unknown", reason: "too_many_sessions" } as const;
}
