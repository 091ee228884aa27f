import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import type { Db, Key } from "../aws/dynamo.ts";
import { queryPages } from "../aws/query-pages.ts";
import { dayAfter } from "../kernel/clock.ts";
import { dayIn, startOfDay, type Zone } from "../ledger/day.ts";
import type { Book, Entry } from "../ledger/entries.ts";
import { asEntry } from "../ledger/stored.ts";
import { entryKey, entryPartitions, laterOf, oldEntryKey } from "../ledger/table.ts";
import { placeIn } from "./model.ts";

type Deps = Db<"ledger"> & { zone: Zone };

/**
 * Reads the entries that count on a day, in the order of the journal: by time, and then by name. `after`: the place behind which it begins.
 * It holds a page of each of the book's partitions at a time, whatever the day has.
 */
export async function* journalOf(
  deps: Deps,
  book: Book,
  day: string,
  after = "",
  limit?: number,
): AsyncGenerator<Entry> {
  const from = startOfDay(deps.zone, day);
  const to = startOfDay(deps.zone, dayAfter(day));
  const sources = [
    bookedLater(deps, book, day, after),
    ...entryPartitions(book).map((pk) =>
      partition(deps, pk, { day, from: after > from ? after : from, to, after }, limit),
    ),
  ];
  yield* merged(sources);
}

/** Merges sequences that are each in order into one. */
async function* merged(sources: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const heads = await Promise.all(sources.map((source) => source.next()));
  for (;;) {
    let first: { index: number; entry: Entry } | undefined;
    for (const [index, head] of heads.entries())
      if (head.done !== true && (first === undefined || placeIn(head.value) < placeIn(first.entry)))
        first = { index, entry: head.value };
    if (first === undefined) return;
    yield first.entry;
    const source = sources[first.index];
    if (source !== undefined) heads[first.index] = await source.next();
  }
}

type Bounds = { day: string; from: string; to: string; after: string };

async function* partition(
  deps: Deps,
  pk: string,
  { day, from, to, after }: Bounds,
  limit?: number,
): AsyncGenerator<Entry> {
  const pages = queryPages(deps.db, {
    TableName: deps.tables.ledger,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":pk": pk, ":from": from, ":to": to },
    ConsistentRead: true,
    ...(limit === undefined ? {} : { Limit: limit }),
  });
  for await (const page of pages)
    for (const entry of page.map(asEntry)) if (entry.day === day && placeIn(entry) > after) yield entry;
}

/** Reads the entries that count on this day and happened on another one, by their notes. */
async function* bookedLater(deps: Deps, book: Book, day: string, after: string): AsyncGenerator<Entry> {
  const pages = queryPages(deps.db, {
    TableName: deps.tables.ledger,
    KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
    ExpressionAttributeValues: { ":pk": laterOf(book), ":from": `${day}#${after}`, ":to": `${day}#~` },
    ConsistentRead: true,
  });
  for await (const page of pages) {
    const places = page.map(({ sk }) => String(sk).slice(day.length + 1));
    const keys = places.flatMap((place) => keysAt(book, place));
    const found = (await batchGet(deps.db, deps.tables.ledger, keys, true)).flatMap((item) =>
      item === undefined ? [] : [asEntry(item)],
    );
    const inOrder = found.toSorted((a, b) => (placeIn(a) < placeIn(b) ? -1 : 1));
    for (const entry of inOrder) if (placeIn(entry) > after) yield entry;
  }
}

function keysAt({ owner, currency }: Book, place: string): Key[] {
  const hash = place.indexOf("#");
  const entry = { currency, at: place.slice(0, hash), name: place.slice(hash + 1) };
  return [entryKey(owner, entry), oldEntryKey(owner, entry)];
}

/** Finds the first day after another one on which something counts that is booked by now. Undefined: there is none. */
export async function nextDayWithEntries(
  deps: Deps,
  book: Book,
  after: string | undefined,
): Promise<string | undefined> {
  const from = after === undefined ? "" : startOfDay(deps.zone, dayAfter(after));
  const [later, ...firsts] = await Promise.all([
    firstSort(deps, laterOf(book), after === undefined ? "" : dayAfter(after)),
    ...entryPartitions(book).map((pk) => firstOf(deps, pk, from)),
  ]);
  const days = [...(later === undefined ? [] : [later.slice(0, 10)]), ...firsts.filter((day) => day !== undefined)];
  return days.toSorted()[0];
}

async function firstSort(deps: Deps, pk: string, from: string): Promise<string | undefined> {
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk AND sk >= :from",
      ExpressionAttributeValues: { ":pk": pk, ":from": from === "" ? " " : from },
      ConsistentRead: true,
      Limit: 1,
    }),
  );
  const sk: unknown = page.Items?.[0]?.["sk"];
  return typeof sk === "string" ? sk : undefined;
}

/** Finds the first day of a partition's entries. What counts on a later day than it happened has a note, and is passed over. */
async function firstOf(deps: Deps, pk: string, from: string): Promise<string | undefined> {
  const pages = queryPages(deps.db, {
    TableName: deps.tables.ledger,
    KeyConditionExpression: "pk = :pk AND sk >= :from",
    ExpressionAttributeValues: { ":pk": pk, ":from": from === "" ? " " : from },
    ConsistentRead: true,
    Limit: 25,
  });
  for await (const page of pages) {
    const first = page.map(asEntry).find(({ day, at }) => day === dayIn(deps.zone, at));
    if (first !== undefined) return first.day;
  }
  return undefined;
}
