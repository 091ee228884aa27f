import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { itemKinds } from "../support/item-kinds.ts";

test("ARCHITECTURE.md says of each kind of item what ends it", () => {
  const rows = readFileSync("ARCHITECTURE.md", "utf8").matchAll(/^\| (\w+) \| ([^|]+) \| (time to live|kept) \|/gm);
  const told = [...rows].map(([, table, kind, end]) => ({ table, kind, end }));
  expect(told).toEqual(itemKinds.map(({ table, kind, end }) => ({ table, kind, end })));
});
