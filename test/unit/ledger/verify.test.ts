import { expect, test } from "vitest";
import { type BookPage, type Counters, wrongBook } from "../../../shared/ledger/verify.ts";

const book = { owner: "chan_1", currency: "CNY" };
const page = (more: Partial<BookPage> = {}): BookPage => ({
  sums: { "channel:chan_1": -8_500, "platform:cash": 10_000, "platform:sales": -1_500 },
  sold: 1_500,
  names: ["deposit:R", "sale:ord_1@1"],
  differences: [],
  next: null,
  ...more,
});
const counters = (more: Partial<Counters> = {}): Counters => ({ balance: 8_500, posted: 1_500, pendings: [], ...more });

test("a book that adds up has no differences, also while a pending waits or its sale is booked and not yet posted", () => {
  expect(wrongBook(book, [page()], counters())).toEqual([]);
  const waiting = { balance: 8_000, pendings: [{ key: "ord_2@1", amount: 500 }] };
  expect(wrongBook(book, [page()], counters(waiting))).toEqual([]);
  const booked = { posted: 0, pendings: [{ key: "ord_1@1", amount: 1_500 }] };
  expect(wrongBook(book, [page()], counters(booked))).toEqual([]);
});

test.each([
  ["a fen more in the lanes than in the entries", [page()], counters({ balance: 8_501 }), "miscounted"],
  ["a sale that the lanes have not posted", [page()], counters({ posted: 0 }), "miscounted"],
  ["one cause on two pages", [page({ names: ["sale:ord_1@1"] }), page({ sums: {}, sold: 0 })], counters(), "twice"],
])("%s is found", (_what, pages, counted, is) => {
  expect(wrongBook(book, pages, counted)).toEqual([expect.objectContaining({ is })]);
});
