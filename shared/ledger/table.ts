import type { Item, Key } from "../aws/dynamo.ts";
import { spread } from "../kernel/ids.ts";
import type { Book, Booked, Entry } from "./entries.ts";
import type { Lane, LaneName } from "./model.ts";
import { entries } from "./stored.ts";

/** The key of a lane. The first lane is the item that an account without lanes is. */
export const laneKey = ({ channelId, currency, lane }: LaneName): Key => ({
  pk: lane === 0 ? `account#${channelId}#${currency}` : `account#${channelId}#${currency}#${lane}`,
  sk: "account",
});

/**
 * A partition key takes a thousand write units a second, and each sale writes an entry of one unit: eight shards take
 * eight thousand sales.
 */
const ENTRY_SHARDS = 8;

const entriesOf = ({ owner, currency }: Book): string => `entries#${owner}#${currency}`;

/**
 * The key of an entry. Entries are sorted by time; the name makes the key unique. The name also chooses the shard, so
 * an entry that is written again meets itself.
 */
export const entryKey = (owner: string, entry: Pick<Entry, "currency" | "at" | "name">): Key => ({
  pk: `${entriesOf({ owner, currency: entry.currency })}#${spread(entry.name, ENTRY_SHARDS)}`,
  sk: `${entry.at}#${entry.name}`,
});

/** The key of an entry that was written before there were shards. */
export const oldEntryKey = (owner: string, entry: Pick<Entry, "currency" | "at" | "name">): Key => ({
  ...entryKey(owner, entry),
  pk: entriesOf({ owner, currency: entry.currency }),
});

/** Every partition key under which entries of a book may lie. */
export const entryPartitions = (book: Book): string[] => [
  entriesOf(book),
  ...Array.from({ length: ENTRY_SHARDS }, (_, shard) => `${entriesOf(book)}#${shard}`),
];

/** The item to be written for an entry. */
export const entryItem = ({ owner, entry }: Booked): Item => entries.write(entryKey(owner, entry), entry);

/** Where the notes of a book stand that find what was booked on another day than it happened. */
export const laterOf = ({ owner, currency }: Book): string => `booked-later#${owner}#${currency}`;

/**
 * The key of a note of an entry that counts on a later day than its key says. Entries lie by the time of their cause, so without the note
 * nobody who reads a day would meet it.
 */
export const laterKey = (book: Book, { day, at, name }: Pick<Entry, "day" | "at" | "name">): Key => ({
  pk: laterOf(book),
  sk: `${day}#${at}#${name}`,
});

/** The list of books that are not a channel's. A channel's are found by its accounts. */
export const BOOKS = "books";
export const bookKey = ({ owner, currency }: Book): Key => ({ pk: BOOKS, sk: `${owner}#${currency}` });

/** The key of a deposit. An item of its own, because a deposit is found by its reference and not by a time. */
export const depositKey = (channelId: string, reference: string): Key => ({
  pk: `deposit#${channelId}`,
  sk: reference,
});

export const currenciesKey = (channelId: string, currency: string): Key => ({
  pk: `accounts#${channelId}`,
  sk: currency,
});

export const asLane = (item: Item): Lane => item as unknown as Lane;
