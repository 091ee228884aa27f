import { expect, test } from "vitest";
import { availability, stockLeftInTotal } from "../../../shared/inventory/availability.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { readDirectory, setDirectory } from "../../../shared/inventory/directory.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { after } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import {
  buyOnceNoticed,
  codeProduct,
  draw,
  openMarket,
  scatteredStock,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();

const file = (codes: readonly string[]): string => ["secret", ...codes, ""].join("\n");
const nobody = { channelId: "chan_none" };
const heldLongAgo = (holds: number): Date => new Date(after(new Date(), holds * (LIMITS.holdSeconds + 1)));

test("codes are imported once, whatever file they come in", async () => {
  const productId = await codeProduct(deps);
  expect(await availability(deps, productId, nobody, new Date())).toBe("sold_out");
  const codes = makeCodes(120);
  const text = file(codes);
  const dry = await importCodes(deps, productId, text, { dryRun: true });
  expect(dry).toMatchObject({ ok: true, value: { imported: 120, present: 0 } });
  const real = await importCodes(deps, productId, text, { dryRun: false });
  expect(real).toMatchObject({ ok: true, value: { imported: 120, present: 0, refused: [] } });
  const again = await importCodes(deps, productId, text, { dryRun: false });
  expect(again).toMatchObject({ ok: true, value: { imported: 0, present: 120, refused: [] } });
  const other = await importCodes(deps, productId, file([codes[0] ?? "", ...makeCodes(2)]), { dryRun: false });
  expect(other).toMatchObject({ value: { imported: 2, refused: [{ line: 2, reason: "duplicate" }] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 122, available: 122, sold: 0 });
  await draw(deps, productId, 1, new Date());
  expect(await availability(deps, productId, nobody, new Date())).toBe("in_stock");
});

test("a file that expires on several days fills several ranges, sold in that order", async () => {
  const productId = await codeProduct(deps);
  const [a, b] = makeCodes(2);
  const text = `secret,expiresAt\n${a},2099-12-31\n${b},2098-12-31\n`;
  await importCodes(deps, productId, text, { dryRun: false });
  const { ranges } = await readDirectory(deps, productId);
  expect(ranges.map(({ expiresAt }) => expiresAt.slice(0, 4))).toEqual(["2098", "2099"]);
  expect(await countStock(deps, productId, new Date("2098-12-31T23:59:59.999Z"))).toMatchObject({ expired: 1 });
});

test("a ticket that nobody used is swept, which puts it on sale, and sold again; a range that is through is dropped", async () => {
  const { productId } = await openMarket(deps, { stock: 2, money: 0 });
  expect(await draw(deps, productId, 2, new Date())).toHaveLength(2);
  expect(await draw(deps, productId, 1, new Date())).toEqual([]);
  await sweepProduct(deps, productId, heldLongAgo(1));
  expect(await sweepProduct(deps, productId, heldLongAgo(2))).toMatchObject({ orphans: 2, published: 0 });
  expect(await countStock(deps, productId, heldLongAgo(2))).toMatchObject({ available: 2, returning: 0 });
  await sweepProduct(deps, productId, heldLongAgo(3));
  expect((await readDirectory(deps, productId)).ranges).toMatchObject([{ id: expect.stringMatching(/r$/) as string }]);
  expect(await draw(deps, productId, 2, heldLongAgo(4))).toHaveLength(2);
});

test("a returns range that was dropped is listed again before a code comes back to it", async () => {
  const { productId, channelId } = await openMarket(deps, { stock: 2, money: 1000 });
  for (const key of ["a", "b"]) {
    await buyOnceNoticed(deps, channelId, key, [{ productId, quantity: 2 }], "keep sealed");
    await sweepUntilQuiet(deps, productId);
    expect((await readDirectory(deps, productId)).ranges).toEqual([]);
    await cancelOrder(deps, channelId, orderIdFor(channelId, key));
    await sweepUntilQuiet(deps, productId);
  }
  await buyOnceNoticed(deps, channelId, "c", [{ productId, quantity: 2 }]);
});

test("stock in many short ranges is sold to the last code, and shown as what it is", async () => {
  const productId = await scatteredStock(deps, 7, 16, 1);
  expect(new Set(await draw(deps, productId, 50, new Date())).size).toBe(50);
  expect(await draw(deps, productId, 54, new Date())).toHaveLength(54);
  expect(await availability(deps, productId, nobody, new Date())).toBe("low");
  expect(await draw(deps, productId, 9, new Date())).toHaveLength(8);
});

test("what is frozen is still there: nobody buys ahead because of it", async () => {
  const { productId } = await openMarket(deps, { stock: 3, money: 0 });
  await setDirectory(deps, productId, TOTAL, { frozen: true });
  expect(await availability(deps, productId, nobody, new Date())).toBe("sold_out");
  expect(await stockLeftInTotal(deps, productId, new Date(), 5)).toBe(3);
});
