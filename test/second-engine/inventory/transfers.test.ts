import { expect, test } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { setPool, showPool } from "../../../shared/inventory/pools.ts";
import { transfer, transferByName } from "../../../shared/inventory/transfer.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { before, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, draw, putOnSale, scatteredStock, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Moves of stock between pools, beyond what one write was made for.

const { deps } = await sceneGround();

const annas = async (productId: string): Promise<string> =>
  (await setPool(deps, productId, { kind: "channel", subject: "chan_anna" }, "stop")).pool;

const availableIn = async (productId: string): Promise<Record<string, number>> => {
  const { rows } = await countStock(deps, productId, new Date());
  const sums: Record<string, number> = {};
  for (const { pool, available } of rows) sums[pool] = (sums[pool] ?? 0) + available;
  return sums;
};

test("all of a pool moves, and what was drawn from it before still comes back to it", async () => {
  const productId = await codeProduct(deps);
  await putOnSale(deps, productId, makeCodes(5));
  const pool = await annas(productId);
  const [first = "", second = ""] = await draw(deps, productId, 2, new Date());
  await giveBack(deps, first, "anyone");
  await sweepUntilQuiet(deps, productId);
  const [third = ""] = await draw(deps, productId, 1, new Date());
  expect(await transfer(deps, productId, TOTAL, pool, undefined)).toMatchObject({ value: { quantity: 4 } });
  for (const ticket of [second, third]) await giveBack(deps, ticket, "anyone");
  await sweepUntilQuiet(deps, productId);
  expect(await availableIn(productId)).toEqual({ total: 1, [pool]: 4 });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("all of a pool is all of it, in however many ranges it lies", async () => {
  const productId = await scatteredStock(deps, 7, 16, 1);
  const pool = await annas(productId);
  expect(await transfer(deps, productId, TOTAL, pool, undefined)).toMatchObject({
    value: { quantity: 112, ranges: 112 },
  });
  expect(await availableIn(productId)).toEqual({ [pool]: 112 });
  expect(await transfer(deps, productId, TOTAL, pool, undefined)).toMatchObject({ value: { quantity: 0 } });
  expect(await verifyStock(deps, productId, new Date())).toMatchObject({ differences: [] });
});

test("a quantity in too many ranges for as many cuts takes whole ranges along, and is exact while codes are sold", async () => {
  const productId = await scatteredStock(deps, 5, 16, 2);
  const pool = await annas(productId);
  const busy = meanwhile(
    deps,
    ({ input }) => JSON.stringify(input["TransactItems"] ?? "").includes("#pool = :to"),
    () => draw(deps, productId, 3, new Date()),
  );
  expect(await transfer(busy, productId, TOTAL, pool, 99)).toMatchObject({ value: { quantity: 99 } });
  expect(await showPool(deps, await readDirectory(deps, productId, pool))).toMatchObject({ left: 99 });
  expect(await showPool(deps, await readDirectory(deps, productId))).toMatchObject({ left: 160 - 99 - 3 });
  expect(await transfer(deps, productId, TOTAL, pool, 999)).toMatchObject({ code: "sold_out" });
  expect(await verifyStock(deps, productId, new Date())).toMatchObject({ differences: [] });
});

test("one write takes a hundred: a quantity in more ranges than that is refused whole", async () => {
  const productId = await scatteredStock(deps, 7, 16, 1);
  const pool = await annas(productId);
  expect(await transfer(deps, productId, TOTAL, pool, 105)).toMatchObject({ code: "too_scattered" });
  expect(await availableIn(productId)).toEqual({ total: 112 });
});

test("asked again under the same key, a transfer is not done again, whoever asks at once; under another it is", async () => {
  const productId = await codeProduct(deps);
  await putOnSale(deps, productId, makeCodes(9));
  const to = await annas(productId);
  const move = (quantity: number | "all", key: string, by = deps) =>
    transferByName(by, productId, { from: "total", to, quantity }, key);
  const twin = meanwhile(deps, before.aRangeIsListed, () => move(3, "a"));
  expect(await move(3, "a", twin)).toMatchObject({ value: { quantity: 3 } });
  expect(await move(3, "a")).toMatchObject({ value: { quantity: 3 } });
  expect(await move(4, "a")).toMatchObject({ code: "idempotency_key_reused" });
  expect(await availableIn(productId)).toEqual({ total: 6, [to]: 3 });
  expect(await move("all", "b")).toMatchObject({ value: { quantity: 6 } });
  await putOnSale(deps, productId, makeCodes(2));
  expect(await move("all", "b")).toMatchObject({ value: { quantity: 6 } });
  expect(await availableIn(productId)).toEqual({ total: 2, [to]: 9 });
  expect(await move("all", "c")).toMatchObject({ value: { quantity: 2 } });
});
