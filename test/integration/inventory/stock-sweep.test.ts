import { expect, test } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import { domain } from "../../support/engine/domain.ts";
import { afterPut } from "../../support/faults/hooks.ts";
import { readSlotsOf, violations } from "../../support/orders/invariants.ts";
import {
  buy,
  buyOnceNoticed,
  codeProduct,
  draw,
  giveMoney,
  openMarket,
  secretsOf,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";

// How stock leaves, comes back, and is looked after.

const deps = domain();
const HOLD_MS = (LIMITS.holdSeconds + 1) * 1000;

async function secretOfNext(channelId: string, productId: string): Promise<string | undefined> {
  const bought = await buy(deps, channelId, newId("req"), [{ productId, quantity: 1 }]);
  return bought.ok ? secretsOf(bought.value.goods)[0] : bought.code;
}

test("what expires first is sold first, and what is about to expire is not sold at all", async () => {
  const productId = await codeProduct(deps);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 1000);
  const [never = "", late = "", early = "", ending = ""] = makeCodes(4);
  const soon = new Date(Date.now() + 60_000).toISOString();
  const rows = [`${never},`, `${late},2032-01-01`, `${ending},${soon}`, `${early},2031-01-01`];
  await importCodes(deps, productId, ["secret,expiresAt", ...rows].join("\n"), { dryRun: false });

  const sold: (string | undefined)[] = [];
  for (let index = 0; index < 4; index++) sold.push(await secretOfNext(channelId, productId));
  expect(sold).toEqual([early, late, never, "sold_out"]);
});

test("a code that was given back keeps its expiry: it is sold before fresh stock that lasts longer", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 0, money: 1000 });
  const [never = "", early = ""] = makeCodes(2);
  await importCodes(deps, productId, ["secret,expiresAt", `${never},`, `${early},2031-01-01`].join("\n"), {
    dryRun: false,
  });
  await buy(deps, channelId, "given back", [{ productId, quantity: 1 }], "keep sealed");
  await cancelOrder(deps, channelId, orderIdFor(channelId, "given back"));
  await sweepUntilQuiet(deps, productId);
  expect(await secretOfNext(channelId, productId)).toBe(early);
});

test("codes given back are sold again at once, without a sweep", async () => {
  const { productId, channelId, codes } = await openMarket(deps, { stock: 2, money: 1000 });
  const both = [{ productId, quantity: 2 }];
  await buy(deps, channelId, "first", both, "keep sealed");
  await cancelOrder(deps, channelId, orderIdFor(channelId, "first"));
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 2, sold: 0, returning: 0 });
  const bought = await buyOnceNoticed(deps, channelId, "second", both);
  expect(new Set(secretsOf(bought.goods))).toEqual(new Set(codes));
  const orders = ["first", "second"].map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
});

test("a code can be given back any number of times", async () => {
  const { productId, channelId, codes } = await openMarket(deps, { stock: 1, money: 100 });
  for (const key of ["first", "second", "third"]) {
    await sweepUntilQuiet(deps, productId);
    await buyOnceNoticed(deps, channelId, key, [{ productId, quantity: 1 }], "keep sealed");
    await cancelOrder(deps, channelId, orderIdFor(channelId, key));
  }
  await sweepUntilQuiet(deps, productId);
  const kept = await buyOnceNoticed(deps, channelId, "kept", [{ productId, quantity: 1 }]);
  expect(secretsOf(kept.goods)).toEqual(codes);
  const orders = ["first", "second", "third", "kept"].map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
});

test("the sweeper never takes what is sold", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 6, money: 1000 });
  const lines = [{ productId, quantity: 1 }];
  const kept = ["seen", "sealed", "also sealed"];
  await buy(deps, channelId, "seen", lines);
  await draw(deps, productId, 1, new Date());
  await buy(deps, channelId, "sealed", lines, "keep sealed");
  await buy(deps, channelId, "also sealed", lines, "keep sealed");
  const sold = async () => (await readSlotsOf(deps, productId)).filter(({ state }) => state === "sold");
  const before = await sold();
  expect(before).toHaveLength(3);

  await sweepUntilQuiet(deps, productId);
  expect(await sold()).toEqual(before);
  const orders = kept.map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 3, sold: 3 });
  const shown = await buy(deps, channelId, "sealed", lines);
  expect(shown.ok && secretsOf(shown.value.goods)).toHaveLength(1);
});

test("several sweepers at once bring every code back once", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 12, money: 1000 });
  await draw(deps, productId, 4, new Date());
  await buy(deps, channelId, "cancelled", [{ productId, quantity: 2 }], "keep sealed");
  await buy(deps, channelId, "kept", [{ productId, quantity: 2 }]);
  await cancelOrder(deps, channelId, orderIdFor(channelId, "cancelled"));
  for (let round = 1; round <= 6; round++) {
    const now = new Date(Date.now() + round * HOLD_MS);
    await Promise.all([1, 2, 3, 4].map(() => sweepProduct(deps, productId, now)));
  }
  const orders = ["cancelled", "kept"].map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 10, sold: 2 });
});

test("sweepers whose clocks run far ahead take tickets from under sales: each sale draws anew, and owns what it names", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 40, money: 2000 });
  const keys = Array.from({ length: 4 }, (_, index) => `buyer ${index}`);
  const bought = await Promise.all(
    keys.map((key) => {
      const sleepy = domain();
      afterPut(sleepy, () => sweepUntilQuiet(deps, productId));
      return buy(sleepy, channelId, key, [{ productId, quantity: 2 }]);
    }),
  );
  const codes = bought.flatMap((one) => (one.ok ? secretsOf(one.value.goods) : []));
  expect(codes).toHaveLength(8);
  expect(new Set(codes).size).toBe(8);
  const moved = (await readSlotsOf(deps, productId)).filter(({ state }) => state === "moved");
  expect(moved.length).toBeGreaterThan(0);

  // The sweeps above stand in the future: these come after them.
  for (let round = 11; round <= 14; round++)
    await sweepProduct(deps, productId, new Date(Date.now() + round * HOLD_MS));
  const orders = keys.map((key) => orderIdFor(channelId, key));
  await settleMoney(deps, ...orders);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ sold: 8, available: 32 });
});
