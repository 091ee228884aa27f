import { beforeAll, expect, test } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { type Process, startNewcomer } from "../../support/faults/processes.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  codeProduct,
  draw,
  onSale,
  openMarket,
  secretsOf,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";

// What brings codes into stock, and back: whatever call it dies at, no code is lost or doubled once it was run again.

const { alive, crashEverywhere } = await ownGround();
let newcomer: Process;

beforeAll(async () => {
  newcomer = await startNewcomer();
});

const HOLD_MS = (LIMITS.holdSeconds + 1) * 1000;

/** One transaction holds 49 codes: two of them in the first expiry, one in the second; all under one data key. */
const FILE_CODES = 52;

function fileWithTwoExpiries(codes: readonly string[]): string {
  return ["secret,expiresAt", ...codes.map((code, index) => `${code},${index < 51 ? "2031-05-06" : ""}`), ""].join(
    "\n",
  );
}

test("an import that died at any call is simply run again: every code is in stock once, and none is on sale before", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const productId = await codeProduct(alive);
    const file = fileWithTwoExpiries(makeCodes(FILE_CODES));
    const first = await doomed.run((deps) => importCodes(deps, productId, file, { dryRun: false }));
    // A part of a file is never on sale.
    expect([0, FILE_CODES]).toContain(await onSale(alive, productId));
    const again = await importCodes(alive, productId, file, { dryRun: false });
    if (!again.ok) throw new Error(again.detail);
    const { imported, present, refused } = again.value;
    expect({ all: imported + present, refused, present: first.ended ? present : FILE_CODES }).toEqual({
      all: FILE_CODES,
      refused: [],
      present: FILE_CODES,
    });
    const count = await countStock(alive, productId, new Date());
    expect(count).toMatchObject({ imported: FILE_CODES, available: FILE_CODES });
    expect(await violations(alive, { products: [productId] })).toEqual([]);
  });
  expect(calls).toBeGreaterThanOrEqual(12);
});

test("a cancellation that died at any call is finished by asking again: the codes are for sale, the money is back", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { productId, channelId } = await openMarket(alive, { stock: 3, money: 1000 });
    const lines = [{ productId, quantity: 2 }];
    const sold = await buy(alive, channelId, "order", lines, "keep sealed");
    const orderId = orderIdFor(channelId, "order");
    await doomed.run((deps) => cancelOrder(deps, channelId, orderId));
    const again = await cancelOrder(alive, channelId, orderId);
    expect([sold.ok, again.ok && again.value.state]).toEqual([true, "cancelled"]);
    await sweepUntilQuiet(alive, productId);
    await settleMoney(alive, orderId);
    const scope = { products: [productId], channels: [channelId], orders: [orderId] };
    expect(await violations(alive, scope)).toEqual([]);
    const rebought = await newcomer.buy(alive, channelId, "all of it", [{ productId, quantity: 3 }]);
    expect(rebought.ok && new Set(secretsOf(rebought.value.goods)).size).toBe(3);
    await settleMoney(alive, orderIdFor(channelId, "all of it"));
    expect(await violations(alive, scope)).toEqual([]);
  });
  expect(calls).toBeGreaterThanOrEqual(10);
});

/** Two orphans, a code given back and one sold: everything that a sweeper meets. */
async function litteredMarket() {
  const market = await openMarket(alive, { stock: 5, money: 1000 });
  const { productId, channelId } = market;
  await draw(alive, productId, 2, new Date());
  await buy(alive, channelId, "cancelled", [{ productId, quantity: 1 }], "keep sealed");
  await buy(alive, channelId, "kept", [{ productId, quantity: 1 }]);
  await cancelOrder(alive, channelId, orderIdFor(channelId, "cancelled"));
  return market;
}

const sweepTwice = (productId: string, from: number) => async (deps: Domain) => {
  await sweepProduct(deps, productId, new Date(from));
  await sweepProduct(deps, productId, new Date(from + HOLD_MS));
};

test("a sweeper that died at any call is followed by the next: all orphans are for sale, what is sold stays sold", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { productId, channelId } = await litteredMarket();
    await sweepProduct(alive, productId, new Date());
    await doomed.run(sweepTwice(productId, Date.now() + HOLD_MS));
    // A number that the dead one drew and never filled takes a sweep more: noted, then buried.
    await sweepUntilQuiet(alive, productId);
    await sweepTwice(productId, Date.now() + 10 * HOLD_MS)(alive);
    const orders = ["kept", "cancelled"].map((key) => orderIdFor(channelId, key));
    await settleMoney(alive, ...orders);
    expect(await violations(alive, { products: [productId], channels: [channelId], orders })).toEqual([]);
    expect(await countStock(alive, productId, new Date())).toMatchObject({ available: 4, sold: 1 });
    const rest = await newcomer.buy(alive, channelId, "rest", [{ productId, quantity: 4 }]);
    expect(rest.ok && new Set(secretsOf(rest.value.goods)).size).toBe(4);
  });
  expect(calls).toBeGreaterThanOrEqual(13);
});
