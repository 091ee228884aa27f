import type { Payment } from "./model.ts";

/**
 * How a deposit stands. `awaiting_payment`: pay it before its time is over · `paid`: it is in the balance · `returned`: what was paid was
 * not what was asked for, and goes back · `expired`: nobody has paid, and nobody can · `refused`: the provider does not take it ·
 * `reversed`: it was wrong, and was taken out of the balance again.
 */
export const DEPOSIT_STATES = ["awaiting_payment", "paid", "returned", "expired", "refused", "reversed"] as const;
export type DepositState = (typeof DEPOSIT_STATES)[number];

export function depositStateOf({ state, counted, returned, refunds }: Payment): DepositState {
  if (returned !== undefined) return "returned";
  if (counted === true) return Object.keys(refunds).length === 0 ? "paid" : "reversed";
  switch (state) {
    case "created":
    case "pending":
    // Whether it counts is decided within moments.
    case "succeeded":
      return "awaiting_payment";
    case "closed":
      return "expired";
    case "failed":
      return "refused";
  }
}

/** The states in which a deposit has come to an end. Its channel is told of each. A late payment may lead from one to another. */
export const DEPOSIT_ENDS = ["paid", "returned", "expired", "refused", "reversed"] as const;
export type DepositEnd = (typeof DEPOSIT_ENDS)[number];

/** Gives the end of a deposit of which nobody was told yet. Undefined: there is none, or the payment is no deposit. */
export function untoldEnd(payment: Payment): DepositEnd | undefined {
  if (payment.purpose.kind !== "deposit") return undefined;
  const state = depositStateOf(payment);
  return state === "awaiting_payment" || state === payment.told ? undefined : state;
}

/** Says since when somebody is to be told of it: a look that finds it due tells. */
export const untoldSince = (payment: Payment): string | undefined =>
  untoldEnd(payment) === undefined
    ? undefined
    : payment.state === "closed"
      ? payment.expiresAt
      : (payment.received?.at ?? payment.createdAt);
