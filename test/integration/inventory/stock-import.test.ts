import { expect, test } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { readSlotsOf, violations } from "../../support/orders/invariants.ts";
import { codeProduct, retire } from "../../support/orders/market.ts";
import { type Json, makeCodes, operate, stockProduct } from "../../support/orders/shop.ts";

// What goes into stock, and what the operator is told of what does not.

const deps = domain();

function csvOf(codes: readonly string[]): string {
  return ["secret", ...codes, ""].join("\n");
}

async function importFile(productId: string, csv: string): Promise<Json> {
  return operate(deployedStack(), { method: "POST", path: `/admin/v1/products/${productId}/stock-imports`, csv });
}

test("an import says of each bad line what is wrong with it, and takes the others", async () => {
  const { productId, codes: earlier } = await stockProduct(deployedStack(), 1);
  const [plain = "", quoted = "", dated = ""] = makeCodes(3);
  const lines = [
    "number,secret,expiresAt",
    `,${plain},`,
    `,${plain},`,
    `,${earlier[0]},`,
    "",
    ",,",
    "17,,",
    `,${dated},2031-02-30`,
    `,${dated},next year`,
    `,${dated},2020-01-01`,
    `,${"X".repeat(10 * 1024)},`,
    plain,
    `1,${plain},2031-01-01,more`,
    `,A"${plain},`,
    `,${plain.slice(0, 8)}\u0007${plain.slice(8)},`,
    `"42","${quoted} ""by hand""",2031-01-01`,
    `43,${dated},2031-01-01T12:00:00+08:00`,
  ];
  // As a spreadsheet saves it: byte order mark, CRLF.
  const report = await importFile(productId, `\uFEFF${lines.join("\r\n")}\r\n`);
  expect(report).toMatchObject({
    imported: 3,
    present: 0,
    refused: [
      { line: 3, reason: "duplicate_in_file" },
      { line: 4, reason: "duplicate" },
      { line: 7, reason: "secret_missing" },
      { line: 8, reason: "bad_date" },
      { line: 9, reason: "bad_date" },
      { line: 10, reason: "expired" },
      { line: 11, reason: "secret_too_long" },
      { line: 12, reason: "wrong_columns" },
      { line: 13, reason: "wrong_columns" },
      { line: 14, reason: "bad_quotes" },
      { line: 15, reason: "control_characters" },
    ],
  });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 4, available: 4 });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("the same file twice adds nothing, and says that all of it is there", async () => {
  const productId = await codeProduct(deps);
  const file = csvOf(makeCodes(3));
  expect(await importFile(productId, file)).toMatchObject({ imported: 3, present: 0, refused: [] });
  expect(await importFile(productId, file)).toMatchObject({ imported: 0, present: 3, refused: [] });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 3, available: 3 });
});

test("a dry run reports and changes nothing", async () => {
  const productId = await codeProduct(deps);
  const [code = ""] = makeCodes(1);
  const dry = await importCodes(deps, productId, csvOf([code, code, ""]), { dryRun: true });
  expect(dry).toMatchObject({ ok: true, value: { imported: 1, refused: [{ line: 3 }] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 0 });
  expect(await readSlotsOf(deps, productId)).toEqual([]);
});

test("two files that overlap, imported at once: every code is in stock once", async () => {
  for (let round = 0; round < 5; round++) {
    const productId = await codeProduct(deps);
    const codes = makeCodes(120);
    const reports = await Promise.all(
      [codes.slice(0, 80), codes.slice(30)].map((some) => importCodes(deps, productId, csvOf(some), { dryRun: false })),
    );
    const values = reports.map((report) => (report.ok ? report.value : { imported: -1, refused: [] }));
    expect(values.reduce((sum, { imported }) => sum + imported, 0)).toBe(120);
    expect(values.flatMap(({ refused }) => refused.map(({ reason }) => reason))).toEqual(
      Array.from({ length: 50 }, () => "duplicate"),
    );
    expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 120, available: 120 });
    expect(await violations(deps, { products: [productId] })).toEqual([]);
    await retire(deps, productId);
  }
});

test("one file imported twice at once: every code is in stock once, if need be after another try", async () => {
  for (let round = 0; round < 5; round++) {
    const productId = await codeProduct(deps);
    const file = csvOf(makeCodes(110));
    const run = () => importCodes(deps, productId, file, { dryRun: false });
    await Promise.allSettled([run(), run()]);
    expect(await run()).toEqual({ ok: true, value: { imported: 0, present: 110, refused: [] } });
    expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 110, available: 110 });
    expect(await violations(deps, { products: [productId] })).toEqual([]);
    await retire(deps, productId);
  }
});
