import type { BookDeps } from "../ledger/books.ts";
import type { Book, Entry } from "../ledger/entries.ts";
import { journalOf } from "./journal.ts";
import { placeIn } from "./model.ts";
import { readClosing } from "./table.ts";

/**
 * Reads a page of the journal of a closed day, in the order in which its hash counts. `after`: where the page before ended. Undefined: the
 * day is not closed, or nothing was booked on it.
 */
export async function readJournal(
  deps: BookDeps,
  book: Book,
  day: string,
  limit: number,
  after?: string,
): Promise<{ entries: Entry[]; next: string | null } | undefined> {
  if ((await readClosing(deps, book, day)) === undefined) return undefined;
  const entries: Entry[] = [];
  for await (const entry of journalOf(deps, book, day, after, limit + 1)) {
    const last = entries.at(-1);
    if (entries.length === limit && last !== undefined) return { entries, next: placeIn(last) };
    entries.push(entry);
  }
  return { entries, next: null };
}
