import { dayAfter } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { BookDeps } from "../ledger/books.ts";
import { dayIn, startOfDay } from "../ledger/day.ts";
import type { Book } from "../ledger/entries.ts";
import { readAccount } from "../ledger/lanes.ts";
import { pendingsIn } from "../ledger/model.ts";
import { journalOf, nextDayWithEntries } from "./journal.ts";
import { adding, type Balances } from "./model.ts";
import { type Head, putClosing, putThrough, readClosing, readHead } from "./table.ts";

/** How a book stands: `closed` says how many days this call has closed. `waits`: since when money of an order has not been booked that belongs to a day that is over. */
export type Closed = { closed: number; through: string | undefined; waits?: string };

/**
 * Closes the days of a book that are over, one after the other, `closingsPerTurn` of them at most. A day is over an hour after it has ended:
 * whatever is booked by its date is written by then. An order's money may be booked later, by the day on which the order was paid; so a
 * day waits as long as the account has a pending from before its end. Safe to repeat, to interrupt, and to run twice at once: a closing is
 * put if the book stands where it was read.
 */
export async function closeBook(deps: BookDeps, book: Book, now: Date): Promise<Closed> {
  const last = lastDayOver(deps, now);
  let head = await readHead(deps, book);
  // A book that is closed costs one read.
  if ((head?.through ?? "") >= last) return { closed: 0, through: head?.through };
  const waits = await oldestPending(deps, book);
  const limit = waits === undefined ? last : earlier(last, dayAfter(dayIn(deps.zone, waits), -1));
  let closed = 0;
  while (closed < LIMITS.closingsPerTurn && (head?.through ?? "") < limit) {
    const day = await nextDayWithEntries(deps, book, head?.through);
    const isThrough = day === undefined || day > limit;
    const moved = await (isThrough ? putThrough(deps, book, limit, head) : closeDay(deps, book, day, head, now));
    // Who has closed a day meanwhile goes on with the book.
    if (moved === undefined) break;
    head = moved;
    if (!isThrough) closed += 1;
  }
  const isLate = waits !== undefined && dayIn(deps.zone, waits) <= last;
  return { closed, through: head?.through, ...(isLate ? { waits } : {}) };
}

async function closeDay(
  deps: BookDeps,
  book: Book,
  day: string,
  head: Head | undefined,
  now: Date,
): Promise<Head | undefined> {
  const before = head?.last;
  const opening: Balances = before === undefined ? {} : ((await readClosing(deps, book, before.day))?.closing ?? {});
  const sums = adding({ opening, hash: before?.hash ?? "" });
  for await (const entry of journalOf(deps, book, day)) sums.add(entry);
  const closing = { ...book, day, ...(before === undefined ? {} : { before }), ...sums.end() };
  return putClosing(deps, { ...closing, closedAt: now.toISOString() }, head);
}

/** Gives the newest day that has been over for an hour. */
function lastDayOver({ zone }: BookDeps, now: Date): string {
  const today = dayIn(zone, now.toISOString());
  const isOver = now.getTime() - Date.parse(startOfDay(zone, today)) >= LIMITS.closedAfterSeconds * 1000;
  return dayAfter(today, isOver ? -1 : -2);
}

const earlier = (a: string, b: string): string => (a < b ? a : b);

/** Says since when the oldest money of a channel is set aside and not booked. Undefined: there is none, or the book is not a channel's. */
async function oldestPending(deps: BookDeps, { owner, currency }: Book): Promise<string | undefined> {
  const account = owner.startsWith("chan_") ? await readAccount(deps, owner, currency) : undefined;
  return account === undefined
    ? undefined
    : pendingsIn(account)
        .map(({ pending }) => pending.at)
        .toSorted()[0];
}

/** Closes the days of all of these books, a few at once. What fails for one is told to `onFailed`, and stops none of the others. */
export async function closeBooks(
  deps: BookDeps,
  books: readonly Book[],
  now: Date,
  onFailed: (book: Book, error: unknown) => void,
): Promise<{ closed: number; late: number }> {
  const results = await inParallel(LIMITS.booksClosedAtOnce, books, async (book): Promise<Closed | undefined> => {
    try {
      return await closeBook(deps, book, now);
    } catch (error) {
      onFailed(book, error);
      return undefined;
    }
  });
  return {
    closed: results.reduce((sum, result) => sum + (result?.closed ?? 0), 0),
    late: results.filter((result) => result?.waits !== undefined).length,
  };
}
