/**
 * A Stripe to test against: a real HTTP server that speaks Checkout Sessions, refunds, disputes and balance transactions as Stripe's
 * OpenAPI document describes them, keeps idempotency keys as Stripe does, signs its notices, and misbehaves when it is told to.
 *
 * A buyer pays by `POST` to a session's `url` (`?amount=…&currency=…` pays something else; `?how=delayed` by a debit that takes days).
 */
import { randomBytes } from "node:crypto";
import { type Call, type Reply, startParty } from "../../suppliers/party.ts";
import { postUntilTaken } from "../../suppliers/supplier-callbacks.ts";
import { banksActs, buyersActs, payPages } from "../pay-pages.ts";
import { spec } from "./spec.ts";
import { answerTo, refusal } from "./stripe-api.ts";
import {
  complete,
  givenBack,
  moveDisputed,
  movedByDisputes,
  newDispute,
  type Refund,
  type RefundState,
  type Session,
  shownCharge,
  shownDispute,
  shownRefund,
  shownSession,
  strangerSession,
} from "./stripe-books.ts";
import { newEvent, signEvent } from "./stripe-events.ts";
import { shownToBuyer } from "./stripe-page.ts";

/**
 * How a call goes wrong. `down` does nothing, and says so; `error_after` does its work, answers 500, and answers it again under the same
 * key; `lost` does its work and breaks the connection; `busy` is working on the same key; `page` is a proxy's page; `slow` takes a second.
 */
export type Fault = "down" | "error_after" | "throttled" | "lost" | "busy" | "page" | "slow";

/** Retry-After as it says it. */
export const RETRY_AFTER_SECONDS = 7;

export type StripeSimulator = Awaited<ReturnType<typeof startStripeSimulator>>;

export async function startStripeSimulator() {
  const credentials = {
    apiKey: `sk_test_${randomBytes(12).toString("hex")}`,
    webhookSecret: `whsec_${randomBytes(16).toString("hex")}`,
  };
  const sessions: Session[] = [];
  const kept = new Map<string, { call: string; body: string; reply: Exclude<Reply, string> }>();
  const meanwhile = new Map<string, () => void>();
  const faults: { call: string; fault: Fault }[] = [];
  const calls: { call: string; path: string; body: string; key: string | undefined; at: string }[] = [];
  const told: { type: string; at: string }[] = [];
  let endpoint: string | undefined;
  let isDown = false;
  let refundsBecome: RefundState = "succeeded";
  let offsetSeconds = 0;

  const now = (): number => Math.floor(Date.now() / 1000) + offsetSeconds;
  const urlOf = ({ id }: Session): string => `${party.url}/c/pay/${id}`;
  const shown = (session: Session): object => shownSession(session, urlOf(session));
  const world = { sessions, now, urlOf, refundsBecome: () => refundsBecome, tell };

  /** Tells the endpoint; what is not taken comes again. */
  function tell(type: string, object: unknown): void {
    const to = endpoint;
    if (to === undefined) return;
    const body = JSON.stringify(newEvent(type, object), undefined, 2);
    told.push({ type, at: new Date().toISOString() });
    party.later(0, async () => {
      await postUntilTaken(to, () => signEvent(body, [credentials.webhookSecret]), party.stopped);
    });
  }

  function isPaidBy(session: Session, how: Session["payment"], amount: number, currency: string): boolean {
    if (session.status !== "open" || session.expiresAt <= now()) return false;
    Object.assign(session, { amount, currency });
    complete(session, how, now());
    tell("checkout.session.completed", shown(session));
    return true;
  }

  /** The buyer's side: no key, as a browser has none. */
  function buyer({ method, url }: Call, id = ""): Reply {
    const session = sessions.find((one) => one.id === id);
    if (session === undefined) return { status: 404, text: "There is no such page." };
    if (method !== "POST") return desk.page(session.reference);
    const { amount = session.amount, currency = session.currency, how = "paid" } = Object.fromEntries(url.searchParams);
    const isPaid = isPaidBy(session, how as Session["payment"], Number(amount), currency);
    return { status: isPaid ? 200 : 409, body: shown(session) };
  }

  function api(call: Call, name: string): Exclude<Reply, string> {
    if (call.headers.authorization !== `Bearer ${credentials.apiKey}`)
      return refusal(401, "invalid_request_error", undefined, "Invalid API Key provided: sk_test_****");
    if (call.headers["stripe-version"] !== spec.version) return refusal(400, "invalid_request_error", "other_version");
    const key = call.headers["idempotency-key"];
    if (call.method !== "POST" || typeof key !== "string") return answerTo(call, name, world);
    const before = kept.get(key);
    if (before !== undefined)
      return before.call === call.url.pathname && before.body === call.body
        ? { ...before.reply, headers: { "idempotent-replayed": "true" } }
        : refusal(400, "idempotency_error", undefined, "Keys can only be used with the same parameters");
    const reply = answerTo(call, name, world);
    // What fails validation is not kept.
    if (reply.status < 400) kept.set(key, { call: call.url.pathname, body: call.body, reply });
    return reply;
  }

  const party = await startParty(async (call): Promise<Reply> => {
    const [, first, second, id] = call.url.pathname.split("/");
    if (first === "c" && second === "pay") return buyer(call, id);
    const seen = desk.answer(call);
    if (seen !== undefined) return seen;
    const name = nameOf(call);
    const key = call.headers["idempotency-key"]?.toString();
    calls.push({
      call: name,
      path: `${call.url.pathname}${call.url.search}`,
      body: call.body,
      key,
      at: new Date().toISOString(),
    });
    const at = faults.findIndex((one) => one.call === name);
    const [{ fault } = { fault: undefined }] = at < 0 ? [] : faults.splice(at, 1);
    if (isDown || fault === "down") return refusal(503, "api_error");
    if (fault === "throttled") {
      const headers = { "retry-after": String(RETRY_AFTER_SECONDS) };
      return { ...refusal(429, "invalid_request_error", "rate_limit"), headers };
    }
    if (fault === "busy") return refusal(409, "idempotency_error", "idempotency_key_in_use");
    if (fault === "page") return { status: 502, text: "<h1>Bad gateway</h1>" };
    if (fault === "slow") await new Promise((resolve) => setTimeout(resolve, 1_000));
    meanwhile.get(name)?.();
    meanwhile.delete(name);
    const reply = api(call, name);
    if (fault === "lost") return "cut";
    if (fault !== "error_after") return reply;
    const failed = refusal(500, "api_error");
    if (key !== undefined) kept.set(key, { call: call.url.pathname, body: call.body, reply: failed });
    return failed;
  });

  const named = (reference: string): Session => {
    const session = sessions.findLast((one) => one.reference === reference);
    if (session === undefined) throw new Error(`the simulator knows no session of ${reference}`);
    return session;
  };
  const change = (
    reference: string,
    type: string,
    object: (session: Session) => unknown,
    how: (one: Session) => void,
  ) => {
    const session = named(reference);
    how(session);
    tell(type, object(session));
  };

  const simulator = {
    ...party,
    credentials,
    calls: (call?: string) => calls.filter((one) => call === undefined || one.call === call),
    /** What it has told, and when. */
    told: () => told,
    sessionsOf: (reference: string) => sessions.filter((one) => one.reference === reference),
    session: named,
    /** A session that somebody else has begun. */
    add: (reference: string) => {
      if (!sessions.some((one) => one.reference === reference)) sessions.push(strangerSession(reference, now()));
    },
    /** Where its notices go. Without it, it tells nobody. */
    setEndpoint: (url: string | undefined) => {
      endpoint = url;
    },
    /** The next calls of this name go wrong, one after another. */
    misbehave: (call: string, ...how: Fault[]) => {
      faults.push(...how.map((fault) => ({ call, fault })));
    },
    /** Something happens just before the next call of this name is worked on. */
    onNext: (call: string, happens: () => void) => meanwhile.set(call, happens),
    setDown: (down: boolean) => {
      isDown = down;
    },
    /** Its clock is so much later than ours. */
    setLater: (seconds: number) => {
      offsetSeconds = seconds;
    },
    /** As a day later: no key is known any more. */
    forgetKeys: () => kept.clear(),
    /** A buyer pays. False: it can't be paid any more. */
    pay: (reference: string, amount = named(reference).amount, currency = named(reference).currency) =>
      isPaidBy(named(reference), "paid", amount, currency),
    payDelayed: (reference: string) =>
      isPaidBy(named(reference), "delayed", named(reference).amount, named(reference).currency),
    /** A buyer pays although it was closed: their clocks differ, or their word is late. */
    payAllTheSame: (reference: string) => {
      Object.assign(named(reference), { status: "open", expiresAt: now() + 60 });
      return isPaidBy(named(reference), "paid", named(reference).amount, named(reference).currency);
    },
    /** What takes days has come to an end. */
    endDelayed: (reference: string, how: "paid" | "failed") =>
      change(
        reference,
        `checkout.session.async_payment_${how === "paid" ? "succeeded" : "failed"}`,
        shown,
        (session) => {
          session.payment = how;
        },
      ),
    needsNoPayment: (reference: string) => complete(named(reference), "no_payment_required", now()),
    /** What becomes of refunds that are asked for from now on. */
    setRefunds: (state: RefundState) => {
      refundsBecome = state;
    },
    /** We have too little money for the last refund of a payment. */
    lackMoney: (reference: string) => {
      const refund = named(reference).refunds.at(-1) as Refund;
      Object.assign(refund, { status: "pending", pending_reason: "insufficient_funds" });
    },
    /** A refund goes on: it arrives, or fails also after it was said to have arrived. */
    endRefund: (reference: string, state: RefundState) => {
      const session = named(reference);
      const refund = session.refunds.at(-1) as Refund;
      delete refund.pending_reason;
      refund.status = state;
      tell(state === "failed" ? "refund.failed" : "refund.updated", shownRefund(session, refund));
    },
    /** What went back of a payment. */
    refunds: (reference: string) => [...named(reference).refunds],
    /** A payer goes to the bank, which takes the money at once, or only asks (`warning_needs_response`). */
    dispute: (
      reference: string,
      { reason = "fraudulent", amount = named(reference).amount, isInquiry = false } = {},
    ) => {
      const session = named(reference);
      const dispute = newDispute(amount, reason, now());
      session.disputes.push(dispute);
      if (isInquiry) dispute.status = "warning_needs_response";
      else moveDisputed(dispute, session, -amount, now());
      tell("charge.dispute.created", shownDispute(session, dispute));
      return dispute;
    },
    /** The bank decides. What it has taken comes back if it decides for us. */
    decideDispute: (reference: string, status: "won" | "lost" | "warning_closed" | "prevented") => {
      const session = named(reference);
      const [dispute] = session.disputes.slice(-1);
      if (dispute === undefined) throw new Error(`nobody disputes ${reference}`);
      dispute.status = status;
      if (status === "won") moveDisputed(dispute, session, dispute.amount, now());
      tell("charge.dispute.closed", shownDispute(session, dispute));
    },
    /** What it has for us of a payment: what was paid, less what went back or is disputed. */
    holdsOf: (reference: string) =>
      sessions
        .filter((one) => one.reference === reference && one.payment === "paid")
        .reduce((sum, one) => sum + one.amount - givenBack(one) + movedByDisputes(one), 0),
    /** A signed notice about a payment, as it would send it. */
    notification: (reference: string, type = "checkout.session.completed", more: Record<string, unknown> = {}) =>
      signEvent(JSON.stringify(newEvent(type, aboutIn(type, named(reference)), more)), [credentials.webhookSecret]),
  };
  const desk = payPages({
    provider: "Stripe",
    payments: () => sessions.map((session) => shownToBuyer(session, now())),
    acts: {
      ...buyersActs({ pay: (reference) => simulator.pay(reference), payLate: simulator.payAllTheSame }),
      ...banksActs({
        dispute: simulator.dispute,
        decide: (reference, isForShop) => simulator.decideDispute(reference, isForShop ? "won" : "lost"),
      }),
    },
  });
  return simulator;

  /** The object that an event of a type is about. */
  function aboutIn(type: string, session: Session): object {
    const [refund] = session.refunds;
    const [dispute] = session.disputes;
    if (type.startsWith("refund.") && refund !== undefined) return shownRefund(session, refund);
    if (type.startsWith("charge.dispute.") && dispute !== undefined) return shownDispute(session, dispute);
    return type.startsWith("charge.") ? shownCharge(session) : shown(session);
  }
}

/** A call as Stripe's document names it. */
function nameOf({ method, url }: Call): string {
  const path = url.pathname
    .replace(/^(\/v1\/checkout\/sessions)\/[^/]+/, "$1/{session}")
    .replace(/^(\/v1\/payment_intents)\/[^/]+/, "$1/{intent}")
    .replace(/^(\/v1\/disputes)\/[^/]+/, "$1/{dispute}");
  return `${method.toLowerCase()} ${path}`;
}
