import type { Db } from "../../../shared/aws/dynamo.ts";
import type { Entry } from "../../../shared/ledger/entries.ts";
import { asEntry } from "../../../shared/ledger/stored.ts";
import { entryPartitions } from "../../../shared/ledger/table.ts";
import { type BookPage, checkEntries, otherBooks, readCounters, wrongBook } from "../../../shared/ledger/verify.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { queryAll } from "../engine/query-all.ts";

// What must be true of the books at any quiet moment. Each check gives what is wrong, in words.

/** What a check of the raw entries says of a channel's book, and of all that are not a channel's. */
export async function wrongBooks(deps: Db<"ledger">, channelId: string, currency: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const book of [{ owner: channelId, currency }, ...(await otherBooks(deps))]) {
    const pages: BookPage[] = [];
    // Small pages, so that a book has several. Our own book grows with every scene, and every scene reads it.
    const size = book.owner === channelId ? 7 : 200;
    for (let after: string | undefined; ; after = pages.at(-1)?.next ?? undefined) {
      pages.push(await checkEntries(deps, book, size, after));
      if (pages.at(-1)?.next === null) break;
    }
    const counters = book.owner === channelId ? await readCounters(deps, book) : undefined;
    wrong.push(...wrongBook(book, pages, counters).map(({ at, is, detail }) => `${book.owner} ${at} ${is}: ${detail}`));
  }
  return wrong;
}

export async function otherEntries(deps: Db<"ledger">): Promise<Entry[]> {
  const books = await otherBooks(deps);
  return (await Promise.all(books.map(({ owner, currency }) => readEntries(deps, owner, currency)))).flat();
}

/** What the books say that an order's codes have cost is what its lines say, of those that have not come back. */
export function costsWhatItCost({ id, lines, cases = [] }: Order, entries: readonly Entry[]): string[] {
  const booked = new Map<string, number>();
  const ofCases = new Set(cases.map((one) => one.id));
  const isOfCase = (name: string): boolean =>
    /^(defect|replacement):/.test(name) && ofCases.has(name.slice(name.indexOf(":") + 1, name.indexOf("#")));
  for (const { name, currency, legs } of entries)
    if ((/^(sale|cost|refund|return):/.test(name) && name.includes(`:${id}@`)) || isOfCase(name))
      for (const { account, amount } of legs)
        if (account === "platform:cost") booked.set(currency, (booked.get(currency) ?? 0) + amount);
  for (const { state, cost = [], back, quantity, swapped } of lines) {
    const isAllBack = state === "returned" && back?.pieces !== quantity;
    for (const { amount, currency } of isAllBack ? [] : [...cost, ...(swapped?.cost ?? [])])
      booked.set(currency, (booked.get(currency) ?? 0) - amount);
    for (const { amount, currency } of isAllBack ? [] : (back?.cost ?? []))
      booked.set(currency, (booked.get(currency) ?? 0) + amount);
  }
  return [...booked].flatMap(([currency, off]) =>
    off === 0 ? [] : [`${id}: the cost booked is ${off} ${currency} off`],
  );
}

/** Each purchase that a supplier delivered is booked once, as its attempt says; one that was taken back is booked back. */
export function purchasesAreBooked({ id, lines }: Order, entries: readonly Entry[]): string[] {
  return lines
    .flatMap(({ attempt, history = [] }) => [...history, ...(attempt === undefined ? [] : [attempt])])
    .flatMap(({ reference, booked }) => {
      const names = entries.map(({ name }) => name).filter((name) => name.endsWith(`:${reference}`));
      const should = [
        ...(booked === undefined ? [] : [`purchase:${reference}`]),
        ...(booked?.backAt === undefined ? [] : [`reversal:${reference}`]),
      ];
      return names.toSorted().join() === should.join() ? [] : [`${id}: ${names} are booked, not ${should}`];
    });
}

/** What entries have taken from our sales, whoever paid: negative for what was sold. */
export const soldBy = (_channelId: string, entries: readonly Entry[]): number =>
  entries
    .flatMap(({ legs }) => legs)
    .reduce((sum, { account, amount }) => (account === "platform:sales" ? sum + amount : sum), 0);

/** What sales have brought a channel as its margin, less what refunds took back of it. */
export function earnedBy(channelId: string, entries: readonly Entry[]): number {
  let earned = 0;
  for (const { name, legs } of entries)
    for (const { account, amount } of legs)
      if (account === `channel:${channelId}`)
        earned -= name.startsWith("sale:") ? Math.min(0, amount) : Math.max(0, amount);
  return earned;
}

/** What a channel has gained by these entries. */
export const gainOf = (channelId: string, entries: readonly Entry[]): number =>
  entries
    .flatMap(({ legs }) => legs)
    .reduce((sum, { account, amount }) => (account === `channel:${channelId}` ? sum - amount : sum), 0);

/** All that a book says, oldest first. */
export async function readEntries(deps: Db<"ledger">, owner: string, currency = "CNY"): Promise<Entry[]> {
  const shards = entryPartitions({ owner, currency }).map((pk) => queryAll(deps, deps.tables.ledger, { pk }));
  const entries = (await Promise.all(shards)).flat().map(asEntry);
  return entries.sort((a, b) => (`${a.at}#${a.name}` < `${b.at}#${b.name}` ? -1 : 1));
}
