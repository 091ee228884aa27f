import { type Db, putNew, transact, type Writes } from "../aws/dynamo.ts";
import { memory } from "../kernel/memory.ts";
import { dayIn, type Zone } from "./day.ts";
import type { Book, Booked } from "./entries.ts";
import { bookKey, entryItem, laterKey } from "./table.ts";

/** What it takes to book: the table, and the zone whose days the books are kept in. */
export type BookDeps = Db<"ledger"> & { zone: Zone };

/** A book is opened once, and a process asks once. */
const opened = memory<true>({ lastsMs: 3_600_000, most: 10_000 });

/** Notes that there is a book, before its first entry is written. By this note the book is found when all entries are read. */
export async function openBook(deps: Db<"ledger">, { owner, currency }: Book): Promise<void> {
  const name = `${deps.tables.ledger}/${owner}/${currency}`;
  if (opened.recall(name) !== undefined) return;
  await putNew(deps.db, deps.tables.ledger, { ...bookKey({ owner, currency }) });
  opened.note(name, true);
}

/**
 * Books an entry by itself, after its cause has come to pass for good: one write unit, where a transaction with its cause takes two and doubles
 * the price of that. The cause must stay on a list of what is due until this is done. The first of those who find it there counts, and
 * its entry counts on the day of its booking: the day of the cause may be closed by then.
 */
export async function bookOnce(deps: BookDeps, booked: Booked): Promise<void> {
  const { owner, entry } = booked;
  await openBook(deps, { owner, currency: entry.currency });
  const later = laterWrites(deps, booked);
  if (later.length === 0) await putNew(deps.db, deps.tables.ledger, entryItem(booked));
  // An entry without its note would be found on no day until somebody came again, and its day could be closed without it.
  else await transact(deps.db, [{ Put: newEntry(deps, booked) }, ...later]);
}

/** Makes the write of an entry that nobody has written yet. */
const newEntry = (deps: BookDeps, booked: Booked) => ({
  TableName: deps.tables.ledger,
  Item: entryItem(booked),
  ConditionExpression: "attribute_not_exists(pk)",
});

/**
 * Makes the writes that book entries together with what causes them, in one transaction; their books are opened before.
 * Each cause must come to pass once, because the writes replace what has their name.
 */
export async function bookingWrites(deps: BookDeps, booked: readonly Booked[]): Promise<Writes> {
  for (const { owner, entry } of booked) await openBook(deps, { owner, currency: entry.currency });
  return booked.flatMap((one) => [
    { Put: { TableName: deps.tables.ledger, Item: entryItem(one) } },
    ...laterWrites(deps, one),
  ]);
}

/** Makes the write that notes an entry which counts on another day than that of its cause. None: it counts on that day. */
export function laterWrites(deps: BookDeps, { owner, entry }: Booked): Writes {
  if (entry.day === dayIn(deps.zone, entry.at)) return [];
  return [
    { Put: { TableName: deps.tables.ledger, Item: { ...laterKey({ owner, currency: entry.currency }, entry) } } },
  ];
}
