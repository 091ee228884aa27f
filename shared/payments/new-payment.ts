import { LIMITS } from "../kernel/limits.ts";
import { feeIn } from "./fee.ts";
import type { Payment } from "./model.ts";
import { type Chosen, payerIn } from "./payer.ts";
import { nextQuestion } from "./record.ts";

/** What is said of a payment before it is begun. */
type Said = Omit<Payment, "version" | "state" | "fee" | "createdAt" | "refunds" | "asked" | "dueAt">;

/** Makes a payment as it is written down before its provider hears of it, with the fee that the provider takes now. */
export function newPayment<S extends Said>(
  said: S,
  { fees, ...payer }: Pick<Chosen, "fees"> & Parameters<typeof payerIn>[0],
  now: Date,
) {
  const fee = feeIn(fees, said.amount.currency);
  return {
    ...said,
    ...payerIn(payer),
    ...(fee === undefined ? {} : { fee }),
    version: 1,
    state: "created" as const,
    createdAt: now.toISOString(),
    refunds: {},
    asked: 0,
    dueAt: nextQuestion(0, now),
  };
}

/** Cuts what a payer reads about the goods to the length that every provider takes; `end` stays whole. */
export const described = (text: string, end = ""): string =>
  Array.from(text)
    .slice(0, LIMITS.paymentDescription - end.length)
    .join("") + end;
