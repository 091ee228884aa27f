import { isDeepStrictEqual } from "node:util";
import { adding, type Closing, placeIn } from "../../shared/closings/model.ts";
import type { Book, Entry } from "../../shared/ledger/entries.ts";
import { beancountOf, csvOfEntries } from "./beancount.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { allBooks, dayOf, ofBook, orRefused, pagesOf } from "./ledger-calls.ts";
import { WrongUsage } from "./wrong-usage.ts";

type Journal = { closing: Closing; entries: Entry[] };

const entriesIn = (journals: readonly Journal[]): Entry[] => journals.flatMap(({ entries }) => entries);

const FORMATS: Readonly<Record<string, (journals: readonly Journal[]) => unknown>> = {
  json: (journals) => journals,
  csv: (journals) => csvOfEntries(entriesIn(journals)),
  beancount: (journals) => beancountOf(entriesIn(journals)),
};

/** Gives the books that are named, or all of them. */
async function booksOf({ options: { owner, currency } }: Given, send: Send): Promise<Book[]> {
  const books = await allBooks(send);
  return books.filter((one) => (owner ?? one.owner) === one.owner && (currency ?? one.currency) === one.currency);
}

async function closingsOf(send: Send, book: Book, days: Record<string, string> = {}): Promise<Closing[]> {
  const closings: Closing[] = [];
  const query = { limit: "100", ...days };
  for await (const { data } of pagesOf<{ data: Closing[] }>(send, ofBook(book, "closings"), query))
    closings.push(...data);
  return closings;
}

/** Prints the journals of closed days as another program reads them. */
const exportJournals = (given: Given, send: Send): Promise<OperatorAnswer> => {
  const write = FORMATS[given.options["format"] ?? ""];
  if (write === undefined) throw new WrongUsage(`--format must be one of ${Object.keys(FORMATS).join(", ")}.`);
  const [from, to] = [dayOf(given, "from"), dayOf(given, "to")];
  const days = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return orRefused(async () => {
    const journals: Journal[] = [];
    for (const book of await booksOf(given, send))
      for (const closing of await closingsOf(send, book, days)) {
        const entries: Entry[] = [];
        const path = ofBook(book, `closings/${closing.day}/entries`);
        for await (const { data } of pagesOf<{ data: Entry[] }>(send, path, { limit: "100" })) entries.push(...data);
        journals.push({ closing, entries });
      }
    return write(journals);
  });
};

/** What is wrong with a closed day. `missing`: entries count on it, and it has no closing. */
type Wrong = Book & { day: string; is: "changed" | "broken_chain" | "missing"; detail: string };

const amountsOf = ({ opening, movements, closing, entries }: Closing) => ({ opening, movements, closing, entries });

/** Compares closings with the entries as they lie in the table, and each with the one before. */
function wrongIn(book: Book, closings: readonly Closing[], byDay: ReadonlyMap<string, Entry[]>): Wrong[] {
  const wrong: Wrong[] = [];
  let before: Closing | undefined;
  for (const closing of closings) {
    const { day } = closing;
    const isChained = closing.before?.hash === before?.hash && closing.before?.day === before?.day;
    if (!isChained)
      wrong.push({ ...book, day, is: "broken_chain", detail: "It does not follow the closing before it." });
    const sums = adding({ opening: before?.closing ?? {}, hash: before?.hash ?? "" });
    for (const entry of byDay.get(day) ?? []) sums.add(entry);
    const { hash, entries, ...amounts } = sums.end();
    if (hash !== closing.hash)
      wrong.push({
        ...book,
        day,
        is: "changed",
        detail: `It was closed with ${closing.entries} entries; there are ${entries}.`,
      });
    else if (!isDeepStrictEqual({ ...amounts, entries }, amountsOf(closing)))
      wrong.push({ ...book, day, is: "changed", detail: "Its amounts are not those of its entries." });
    before = closing;
  }
  const closed = new Set(closings.map(({ day }) => day));
  const last = before?.day ?? "";
  for (const [day, entries] of byDay)
    if (day < last && !closed.has(day))
      wrong.push({ ...book, day, is: "missing", detail: `${entries.length} entries count on it.` });
  return wrong;
}

/** Reads all entries of a book, by the day on which they count, in the order of the journal. */
async function entriesByDay(send: Send, book: Book): Promise<Map<string, Entry[]>> {
  const byDay = new Map<string, Entry[]>();
  for await (const { data } of pagesOf<{ data: Entry[] }>(send, ofBook(book, "entries"), { limit: "100" }))
    for (const entry of data) {
      const entries = byDay.get(entry.day);
      if (entries === undefined) byDay.set(entry.day, [entry]);
      else entries.push(entry);
    }
  for (const entries of byDay.values()) entries.sort((a, b) => (placeIn(a) < placeIn(b) ? -1 : 1));
  return byDay;
}

/** Computes every closing again from the raw entries, and prints what is wrong. */
const verify = (given: Given, send: Send): Promise<OperatorAnswer> =>
  orRefused(async () => {
    const books = await booksOf(given, send);
    const differences: Wrong[] = [];
    let closings = 0;
    for (const book of books) {
      const closed = await closingsOf(send, book);
      closings += closed.length;
      if (closed.length > 0) differences.push(...wrongIn(book, closed, await entriesByDay(send, book)));
    }
    return { books: books.length, closings, differences };
  });

const OF_BOOK = {
  owner: { local: true, about: "a channel, a supplier, or platform; unless said, all" },
  currency: { local: true, about: "as CNY; unless said, all" },
} as const;

/** What an operator does with closed days. */
export const statementCommands: Record<string, Command> = {
  "statements verify": { options: OF_BOOK, run: verify },
  "statements export": {
    options: {
      ...OF_BOOK,
      format: { required: true, local: true, about: "json, csv, or beancount", choices: Object.keys(FORMATS) },
      from: { local: true, about: "first day, as 2026-03-01" },
      to: { local: true, about: "last day" },
    },
    run: exportJournals,
  },
};
