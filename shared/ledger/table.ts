import type { Item, Key } from "../aws/dynamo.ts";
import { spread } from "../kernel/ids.ts";
import type { AccountName, Entry, Lane, LaneName } from "./model.ts";

/** The first lane is the item that an account without lanes is. */
export const laneKey = ({ channelId, currency, lane }: LaneName): Key => ({
  pk: lane === 0 ? `account#${channelId}#${currency}` : `account#${channelId}#${currency}#${lane}`,
  sk: "account",
});

/** A partition key takes a thousand write units a second, and each sale writes an entry of one: eight are enough for eight thousand. */
const ENTRY_SHARDS = 8;

const entriesOf = ({ channelId, currency }: AccountName): string => `entries#${channelId}#${currency}`;

/**
 * The entries of an account lie in the order of their times; the name makes them unique. They are spread over shards by the name,
 * so an entry that is written again meets itself.
 */
export const entryKey = (channelId: string, entry: Pick<Entry, "currency" | "at" | "name">): Key => ({
  pk: `${entriesOf({ channelId, currency: entry.currency })}#${spread(entry.name, ENTRY_SHARDS)}`,
  sk: `${entry.at}#${entry.name}`,
});

/** Where entries were put before there were shards. */
export const oldEntryKey = (channelId: string, entry: Pick<Entry, "currency" | "at" | "name">): Key => ({
  ...entryKey(channelId, entry),
  pk: entriesOf({ channelId, currency: entry.currency }),
});

/** Every partition key that entries of the account may lie under. */
export const entryPartitions = (account: AccountName): string[] => [
  entriesOf(account),
  ...Array.from({ length: ENTRY_SHARDS }, (_, shard) => `${entriesOf(account)}#${shard}`),
];

/** Deposits have no time of their own to be found by, so their reference has an item. */
export const depositKey = (channelId: string, reference: string): Key => ({
  pk: `deposit#${channelId}`,
  sk: reference,
});

export const currenciesKey = (channelId: string, currency: string): Key => ({
  pk: `accounts#${channelId}`,
  sk: currency,
});

export const asLane = (item: Item): Lane => item as unknown as Lane;
export const asEntry = (item: Item): Entry => {
  const { pk: _pk, sk: _sk, ...entry } = item;
  return entry as unknown as Entry;
};
