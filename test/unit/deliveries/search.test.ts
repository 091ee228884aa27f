import { expect, test } from "vitest";
import { contactFrom, referenceName, searchOrder } from "../../../shared/deliveries/search.ts";
import { recogniseWith } from "../../../shared/secrecy/recognition.ts";

test.each([
  ["anna@Example.COM ", "anna@example.com"],
  ["138 0013 8000", "+8613800138000"],
  ["１３８００１３８０００", "+8613800138000"],
  ["+49 (171) 123-4567", "+491711234567"],
  ["anna", undefined],
  ["1234", undefined],
  ["anna@", undefined],
  ["", undefined],
])("what people type for their address, %j, is read as %j", (typed, contact) => {
  expect(contactFrom(typed)).toBe(contact);
});

test("an order's number is named by a keyed hash, which is another one with another key", () => {
  const [one, other] = [1, 2].map((byte) => recogniseWith(Buffer.alloc(32, byte)));
  if (one === undefined || other === undefined) throw new Error("two");
  expect(referenceName(one, "A 1")).toBe(referenceName(one, "a1"));
  expect(referenceName(one, "A1")).not.toBe(referenceName(other, "A1"));
  expect(referenceName(one, "A1")).not.toBe(one("contact", "a1"));
});

test("a search makes one write and one message, whatever is looked for: it reads nothing that could tell", async () => {
  const calls: string[] = [];
  const db = { send: async ({ constructor: { name } }: object) => (calls.push(name), { Attributes: { guesses: 1 } }) };
  const deps = {
    db: db as never,
    tables: { operations: "operations" },
    clock: () => new Date(0),
    recognise: async () => recogniseWith(Buffer.alloc(32)),
    queue: async (search: object) => void calls.push(Object.keys(search).join(" ")),
  };
  await searchOrder(deps, { reference: "r", contact: "c" }, "192.0.2.1");
  expect(calls).toEqual(["UpdateCommand", "person reference"]);
});
