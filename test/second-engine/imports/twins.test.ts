import { expect, test } from "vitest";
import { cancelImport } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { readImport } from "../../../shared/imports/table.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { before, fallAsleep, meanwhile, second } from "../../support/faults/meanwhile.ts";
import { importGround } from "../../support/imports/import-ground.ts";
import { sealText } from "../../support/imports/sealed.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// The same codes in two layouts, with their numbers and without; in one product and in several.

const { deps, begin, put, refusalsOf } = importGround((await sceneGround()).deps);
const always = () => true;
const alone = (codes: readonly string[]): string => ["secret", ...codes, ""].join("\n");
const numbered = (codes: readonly string[], from = 1): string =>
  ["number,secret", ...codes.map((code, index) => `N${from + index},${code}`), ""].join("\n");
const bring = (productId: string, text: string, more = {}) =>
  importCodes(deps, productId, text, { dryRun: false, ...more });

test.each([
  ["first with their numbers", numbered, alone],
  ["first without their numbers", alone, numbered],
])("a secret that comes in two layouts is in stock once: %s", async (_, first, then) => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  expect(await bring(productId, first(codes))).toMatchObject({ value: { imported: 60, refused: [] } });
  const again = await bring(productId, then(codes));
  const refused = codes.map((_code, index) => ({ line: index + 2, reason: "duplicate" }));
  expect(again).toMatchObject({ value: { imported: 0, refused } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 60, available: 60 });
});

test("one secret of several numbers is several codes, and their number and secret one", async () => {
  const productId = await codeProduct(deps);
  const [code = ""] = makeCodes(1);
  const same = Array.from({ length: 120 }, () => code);
  expect(await bring(productId, numbered(same))).toMatchObject({ value: { imported: 120, refused: [] } });
  const more = await bring(productId, numbered(same, 101));
  expect(more).toMatchObject({ value: { imported: 100, refused: { length: 20 } } });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("in one file the first of two such lines is taken", async () => {
  const productId = await codeProduct(deps);
  const [a, b] = makeCodes(2);
  const report = await bring(productId, `number,secret\n1,${a}\n,${a}\n,${b}\n2,${b}\n3,${a}\n`);
  const refused = [3, 5].map((line) => ({ line, reason: "duplicate_in_file" }));
  expect(report).toMatchObject({ value: { imported: 3, refused } });
});

test.each([
  ["with numbers", numbered],
  ["without numbers", alone],
])("the plain codes of another product are refused, and it is named: %s", async (_, layout) => {
  const [here, there] = [await codeProduct(deps), await codeProduct(deps)];
  const codes = makeCodes(40);
  await bring(there, numbered(codes));
  const wanted = codes.map((_code, index) => ({ line: index + 2, reason: "in_other_product", productId: there }));
  expect(await bring(here, layout(codes), { dryRun: true })).toMatchObject({ value: { refused: wanted } });
  expect(await bring(here, layout(codes))).toMatchObject({ value: { imported: 0, refused: wanted } });
  const importId = await begin(here, layout(codes));
  await runImport(deps, importId, always);
  expect(await refusalsOf(importId)).toEqual(wanted);
});

test("a product that shares its codes is compared with itself alone", async () => {
  const [here, there] = [await codeProduct(deps), await codeProduct(deps)];
  const codes = makeCodes(20);
  await bring(there, alone(codes));
  expect(await bring(here, alone(codes), { acrossShop: false })).toMatchObject({ value: { imported: 20 } });
  const twice = await bring(here, numbered(codes), { acrossShop: false });
  expect(twice).toMatchObject({ value: { imported: 0, refused: { length: 20 } } });
});

test("a sealed file is compared within its product, in both layouts", async () => {
  const [here, there] = [await codeProduct(deps), await codeProduct(deps)];
  const codes = makeCodes(30);
  await bring(here, alone(codes.slice(0, 10)));
  await bring(there, alone(codes));
  const { createImport, startImport } = await import("../../../shared/imports/requests.ts");
  const asked = { layout: Layout.parse({}), dryRun: false, sealed: true };
  const made = await createImport(deps, here, asked, "sealed");
  if (!made.ok) throw new Error(made.detail);
  const sealed = made.value.made;
  put(sealed.importId, await sealText(deps, sealed, numbered(codes)));
  await startImport(deps, sealed.importId);
  await runImport(deps, sealed.importId, always);
  expect(await readImport(deps, sealed.importId)).toMatchObject({ state: "finished", imported: 20, refused: 10 });
  const clear = await bring(here, alone(codes), { acrossShop: false });
  expect(clear).toMatchObject({ value: { imported: 0, refused: { length: 30 } } });
});

test("the same codes in two layouts at once, in two products: every secret is in stock once", async () => {
  for (let round = 0; round < 4; round++) {
    const products = [await codeProduct(deps), await codeProduct(deps)];
    const codes = makeCodes(90);
    const reports = await Promise.all(
      products.map((productId, at) =>
        bring(productId, at === 0 ? numbered(codes) : alone(codes.toReversed().slice(round))),
      ),
    );
    const imported = reports.map((report) => (report.ok ? report.value.imported : Number.NaN));
    expect((imported[0] ?? 0) + (imported[1] ?? 0)).toBe(90);
    expect(await violations(deps, { products })).toEqual([]);
  }
});

test("the same codes in two layouts at once, one of them between the other's look and its write", async () => {
  for (const [one, other] of [
    [numbered, alone],
    [alone, numbered],
    [numbered, (codes: readonly string[]) => `${numbered(codes)}\n`],
  ] as const) {
    const productId = await codeProduct(deps);
    const codes = makeCodes(30);
    const late = meanwhile(deps, before.codesGoIn, () => bring(productId, other(codes)));
    const report = await importCodes(late, productId, one(codes), { dryRun: false });
    expect(report).toMatchObject({ value: { imported: 0, refused: { length: 30 } } });
    expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 30, available: 30 });
  }
});

test.each([
  ["with numbers", numbered, alone],
  ["without numbers", alone, numbered],
])("undone, an import frees its codes in every layout and product: %s", async (_, layout, other) => {
  const [here, there] = [await codeProduct(deps), await codeProduct(deps)];
  const codes = makeCodes(70);
  const importId = await begin(here, layout(codes));
  await fallAsleep(deps, second(before.codesGoIn), (on) => runImport(on, importId, always));
  expect(await bring(there, other(codes), { dryRun: true })).not.toMatchObject({ value: { refused: [] } });
  await cancelImport(deps, importId);
  await runImport(deps, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  expect(await bring(there, other(codes))).toMatchObject({ value: { imported: 70, refused: [] } });
  expect(await bring(here, layout(codes))).toMatchObject({ value: { imported: 0, refused: { length: 70 } } });
});

test("undone, an import leaves what another one has under the same secret", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(30);
  const importId = await begin(productId, numbered(codes));
  await fallAsleep(deps, before.aSegmentIsNoted, (on) => runImport(on, importId, always));
  await bring(productId, numbered(codes, 101));
  await cancelImport(deps, importId);
  await runImport(deps, importId, always);
  expect(await bring(productId, alone(codes))).toMatchObject({ value: { imported: 0, refused: { length: 30 } } });
  expect(await bring(productId, numbered(codes))).toMatchObject({ value: { imported: 30, refused: [] } });
});
