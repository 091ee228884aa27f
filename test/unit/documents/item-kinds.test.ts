import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { itemKinds } from "../../support/scenes/item-kinds.ts";

/** The rows of the tables under *Items*: table, kind, keys, and what ends it. */
const told = globSync("shared/*/README.md")
  .flatMap((file) => [
    ...readFileSync(file, "utf8").matchAll(
      /^\| (\w+) \| ([^|]+) \| `([^`]+)`[^|]*? · `([^`]+)`[^|]* \| (time to live|kept) \|/gm,
    ),
  ])
  .map(([, table = "", kind = "", pk = "", sk = "", end = ""]) => ({ table, kind, pk, sk, end }));

const named = (kinds: readonly { table: string; kind: string; end: string }[]): string[] =>
  kinds.map(({ table, kind, end }) => `${table}: ${kind}, ${end}`).toSorted();

test("the domains' READMEs say of each kind of item in which table it lies and what ends it", () => {
  expect(named(told)).toEqual(named(itemKinds));
});

test.each(told)("$kind has the keys that its README says: $pk and $sk", ({ table, kind, pk, sk }) => {
  const known = itemKinds.find((one) => one.table === table && one.kind === kind);
  expect([pk, sk]).toEqual([expect.stringMatching(known?.pk ?? /^$/), expect.stringMatching(known?.sk ?? /^$/)]);
});
