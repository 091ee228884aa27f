import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import type { Db, Item, Key } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { type Book, type Entry, kindOf, wrongLegs } from "./entries.ts";
import { readAccount } from "./lanes.ts";
import { pendingsIn } from "./model.ts";
import { asEntry } from "./stored.ts";
import { BOOKS, currenciesKey, entryPartitions } from "./table.ts";

type Deps = Db<"ledger">;

/** What is wrong in the books. `at`: an entry's name, or an account. */
export type BookDifference = { at: string; is: "damaged" | "unbalanced" | "twice" | "miscounted"; detail: string };

/** A page of a check: what its entries sum to, by account; their names; and what is wrong with one of them by itself. */
export type BookPage = {
  sums: Record<string, number>;
  /** What the sales of these entries took from the channel. */
  sold: number;
  names: string[];
  differences: BookDifference[];
  next: string | null;
};

/** What the counters of a channel's account say. */
export type Counters = { balance: number; posted: number; pendings: { key: string; amount: number }[] };

/**
 * Reads the books to which no channel's account leads: our own, those of suppliers, and those of channels without an account, whose
 * buyers have paid at a provider.
 */
export async function otherBooks(deps: Deps): Promise<Book[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.ledger,
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": BOOKS },
    ConsistentRead: true,
  });
  const books = items.map(({ sk }) => {
    const [owner = "", currency = ""] = String(sk).split("#");
    return { owner, currency };
  });
  const keys = books.map(({ owner, currency }) => currenciesKey(owner, currency));
  const accounts = await batchGet(deps.db, deps.tables.ledger, keys, true);
  const found = new Set(accounts.map(({ pk, sk }) => `${String(pk)} ${String(sk)}`));
  return books.filter((_, index) => !found.has(`${keys[index]?.pk} ${keys[index]?.sk}`));
}

/** Where a page of a book ended: the place of its partition among all of the book's, and the sort key there. */
export const PLACE_IN_BOOK = /^\d#.{0,300}$/;

/**
 * Reads a page of a book's items as they are stored, strongly, partition by partition. A page may be empty and not the
 * last one.
 */
async function readItems(
  deps: Deps,
  book: Book,
  limit: number,
  after: string | undefined,
): Promise<{ items: Item[]; next: string | null }> {
  const partitions = entryPartitions(book);
  const [index, sk] = after === undefined ? [0, ""] : [Number(after[0]), after.slice(2)];
  const pk = partitions[index];
  if (pk === undefined) return { items: [], next: null };
  const start: Partial<{ ExclusiveStartKey: Key }> = sk === "" ? {} : { ExclusiveStartKey: { pk, sk } };
  const page = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.ledger,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pk },
      ConsistentRead: true,
      Limit: limit,
      ...start,
    }),
  );
  const last = page.LastEvaluatedKey?.["sk"] as string | undefined;
  const isLast = index + 1 === partitions.length;
  const next = last !== undefined ? `${index}#${last}` : isLast ? null : `${index + 1}#`;
  return { items: page.Items ?? [], next };
}

/** Reads a page of a book's entries, partition by partition; in each of them the oldest first. */
export async function readEntries(
  deps: Deps,
  book: Book,
  limit: number,
  after?: string,
): Promise<{ entries: Entry[]; next: string | null }> {
  const { items, next } = await readItems(deps, book, limit, after);
  return { entries: items.map(asEntry), next };
}

/**
 * Checks a page of raw entries, each by itself, and sums them up. What only all pages together can tell, `wrongBook`
 * says.
 */
export async function checkEntries(deps: Deps, book: Book, limit: number, after?: string): Promise<BookPage> {
  const { items, next } = await readItems(deps, book, limit, after);
  const found: BookPage = { sums: {}, sold: 0, names: [], differences: [], next };
  for (const item of items) {
    const entry = readable(item);
    if (entry === undefined) {
      const at = String(item["sk"]).replace(/^[^#]*#/, "");
      found.differences.push({ at, is: "damaged", detail: "It does not say what an entry says." });
      continue;
    }
    found.names.push(entry.name);
    const wrong = wrongLegs(entry.legs) ?? (entry.currency === book.currency ? undefined : "another currency");
    if (wrong !== undefined) found.differences.push({ at: entry.name, is: "unbalanced", detail: `It has ${wrong}.` });
    for (const { account, amount } of entry.legs) {
      found.sums[account] = (found.sums[account] ?? 0) + amount;
      // A credit is what the channel has earned by the sale.
      if (kindOf(entry) === "sale" && account === `channel:${book.owner}`) found.sold += Math.max(0, amount);
    }
  }
  return found;
}

function readable(item: Item): Entry | undefined {
  try {
    return asEntry(item);
  } catch {
    return undefined;
  }
}

/** Reads what the counters of a channel's account say. Undefined: the book is not a channel's. */
export async function readCounters(deps: Deps, { owner, currency }: Book): Promise<Counters | undefined> {
  const account = await readAccount(deps, owner, currency);
  if (account === undefined) return undefined;
  const pendings = pendingsIn(account).map(({ key, pending }) => ({ key, amount: pending.amount }));
  return { balance: account.spendable - account.credit, posted: account.posted, pendings };
}

/**
 * Says what is wrong with a book, by all of its pages and by its counters, which were read after them. At a quiet moment
 * there is nothing; while orders are sold, a difference that the next look does not see was a sale in flight. Pure.
 */
export function wrongBook(
  { owner, currency }: Book,
  pages: readonly Omit<BookPage, "next">[],
  counters: Counters | undefined,
): BookDifference[] {
  const differences = pages.flatMap((page) => page.differences);
  const seen = new Set<string>();
  for (const name of pages.flatMap(({ names }) => names)) {
    if (seen.has(name)) differences.push({ at: name, is: "twice", detail: "One cause has two entries." });
    seen.add(name);
  }
  if (counters === undefined) return differences;
  const account = `channel:${owner}`;
  const booked = pages.reduce((sum, { sums }) => sum - (sums[account] ?? 0), 0);
  const sold = pages.reduce((sum, page) => sum + page.sold, 0);
  // A pending whose sale is booked is still to be dropped: it counts once.
  const waiting = new Map(counters.pendings.map(({ key, amount }) => [key, amount] as const));
  const all = counters.pendings.reduce((sum, { amount }) => sum + amount, 0);
  const inBoth = [...waiting].reduce((sum, [key, amount]) => sum + (seen.has(`sale:${key}`) ? amount : 0), 0);
  const said = counters.balance + all - inBoth;
  if (said !== booked)
    differences.push({
      at: account,
      is: "miscounted",
      detail: `The lanes say ${said} ${currency}, the entries ${booked}.`,
    });
  if (counters.posted + inBoth !== sold)
    differences.push({
      at: account,
      is: "miscounted",
      detail: `The lanes have posted ${counters.posted + inBoth} ${currency}, the entries sold ${sold}.`,
    });
  return differences;
}
