/**
 * A payment provider to test against, and for the local stack: a real HTTP server that speaks the "simulated" protocol, as
 * shared/payments/README.md describes it, and misbehaves on demand. No money moves.
 *
 * A buyer pays by `POST` to the payment's `url` (`?amount=…&currency=…` pays something else than was asked for).
 */
import { randomBytes } from "node:crypto";
import { type Call, type Reply, startParty } from "../suppliers/party.ts";
import { newWebhookSecret, postUntilTaken, sign } from "../suppliers/supplier-callbacks.ts";
import { json } from "../suppliers/supplier-wire.ts";
import { DisputeSimulator, type Opening } from "./dispute-simulator.ts";
import { simulatedPages } from "./simulated-pages.ts";
import { held, NewPayment, NewRefund, notice, type Payment, type Refund } from "./simulated-payments.ts";
import { type Movement, statementOf, type Wrong } from "./statement-simulator.ts";

/** Amounts that behave. With every other one all goes well. */
export const AMOUNTS = {
  refused: 1404,
  lostAnswer: 1408,
  throttled: 1429,
  refundRefused: 1500_09,
  refundSlow: 1500_08,
};

/** Retry-After as it says it. */
export const RETRY_AFTER_SECONDS = 7;

export type PaymentSimulator = Awaited<ReturnType<typeof startPaymentSimulator>>;

export async function startPaymentSimulator() {
  const credentials = { apiKey: `pay_${randomBytes(12).toString("hex")}`, webhookSecret: newWebhookSecret() };
  const payments = new Map<string, Payment>();
  const lost = new Set<string>();
  const calls: string[] = [];
  let isDown = false;
  let isSilent = false;
  /** What it keeps of each payment, in millionths; what it does beside payments; and how its statements are wrong. */
  let ppm = 0;
  const besides: Movement[] = [];
  let wrongs: Wrong[] = [];
  /** Its clock, for statements of a day that nobody has to wait for. */
  let time: string | undefined;
  const nowThere = (): string => time ?? new Date().toISOString();

  const problem = (status: number, code: string, headers: Record<string, string> = {}): Reply => ({
    status,
    body: { code },
    headers,
  });
  const shown = ({ id, reference, amount, currency, state, paid }: Payment): object => ({
    id,
    reference,
    amount,
    currency,
    state,
    url: `${party.url}/pay/${reference}`,
    ...(paid === undefined ? {} : { paid }),
  });

  /** Tells that something about a payment has changed; a notification that is not taken comes again. */
  function tell(payment: Payment, type = "payment.updated", refund?: string): void {
    const { notificationUrl, reference } = payment;
    if (notificationUrl === undefined || isSilent) return;
    send(notificationUrl, notice({ reference, refund }, type));
  }

  function send(notificationUrl: string, event: ReturnType<typeof notice>): void {
    party.later(0, async () => {
      await postUntilTaken(notificationUrl, () => sign(event, credentials.webhookSecret), party.stopped);
    });
  }

  const disputes = new DisputeSimulator((dispute, reference) => {
    const { notificationUrl } = payments.get(reference) ?? {};
    if (notificationUrl !== undefined && !isSilent) send(notificationUrl, notice({ dispute }, "dispute.updated"));
  });

  function start(body: unknown): Reply {
    const asked = NewPayment.safeParse(body);
    if (!asked.success) return problem(400, "invalid_request");
    const { reference, amount } = asked.data;
    const known = payments.get(reference);
    const isSame = known?.amount === amount && known.currency === asked.data.currency;
    if (known !== undefined) return isSame ? { status: 200, body: shown(known) } : problem(409, "reference_reused");
    if (amount === AMOUNTS.refused) return problem(422, "amount_not_allowed");
    if (amount === AMOUNTS.throttled) return problem(429, "throttled", { "retry-after": String(RETRY_AFTER_SECONDS) });
    const payment: Payment = {
      ...asked.data,
      id: `sim_${randomBytes(8).toString("hex")}`,
      state: "pending",
      refunds: new Map(),
    };
    payments.set(reference, payment);
    return { status: 201, body: shown(payment) };
  }

  function pay(payment: Payment, amount = payment.amount, currency = payment.currency): boolean {
    if (payment.state !== "pending") return false;
    payment.state = "paid";
    payment.paid = { amount, currency, at: nowThere() };
    tell(payment);
    return true;
  }

  function refund(payment: Payment, body: unknown): Reply {
    const asked = NewRefund.safeParse(body);
    if (!asked.success) return problem(400, "invalid_request");
    const { reference, amount } = asked.data;
    const known = payment.refunds.get(reference);
    if (known !== undefined)
      return known.amount === amount ? { status: 200, body: known } : problem(409, "reference_reused");
    const before = [...payment.refunds.values()].reduce(
      (sum, one) => sum + (one.state === "failed" ? 0 : one.amount),
      0,
    );
    if (payment.paid === undefined || before + amount > payment.paid.amount) return problem(422, "more_than_paid");
    if (before + amount + disputes.heldOf(payment.reference) > payment.paid.amount) return problem(422, "disputed");
    if (payment.isShut ?? payment.amount === AMOUNTS.refundRefused) return problem(422, "refund_window_over");
    const state = payment.amount === AMOUNTS.refundSlow ? "pending" : "refunded";
    const made: Refund = {
      id: `simr_${randomBytes(8).toString("hex")}`,
      reference,
      amount,
      state,
      at: nowThere(),
    };
    payment.refunds.set(reference, made);
    return { status: 201, body: made };
  }

  function api(call: Call, path: string[]): Reply {
    if (call.headers.authorization !== `Bearer ${credentials.apiKey}`) return problem(401, "unauthorized");
    const [of, reference, what, refundReference] = path;
    if (of === "disputes") return disputes.answer(call, path.slice(1));
    if (of === "statements") {
      const text = statementOf(movements(), reference ?? "", wrongs);
      return text === undefined ? problem(404, "not_found") : { status: 200, text };
    }
    if (of !== "payments") return problem(404, "no_such_address");
    if (reference === undefined)
      return call.method === "POST" ? start(json(call.body)) : problem(405, "method_not_allowed");
    const payment = payments.get(decodeURIComponent(reference));
    if (payment === undefined) return problem(404, "not_found");
    if (what === undefined) return { status: 200, body: shown(payment) };
    if (what === "close") {
      if (payment.state === "pending") payment.state = "closed";
      return { status: 200, body: shown(payment) };
    }
    if (what !== "refunds") return problem(404, "not_found");
    if (refundReference === undefined) return refund(payment, json(call.body));
    const found = payment.refunds.get(decodeURIComponent(refundReference));
    return found === undefined ? problem(404, "not_found") : { status: 200, body: found };
  }

  /** All that it has booked. Fees are exact, and are rounded by nobody. */
  function movements(): Movement[] {
    const ofPayments = [...payments.values()].flatMap(({ id, reference, paid, refunds }): Movement[] => {
      if (paid === undefined) return [];
      const { amount, currency, at } = paid;
      const back = [...refunds.values()].filter(({ state }) => state === "refunded");
      return [
        { kind: "payment", reference, id, amount, feeThousandths: Math.round((amount * ppm) / 1_000), currency, at },
        ...back.map((one): Movement => ({ kind: "refund", ...one, feeThousandths: 0, currency })),
      ];
    });
    return [...ofPayments, ...disputes.movements(), ...besides];
  }

  /** The buyer's side: no key, as a browser has none. */
  function buyer(call: Call, reference = ""): Reply {
    const payment = payments.get(reference);
    if (payment === undefined) return { status: 404, text: "There is no such payment." };
    const amount = Number(call.url.searchParams.get("amount") ?? payment.amount);
    const isPaid = pay(payment, amount, call.url.searchParams.get("currency") ?? payment.currency);
    return { status: isPaid ? 200 : 409, body: shown(payment) };
  }

  const party = await startParty((call) => {
    const [, first, ...path] = call.url.pathname.split("/");
    const seen = desk.answer(call);
    if (seen !== undefined) return seen;
    if (first === "pay") return buyer(call, path[0]);
    calls.push(`${call.method} ${call.url.pathname}`);
    if (isDown) return problem(503, "down");
    if (first !== "v1") return problem(404, "no_such_address");
    const reply = api(call, path);
    // The work was done, and its answer is lost, once.
    const { reference, amount } = (json(call.body) ?? {}) as { reference?: string; amount?: number };
    if (amount === AMOUNTS.lostAnswer && reference !== undefined && !lost.has(reference)) {
      lost.add(reference);
      return "cut";
    }
    return reply;
  });

  const named = (reference: string): Payment => {
    const payment = payments.get(reference);
    if (payment === undefined) throw new Error(`the simulator knows no payment ${reference}`);
    return payment;
  };

  const simulator = {
    ...party,
    credentials,
    calls: () => calls,
    knows: (reference: string) => payments.has(reference),
    /** The merchant, or the provider by itself, ends it. */
    close: (reference: string) => void (named(reference).state = "closed"),
    stateOf: (reference: string) => payments.get(reference)?.state,
    /** A buyer pays. False: it can't be paid any more. */
    pay: (reference: string, amount?: number, currency?: string) => pay(named(reference), amount, currency),
    /** A buyer pays although it was closed: their clocks differ, or their word is late. */
    payAllTheSame: (reference: string) => {
      const payment = named(reference);
      if (payment.state === "closed") payment.state = "pending";
      return pay(payment);
    },
    /** What went back of a payment, by our names for it. */
    refunds: (reference: string) => [...(payments.get(reference)?.refunds.values() ?? [])],
    /** What it has for us of all payments, or of one: what was paid, less what went back. */
    holds: () => [...payments.values()].reduce((sum, one) => sum + held(one) - disputes.heldOf(one.reference), 0),
    holdsOf: (reference: string) => held(payments.get(reference)) - disputes.heldOf(reference),
    paidOf: (reference: string) => payments.get(reference)?.paid?.amount ?? 0,
    endSlowRefunds: (state: "refunded" | "failed") => {
      for (const { refunds } of payments.values())
        for (const one of refunds.values()) if (one.state === "pending") one.state = state;
    },
    /** Says that a refund which it had called done, or refused, has become something else, and tells. */
    turnRefund: (reference: string, refund: string, state: "refunded" | "failed") => {
      const payment = named(reference);
      const found = payment.refunds.get(refund);
      if (found === undefined) throw new Error(`the simulator knows no refund ${refund}`);
      found.state = state;
      tell(payment, "refund.updated", refund);
    },
    /** From now on it refuses every new refund of this payment, or no more. */
    setRefunding: (reference: string, isRefused: boolean) => {
      named(reference).isShut = isRefused;
    },
    /** Its disputes, and what becomes of them. */
    disputes,
    /** A payer disputes what was paid, or complains about it. Gives the dispute's name. */
    dispute: (reference: string, how?: Opening) => disputes.open(named(reference), how),
    /** From now on it keeps so many millionths of each payment. */
    keeps: (rate: number) => {
      ppm = rate;
    },
    /** From now on it is this moment there; or, without one, what it is here. */
    setTime: (at?: string) => {
      time = at;
    },
    /** All that it has booked. */
    movements,
    /** It books something beside payments: a fee, or what it pays out to our bank. */
    book: (one: Movement) => besides.push(one),
    /** From now on its statements are wrong like this. */
    setStatements: (...how: Wrong[]) => {
      wrongs = how;
    },
    setDown: (down: boolean) => {
      isDown = down;
    },
    /** From now on it tells nobody. */
    setSilent: (silent: boolean) => {
      isSilent = silent;
    },
    /** A signed notification about a payment, as it would send it. */
    notification: (reference: string, type?: string, refund?: string) =>
      sign(notice({ reference, refund }, type), credentials.webhookSecret),
    disputeNotification: (dispute: string) => sign(notice({ dispute }, "dispute.updated"), credentials.webhookSecret),
  };
  const desk = simulatedPages({
    payments: () => [...payments.values()],
    disputes,
    pay: (reference) => simulator.pay(reference),
    payLate: simulator.payAllTheSame,
    dispute: (reference) => simulator.dispute(reference),
  });
  return simulator;
}
