import { setTimeout as wait } from "node:timers/promises";
import type { Book, Entry } from "../../shared/ledger/entries.ts";
import { type BookDifference, type BookPage, type Counters, wrongBook } from "../../shared/ledger/verify.ts";
import { beancountOf, csvOfEntries } from "./beancount.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { allBooks, dayOf, ofBook, orRefused, pagesOf } from "./ledger-calls.ts";
import { WrongUsage } from "./wrong-usage.ts";

type CheckPage = Omit<BookPage, "next"> & { counters?: Counters };

/** While orders are sold, money is between two places for moments: a difference counts that so many looks have seen. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 2_000;

type Checked = { entries: number; differences: BookDifference[] };

async function checkOnce(send: Send, book: Book): Promise<Checked> {
  const pages: CheckPage[] = [];
  for await (const page of pagesOf<CheckPage>(send, ofBook(book, "check"))) pages.push(page);
  const entries = pages.reduce((sum, { names }) => sum + names.length, 0);
  return { entries, differences: wrongBook(book, pages, pages.at(-1)?.counters) };
}

async function check(send: Send, book: Book): Promise<Checked> {
  let checked = await checkOnce(send, book);
  for (let look = 1; look < LOOKS && checked.differences.length > 0; look++) {
    await wait(BETWEEN_LOOKS_MS);
    checked = await checkOnce(send, book);
  }
  return checked;
}

/** Proves every book from its raw entries; prints how many there are, and what is wrong. */
const verify = (_given: Given, send: Send): Promise<OperatorAnswer> =>
  orRefused(async () => {
    const books = await allBooks(send);
    const differences: (Book & BookDifference)[] = [];
    let entries = 0;
    for (const book of books) {
      const checked = await check(send, book);
      entries += checked.entries;
      differences.push(...checked.differences.map((one) => ({ ...book, ...one })));
    }
    return { books: books.length, entries, differences };
  });

const FORMATS = { beancount: beancountOf, csv: csvOfEntries } as const;
const isFormat = (text: string): text is keyof typeof FORMATS => Object.hasOwn(FORMATS, text);

/** Prints all entries, or those of some days, as a book that other programs read. */
const exportBooks = (given: Given, send: Send): Promise<OperatorAnswer> => {
  const { format = "" } = given.options;
  if (!isFormat(format)) throw new WrongUsage(`--format must be ${Object.keys(FORMATS).join(" or ")}.`);
  const [from = "", to = "9999"] = [dayOf(given, "from"), dayOf(given, "to")];
  return orRefused(async () => {
    const entries: Entry[] = [];
    for (const book of await allBooks(send))
      for await (const { data } of pagesOf<{ data: Entry[] }>(send, ofBook(book, "entries"), { limit: "100" }))
        entries.push(...data.filter(({ day }) => day >= from && day <= to));
    return FORMATS[format](entries);
  });
};

/** What an operator does with the books. */
export const ledgerCommands: Record<string, Command> = {
  "ledger verify": { options: {}, run: verify },
  "ledger export": {
    options: {
      format: { required: true, local: true, about: "beancount, or csv", choices: Object.keys(FORMATS) },
      from: { local: true, about: "first day, as 2026-03-01" },
      to: { local: true, about: "last day" },
    },
    run: exportBooks,
  },
};
