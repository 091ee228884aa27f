import { dayAfter } from "../kernel/clock.ts";
import type { Book } from "../ledger/entries.ts";
import type { Closing, Movement } from "./model.ts";
import { type ClosingDeps, lastClosingBefore, listClosings, readHead } from "./table.ts";

/**
 * A month of a book, added up from its closed days. `through`: the last of its days that is closed; `isOver`: that is the month's last day,
 * so nothing of it changes any more. `hash`: that of the last closed day on which something was booked, empty if there is none.
 */
export type Month = Pick<Closing, "owner" | "currency" | "opening" | "movements" | "closing" | "entries" | "hash"> & {
  month: string;
  through: string;
  isOver: boolean;
};

const MOST_DAYS = 31;

/** Gives the last day of a month, as 2026-02-28 of 2026-02. */
function lastDayOf(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const first = number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, "0")}-01`;
  return dayAfter(first, -1);
}

/** Adds up a month of a book. Undefined: no day of it is closed. Costs three reads. */
export async function readMonth(deps: ClosingDeps, book: Book, month: string): Promise<Month | undefined> {
  const [first, last] = [`${month}-01`, lastDayOf(month)];
  const head = await readHead(deps, book);
  if (head === undefined || head.through < first) return undefined;
  const { closings } = await listClosings(deps, book, { from: first, to: last, limit: MOST_DAYS });
  const before = await lastClosingBefore(deps, book, first);
  const opening = before?.closing ?? {};
  const ended = closings.at(-1) ?? before;
  const through = head.through < last ? head.through : last;
  return {
    ...book,
    month,
    through,
    isOver: through === last,
    opening,
    movements: sumOf(closings),
    closing: ended?.closing ?? {},
    entries: closings.reduce((sum, { entries }) => sum + entries, 0),
    hash: ended?.hash ?? "",
  };
}

function sumOf(closings: readonly Closing[]): Record<string, Movement> {
  const sums: Record<string, Movement> = {};
  for (const { movements } of closings)
    for (const [account, { debit, credit }] of Object.entries(movements)) {
      const before = sums[account] ?? { debit: 0, credit: 0 };
      sums[account] = { debit: before.debit + debit, credit: before.credit + credit };
    }
  return sums;
}
