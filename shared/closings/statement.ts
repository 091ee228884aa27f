import type { Money } from "../kernel/money.ts";
import { channelAccount } from "../ledger/entries.ts";
import type { Closing } from "./model.ts";

/** A closed day of a channel's account, as the channel sees it: what comes to it is positive. */
export type DayStatement = Pick<Closing, "day" | "entries" | "hash" | "closedAt"> & {
  opening: Money;
  in: Money;
  out: Money;
  closing: Money;
};

/** Gives what a closing of a channel's book says of the channel's account. Its account is our debt, so a credit is money that comes to it. */
export function statementOf(closed: Closing): DayStatement {
  const { owner, currency, day, entries, hash, closedAt } = closed;
  const account = channelAccount(owner);
  const { debit, credit } = closed.movements[account] ?? { debit: 0, credit: 0 };
  const money = (amount: number): Money => ({ amount, currency });
  return {
    day,
    opening: money(0 - (closed.opening[account] ?? 0)),
    in: money(credit),
    out: money(debit),
    closing: money(0 - (closed.closing[account] ?? 0)),
    entries,
    hash,
    closedAt,
  };
}
