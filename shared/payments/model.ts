import { idOf } from "../kernel/ids.ts";
import type { Charge, Checkout, Received, Refund } from "./contract.ts";
import type { DepositEnd } from "./deposit-states.ts";
import type { DisputeState } from "./dispute-contract.ts";
import type { Fee } from "./fee.ts";

/** A channel pays money in. `requestHash`: what it asked for under its key · `reference`: its own number for that. */
export type DepositPurpose = { kind: "deposit"; depositId: string; requestHash: string; reference?: string };

/** What a payment is for. Of an order it pays one epoch: a key that is tried again after a refusal is another purchase. */
export type Purpose =
  | { kind: "order"; orderId: string; epoch: number }
  | DepositPurpose
  /** A subscription goes on for another period. */
  | { kind: "renewal"; subscriptionId: string; period: number };

/**
 * A payment's state. `created`: written down, the provider may not know of it · `pending`: the payer can pay · `succeeded`: somebody
 * has paid, which is final · `failed`: the provider refused it · `closed`: nobody can pay any more.
 */
export const PAYMENT_STATES = ["created", "pending", "succeeded", "failed", "closed"] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** All legal moves. Money may come after we took a payment for over: the provider's word counts. */
export const PAYMENT_MOVES: Record<PaymentState, readonly PaymentState[]> = {
  created: ["created", "pending", "succeeded", "failed", "closed"],
  pending: ["pending", "succeeded", "failed", "closed"],
  // What becomes of the money is noted, and its refunds go on.
  succeeded: ["succeeded"],
  failed: ["failed", "succeeded"],
  closed: ["closed", "succeeded"],
};

/**
 * How a refund stands. `requested`: decided, the provider may not know of it · `pending`: the provider works on it · `refunded`: the
 * payer has it · `refused`: the provider can't give it back; a person has to · `retried`: a person has it tried again, by another name ·
 * `paid_elsewhere`: a person has paid it in another way · `charged_back`: the payer has it by a dispute that we lost, so it must not be given
 * back.
 */
export const REFUND_STATES = [
  "requested",
  "pending",
  "refunded",
  "refused",
  "retried",
  "paid_elsewhere",
  "charged_back",
] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** All legal moves of a refund. A provider may take back what it said: money that it called given back, or a no. */
export const REFUND_MOVES: Record<RefundState, readonly RefundState[]> = {
  requested: ["requested", "pending", "refunded", "refused", "charged_back"],
  pending: ["requested", "pending", "refunded", "refused"],
  refunded: ["refused"],
  refused: ["requested", "refunded", "retried", "paid_elsewhere", "charged_back"],
  // It was tried again, and meanwhile the first try has gone through after all.
  retried: ["refunded"],
  paid_elsewhere: [],
  // A bank may decide again about the dispute that paid it.
  charged_back: ["requested", "refused", "charged_back"],
};

export type PaymentRefund = Refund & {
  state: RefundState;
  asked: number;
  endedAt?: string;
  providerRefundId?: string;
  reason?: string;
  /** How often it was given back and came to nothing later. */
  bounced?: number;
  /** The refund that was refused, and in place of which it is tried. */
  insteadOf?: string;
};

/**
 * Why money goes back that nobody was given anything for. `second`: the order had its money already · `order_over`: the order was
 * cancelled, or could not be sold any more · `other_amount`, `other_currency`: not what was asked for · `nobody_waits`: there is
 * nothing that it is for.
 */
export const RETURN_REASONS = ["second", "order_over", "other_amount", "other_currency", "nobody_waits"] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];

/**
 * A dispute about a payment, as far as the payment must know it. `held`: what the provider has taken because of it and not given back.
 * `owed`: how much of that has paid what we owed the payer anyway.
 */
export type Disputed = { state: DisputeState; held: number; owed: number };

export type Payment = Omit<Charge, "expiresAt"> & {
  /** Rises with each change. Every change is conditional on it. */
  version: number;
  provider: string;
  /** Payments of one order and epoch are numbered. */
  attempt: number;
  state: PaymentState;
  expiresAt: string;
  /** What the provider keeps of it, by the contract of the moment when it was written down. Absent: nobody has said. */
  fee?: Fee;
  checkout?: Checkout;
  providerPaymentId?: string;
  /** Why it failed. */
  reason?: string;
  /** What was really paid. It is on the books from the write that says so here. */
  received?: Received;
  /** What became of the money: it counts for what it was paid for, or it goes back because of `returned`. */
  counted?: true;
  returned?: ReturnReason;
  refunds: Record<string, PaymentRefund>;
  /** Disputes and complaints about it, by our names for them. */
  disputes?: Record<string, Disputed>;
  /** Questions asked since its state changed last, and when it is due to be looked at. Absent: nothing is left to do. */
  asked: number;
  dueAt?: string;
  /** Of a deposit: the end of which its channel was told last. */
  told?: DepositEnd;
  correlationId?: string;
};

/** Payments of one order have ids made from it, so nobody has to list them. */
export const orderPaymentId = (orderId: string, epoch: number, attempt: number): string =>
  idOf("pay", orderId, String(epoch), String(attempt));

/** Tells whether a nonce of `fundedBy` is a payment's. Others are those of pendings. */
export const isPaymentId = (nonce: string): boolean => nonce.startsWith("pay_");

/** The id of a refund, from its cause: a repeat of the cause is the same refund. */
export const refundIdFor = (paymentId: string, cause: string): string => idOf("rfd", paymentId, cause);

/** Tells whether a payment is still to be begun, or begun again because nobody knows where it is paid. */
export const isToStart = ({ state, checkout }: Pick<Payment, "state" | "checkout">): boolean =>
  state === "created" || (state === "pending" && checkout === undefined);

export const isOver = ({ state }: Pick<Payment, "state">): boolean => state === "failed" || state === "closed";

/** Tells whether the payment is right: what was asked for was paid, in the same currency. */
export function wrongIn({ amount, received }: Payment): ReturnReason | undefined {
  if (received === undefined) return undefined;
  if (received.currency !== amount.currency) return "other_currency";
  return received.amount === amount.amount ? undefined : "other_amount";
}

/** A payment of which a refund was refused waits for a person. It is due at no time, and stands in the index behind all others. */
export const FOR_A_PERSON = "9999-12-31T23:59:59.999Z";

/** What can be done next for a payment. Whether the order wants it is the order's to say. */
export type PaymentStep =
  | { step: "ask" }
  | { step: "decide" }
  | { step: "refund"; refund: PaymentRefund }
  | { step: "ask_refund"; refund: PaymentRefund }
  /** The provider has taken the money of a refund itself, by a dispute: it must not be given back before that has ended. */
  | { step: "hold_back" }
  | { step: "wait" }
  | { step: "done" };

/**
 * Says the next step for a payment. Pure, so that the notification, the schedule and an operator all decide alike. `isHinted`: somebody
 * says that there is news, so the provider is asked now, whatever the time and even if we took the payment for over.
 */
export function planPayment(payment: Payment, now: Date, isHinted: boolean): PaymentStep {
  const { state, dueAt, counted, returned } = payment;
  const isDue = isHinted || (dueAt !== undefined && dueAt <= now.toISOString());
  if (state === "succeeded") {
    if (counted === undefined && returned === undefined) return { step: "decide" };
    const open = Object.values(payment.refunds)
      .filter(isOpenRefund)
      .toSorted((a, b) => a.id.localeCompare(b.id));
    if (open.length === 0) return { step: "done" };
    if (!isDue) return { step: "wait" };
    const refund = open.find((one) => one.state === "pending" || one.amount <= leftOf(payment));
    if (refund === undefined) return { step: "hold_back" };
    return refund.state === "requested" ? { step: "refund", refund } : { step: "ask_refund", refund };
  }
  if (isDue) return { step: "ask" };
  return { step: dueAt === undefined ? "done" : "wait" };
}

export const isOpenRefund = ({ state }: PaymentRefund): boolean => state === "requested" || state === "pending";

/** Gives what a provider still has for us of a payment: what went back, is on its way, or was taken by disputes is gone. */
export function leftOf({
  received,
  refunds,
  disputes = {},
}: Pick<Payment, "received" | "refunds" | "disputes">): number {
  const back = Object.values(refunds).filter(({ state }) => state === "refunded" || state === "pending");
  const gone = back.reduce((sum, { amount }) => sum + amount, 0);
  return (received?.amount ?? 0) - gone - Object.values(disputes).reduce((sum, { held }) => sum + held, 0);
}
