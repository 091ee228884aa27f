import type { Item, Key } from "../aws/dynamo.ts";
import type { Account, Entry } from "./model.ts";

export const accountKey = (channelId: string, currency: string): Key => ({
  pk: `account#${channelId}#${currency}`,
  sk: "account",
});

/** A channel's entries lie in the order of their times; the name makes them unique. */
export const entryKey = (channelId: string, entry: Pick<Entry, "currency" | "at" | "name">): Key => ({
  pk: `entries#${channelId}#${entry.currency}`,
  sk: `${entry.at}#${entry.name}`,
});

/** Deposits have no time of their own to be found by, so their reference has an item. */
export const depositKey = (channelId: string, reference: string): Key => ({
  pk: `deposit#${channelId}`,
  sk: reference,
});

export const currenciesKey = (channelId: string, currency: string): Key => ({
  pk: `accounts#${channelId}`,
  sk: currency,
});

export const asAccount = (item: Item): Account => item as unknown as Account;
export const asEntry = (item: Item): Entry => {
  const { pk: _pk, sk: _sk, ...entry } = item;
  return entry as unknown as Entry;
};
