import * as z from "zod";
import { Currency } from "../../../shared/kernel/money.ts";
import { PLACE_IN_BOOK } from "../../../shared/ledger/verify.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { ClosedDays, Day, MonthOfYear, PLACE_IN_JOURNAL, PLACE_OF_DAY } from "../../statements.ts";
import { Step } from "../fields.ts";
import { Book, BookCheck, Closing, Entry, Month } from "./shown.ts";

const ofBook = z.strictObject({
  owner: z.string().regex(/^(platform|(chan|sup)_[0-9a-z]{20,26})$/, "must be a channel, a supplier, or platform"),
  currency: Currency,
});

const operatorLedger = {
  listBooks: {
    method: "GET",
    path: "/admin/v1/ledger/books",
    pages: /^chan_[0-9a-z]{20,26}$/,
    summary: "All books: of channels, of suppliers, and our own; each in one currency",
    query: Step,
    command: { is: "ledger books" },
    answer: { status: 200, description: "A page of books", schema: listOf(Book) },
    needs: { identityTable: ["Query"], ledgerTable: ["Query", "BatchGetItem"] },
  },
  listEntries: {
    method: "GET",
    path: "/admin/v1/ledger/books/{owner}/{currency}/entries",
    pages: PLACE_IN_BOOK,
    summary: "The entries of a book",
    description: "In no order between pages. A page may be short, even empty, and still have a `nextCursor`.",
    params: ofBook,
    query: Page,
    command: {
      is: "ledger export",
      summary: "Print the entries of all books, or those of some days, for Beancount or as CSV",
      options: { owner: false, currency: false, limit: false, cursor: false },
      own: "it reads all books, and writes them in another program's words",
    },
    answer: { status: 200, description: "A page of entries", schema: listOf(Entry) },
    needs: { ledgerTable: ["Query"] },
  },
  checkBook: {
    method: "GET",
    path: "/admin/v1/ledger/books/{owner}/{currency}/check",
    pages: PLACE_IN_BOOK,
    summary: "Check a page of a book's raw entries, and sum them up; with the last page, what the lanes count",
    params: ofBook,
    query: Step,
    command: {
      is: "ledger verify",
      summary:
        "Read every entry of all books, count them, and name every difference; changes nothing, exit code 1 if there are any",
      options: { owner: false, currency: false, cursor: false },
      own: "it reads all pages of all books, and adds up what no page alone can tell",
    },
    answer: { status: 200, description: "A page of the check", schema: BookCheck },
    needs: { ledgerTable: ["GetItem", "Query"] },
  },
  listClosings: {
    method: "GET",
    path: "/admin/v1/ledger/books/{owner}/{currency}/closings",
    pages: PLACE_OF_DAY,
    summary: "The closed days of a book on which something was booked, the oldest first",
    params: ofBook,
    query: ClosedDays,
    command: [
      {
        is: "statements list",
        summary: "Show the closed days of a book: what each account had, what moved, and what it has",
        options: {
          owner: { about: "a channel, a supplier, or platform" },
          currency: { about: "as CNY" },
          from: { about: "first day, as 2026-03-01" },
          to: { about: "last day" },
        },
        columns: ["day", "entries", "movements", "closing"],
      },
      {
        is: "statements verify",
        summary:
          "Compute every closed day again from the raw entries, and name those that differ; exit code 1 if any does",
        options: { owner: false, currency: false, from: false, to: false, limit: false, cursor: false },
        own: "it reads all entries and all closings of a book, and compares them",
      },
    ],
    answer: { status: 200, description: "A page of closed days", schema: listOf(Closing) },
    needs: { ledgerTable: ["Query"] },
  },
  getMonth: {
    method: "GET",
    path: "/admin/v1/ledger/books/{owner}/{currency}/months/{month}",
    summary: "A month of a book, added up from its closed days: what each account had, what moved, and what it has",
    params: ofBook.extend({ month: MonthOfYear }),
    command: {
      is: "statements month",
      options: {
        owner: { about: "a channel, a supplier, or platform" },
        currency: { about: "as CNY" },
        month: { about: "as 2026-03" },
      },
    },
    answer: { status: 200, description: "The month as far as it is closed", schema: Month },
    refusals: ["not_found"],
    needs: { ledgerTable: ["GetItem", "Query"] },
  },
  listJournal: {
    method: "GET",
    path: "/admin/v1/ledger/books/{owner}/{currency}/closings/{day}/entries",
    pages: PLACE_IN_JOURNAL,
    summary: "The journal of a closed day: its entries by time, as its hash counts them",
    params: ofBook.extend({ day: Day }),
    query: Page,
    command: {
      is: "statements export",
      summary: "Print the journal of closed days for another program: JSON, CSV, or Beancount",
      options: { owner: false, currency: false, day: false, limit: false, cursor: false },
      own: "it reads all days that are named, and writes them in another program's words",
    },
    answer: { status: 200, description: "A page of entries", schema: listOf(Entry) },
    refusals: ["not_found"],
    needs: { ledgerTable: ["GetItem", "BatchGetItem", "Query"] },
  },
} as const satisfies Operations;

/** What operators call about the books, by the functions that answer. */
export const functions = { operatorLedger } as const;
