import type { Money } from "../kernel/money.ts";
import { channelAccount } from "../ledger/entries.ts";
import type { Closing } from "./model.ts";
import type { Month } from "./month.ts";

/** What a channel's account had, what came, what went, and what it has then, as the channel sees it: what comes to it is positive. */
type Amounts = { opening: Money; in: Money; out: Money; closing: Money };

/** A closed day of a channel's account. */
export type DayStatement = Pick<Closing, "day" | "entries" | "hash" | "closedAt"> & Amounts;

/** Gives what a closing of a channel's book says of the channel's account. */
export function statementOf(closed: Closing): DayStatement {
  const { day, entries, hash, closedAt } = closed;
  return { day, ...amountsOf(closed), entries, hash, closedAt };
}

/** A month of a channel's account. */
export type MonthStatement = Pick<Month, "month" | "through" | "isOver" | "entries" | "hash"> & Amounts;

/** Gives what a month of a channel's book says of the channel's account. */
export function monthStatementOf(added: Month): MonthStatement {
  const { month, through, isOver, entries, hash } = added;
  return { month, through, isOver, ...amountsOf(added), entries, hash };
}

/** The channel's account is our debt, so a credit is money that comes to it. */
function amountsOf({
  owner,
  currency,
  opening,
  movements,
  closing,
}: Pick<Closing, "owner" | "currency" | "opening" | "movements" | "closing">): Amounts {
  const account = channelAccount(owner);
  const { debit, credit } = movements[account] ?? { debit: 0, credit: 0 };
  const money = (amount: number): Money => ({ amount, currency });
  return {
    opening: money(0 - (opening[account] ?? 0)),
    in: money(credit),
    out: money(debit),
    closing: money(0 - (closing[account] ?? 0)),
  };
}
