import { expect, test } from "vitest";
import { listBatches } from "../../../shared/inventory/batches.ts";
import { closeBatch, voidExpired } from "../../../shared/inventory/closing.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { otherEntries, wrongBooks } from "../../support/orders/books.ts";
import { codeProduct, draw } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What is void can't be sold any more: what it has cost us is no stock but an expense, once.

const { deps } = await sceneGround();

const inStock = async (): Promise<number> =>
  (await otherEntries(deps))
    .flatMap(({ legs }) => legs)
    .reduce((sum, { account, amount }) => (account === "platform:stock" ? sum + amount : sum), 0);

const batchOf = async (productId: string): Promise<string> =>
  (await listBatches(deps, productId, undefined)).batches[0]?.batchId ?? "";

async function stocked(codes: readonly string[], amount: number, expiresAt = "") {
  const productId = await codeProduct(deps);
  const rows = codes.map((code) => `${code},${expiresAt}`);
  const cost = { unitCost: { amount, currency: "CNY" } };
  const file = ["secret,expiresAt", ...rows, ""].join("\n");
  valueOf(await importCodes(deps, productId, file, { dryRun: false, cost }));
  return { productId, batchId: await batchOf(productId) };
}

test("the cost of what is left of a batch is an expense when that is voided, once, and without the codes that were voided before", async () => {
  const codes = makeCodes(5);
  const { productId, batchId } = await stocked(codes, 30);
  expect(await inStock()).toBe(150);
  for (let again = 0; again < 2; again++) valueOf(await voidCode(deps, productId, { secret: codes[4] ?? "" }));
  expect(await inStock()).toBe(120);
  // Drawn before, and perhaps sold yet.
  await draw(deps, productId, 1, new Date());
  for (let again = 0; again < 2; again++) valueOf(await closeBatch(deps, productId, batchId, "void"));
  expect(await inStock()).toBe(30);
  expect(await wrongBooks(deps, "chan_none", "CNY")).toEqual([]);
});

test("so is the cost of what has expired, and nothing is booked of codes whose cost nobody knows", async () => {
  const before = await inStock();
  const { productId } = await stocked(makeCodes(2), 11, "2099-01-01");
  expect(await inStock()).toBe(before + 22);
  const closed = await voidExpired(deps, productId, new Date("2100-01-01"));
  expect([closed.codes, await inStock()]).toEqual([2, before]);
  const [code = ""] = makeCodes(1);
  const unknown = await codeProduct(deps);
  valueOf(await importCodes(deps, unknown, `secret\n${code}\n`, { dryRun: false }));
  valueOf(await closeBatch(deps, unknown, await batchOf(unknown), "void"));
  expect(await inStock()).toBe(before);
});
