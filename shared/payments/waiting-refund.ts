import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Refund, RefundOutcome, RefundQueryOutcome } from "./contract.ts";

/** Our word for: the merchant has too little money at the provider. The refund goes back as soon as somebody has paid some in. */
export const BALANCE_TOO_LOW = "balance_too_low";

/**
 * Tells whether a refund waits for something that only a person can do: there is too little money at the provider, or the provider has not
 * taken it for a day, or works on it for two weeks. It is asked for again all the same. A refused one is a person's anyway. Pure.
 */
export function waitsForAPerson(
  { requestedAt }: Pick<Refund, "requestedAt">,
  outcome: RefundOutcome | RefundQueryOutcome,
  now: Date,
): boolean {
  const isOlderThan = (seconds: number): boolean => after(new Date(requestedAt), seconds) <= now.toISOString();
  switch (outcome.kind) {
    case "refunded":
    case "refused":
      return false;
    case "pending":
      return outcome.reason === BALANCE_TOO_LOW || isOlderThan(LIMITS.refundWorkedOnSeconds);
    case "not_sent":
      return outcome.reason === BALANCE_TOO_LOW || isOlderThan(LIMITS.refundNotTakenSeconds);
    case "unknown":
    case "never_heard":
      return isOlderThan(LIMITS.refundNotTakenSeconds);
  }
}
