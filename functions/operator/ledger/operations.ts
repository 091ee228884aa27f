import * as z from "zod";
import { Currency } from "../../../shared/kernel/money.ts";
import { PLACE_IN_BOOK } from "../../../shared/ledger/verify.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Step } from "../fields.ts";
import { Book, BookCheck, Entry } from "./shown.ts";

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
} as const satisfies Operations;

/** What operators call about the books, by the functions that answer. */
export const functions = { operatorLedger } as const;
