import { expect, test } from "vitest";
import * as z from "zod";
import { DamagedItem, stored } from "../../../shared/aws/stored.ts";

const cards = stored("card", z.object({ name: z.string(), price: z.object({ amount: z.int() }) }), 1);
const key = { pk: "cards", sk: "c1" };
const card = { name: "One", price: { amount: 5 } };

test("an item is written with its key and its version, and read without them", () => {
  const item = cards.write(key, card, { requestHash: "h" });
  expect(item).toEqual({ ...key, v: 1, ...card, requestHash: "h" });
  expect(cards.read(item)).toEqual(card);
  expect(cards.find(undefined)).toBeUndefined();
});

test("an item that was written before there were versions is of version 1", () => {
  expect(cards.read({ ...key, ...card })).toEqual(card);
});

test.each([
  ["a field that is missing", { name: "SECRET-1" }, "card cards c1: price"],
  ["a field of another kind", { ...card, name: 7 }, "card cards c1: name"],
  ["a field within a field", { ...card, price: { amount: "SECRET-2" } }, "card cards c1: price"],
  ["a version that nobody knows yet", { ...card, v: 2 }, "card cards c1: v"],
])("%s is an error that names kind, key and field, and no value", (_, item, message) => {
  const reading = () => cards.read({ ...key, ...item });
  expect(reading).toThrow(DamagedItem);
  expect(reading).toThrow(new RegExp(`^${message}$`));
});
