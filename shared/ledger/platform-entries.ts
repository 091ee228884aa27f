import type { Db } from "../aws/dynamo.ts";
import { queryAll, queryPages } from "../aws/query-pages.ts";
import { type Entry, PLATFORM } from "./entries.ts";
import { asEntry } from "./stored.ts";
import { BOOKS, bookKey, entryPartitions } from "./table.ts";

type Deps = Db<"ledger">;

/** Reads the currencies of our own book. */
export async function platformCurrencies(deps: Deps): Promise<string[]> {
  const { sk: prefix } = bookKey({ owner: PLATFORM, currency: "" });
  const items = await queryAll(deps.db, {
    TableName: deps.tables.ledger,
    KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
    ExpressionAttributeValues: { ":pk": BOOKS, ":prefix": prefix },
    ConsistentRead: true,
  });
  return items.map(({ sk }) => String(sk).slice(prefix.length));
}

/**
 * Goes through the entries of our own book in one currency whose causes happened from one moment until before another, in no order. Each
 * shard is read a page at a time, so a day of any length takes little memory. Costs half a read unit for each 4 KB: 100,000 payments are
 * some 6,000 units.
 */
export async function* platformEntries(
  deps: Deps,
  currency: string,
  { from, to }: { from: string; to: string },
): AsyncGenerator<Entry> {
  for (const pk of entryPartitions({ owner: PLATFORM, currency })) {
    const pages = queryPages(deps.db, {
      TableName: deps.tables.ledger,
      // What happened at `to` sorts behind it, because a name follows.
      KeyConditionExpression: "pk = :pk AND sk BETWEEN :from AND :to",
      ExpressionAttributeValues: { ":pk": pk, ":from": from, ":to": to },
    });
    for await (const page of pages) yield* page.map(asEntry);
  }
}
