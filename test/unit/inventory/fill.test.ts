import { type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type KnownLine, putSealed } from "../../../shared/inventory/fill.ts";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { invisibleIn } from "../../../shared/stock-files/invisible.ts";
import { refusalReasons } from "../../../shared/stock-files/refusals.ts";

type Writes = { TransactItems?: { Put?: { Item: { pk: string } }; Update?: { Key: { pk: string } } }[] };

/** A table that takes everything and knows nothing; what each transaction writes. */
function open() {
  const sizes: number[] = [];
  const send = async ({ input }: { input: Writes }) => {
    const items = input.TransactItems;
    if (items === undefined) return { Responses: {} };
    const keys = items.map(({ Put, Update }) => Put?.Item.pk ?? Update?.Key.pk ?? "fence");
    // Slots of one partition have one, and marks one each.
    const marks = keys.filter((key) => key.startsWith("fingerprint#"));
    expect(new Set(marks).size).toBe(marks.length);
    sizes.push(items.length);
    return {};
  };
  return { deps: { db: { send } as unknown as DynamoDBDocumentClient, tables: { inventory: "inventory" } }, sizes };
}

test("whatever its codes have, an import writes a hundred items at a time at most, and none of them twice", async () => {
  const code = fc.record({
    number: fc.option(fc.nat({ max: 600 })),
    secret: fc.nat({ max: 400 }),
    isShop: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(code, { maxLength: 500 }), fc.boolean(), async (codes, isFenced) => {
      const { deps, sizes } = open();
      const lines = codes.map(({ number, secret, isShop }, line): KnownLine => {
        const marks =
          number === null ? { fingerprint: `${secret}` } : { fingerprint: `${secret}/${number}`, twin: `${secret}` };
        return { line, expiresAt: NEVER, ...marks, ...(isShop ? { shop: marks } : {}) };
      });
      const sealed = { codeId: "code", sealed: new Uint8Array(), dataKey: new Uint8Array() };
      const fence = { ConditionCheck: { TableName: "t", Key: {}, ConditionExpression: "attribute_exists(pk)" } };
      const into = { productId: "prod_1", batchId: "batch_1", part: "", dryRun: false, isDone: false };
      const seal = async (some: KnownLine[]) => some.map((one) => ({ ...one, ...sealed }));
      const put = await putSealed(deps, isFenced ? { ...into, onlyWhile: fence } : into, lines, seal);
      if (put === "stopped") throw new Error("nobody stops it");
      expect(put.report.imported + put.report.refused.length).toBe(codes.length);
      for (const size of sizes) expect(size).toBeLessThanOrEqual(100);
    }),
  );
});

test("a segment of which every line is refused fits into an item, whatever the reason", () => {
  /** As DynamoDB counts: three for a map, one for each member and for the map in its list, names and texts, a number. */
  const sizeOf = (texts: Record<string, string>): number =>
    4 + "line".length + 6 + Object.entries(texts).reduce((sum, [name, text]) => sum + 1 + name.length + text.length, 0);
  const everyCharacter = Array.from({ length: 0x10000 }, (_, point) => invisibleIn(String.fromCodePoint(point)) ?? "");
  const character = everyCharacter.reduce((longest, one) => (one.length > longest.length ? one : longest));
  const longest = Math.max(
    ...refusalReasons.map((reason) => sizeOf({ reason })),
    sizeOf({ reason: "invisible_character", character }),
    sizeOf({ reason: "in_other_product", productId: `prod_${"x".repeat(26)}` }),
  );
  const slabs = LIMITS.importExpiries * 100;
  expect(LIMITS.segmentLines * longest + slabs + 200).toBeLessThan(400 * 1024);
});
