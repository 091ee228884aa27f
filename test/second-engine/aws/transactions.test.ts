import { deepEqual } from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createProduct } from "../../../shared/catalog/products.ts";
import { storeBought } from "../../../shared/inventory/bought.ts";
import { addRanges, readDirectory, setDirectory } from "../../../shared/inventory/directory.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { setLanes } from "../../../shared/inventory/lanes.ts";
import { type PoolId, poolIdOf, type Range, returnsOf, TOTAL } from "../../../shared/inventory/model.ts";
import { freshRange } from "../../../shared/inventory/ranges.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { Secret } from "../../../shared/kernel/secret.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { type Everything, everythingOn } from "../../support/engine/on-second-engine.ts";
import { type SecondEngine, startSecondEngine } from "../../support/engine/second-engine.ts";
import { violations } from "../../support/orders/invariants.ts";
import { largeMarket } from "../../support/orders/large-market.ts";
import {
  buy,
  codeProduct,
  giveMoney,
  openMarket,
  orderOf,
  putOnSale,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { counterexampleOf } from "../../support/properties.ts";
import { throttleInside, transactionsOf } from "../../support/scenes/transactions.ts";
import { isFullProof } from "../../support/size.ts";

// DynamoDB takes 100 writes in a transaction, and each item once. Every transaction that is made from a list, with lists of any
// length: all of the work is done, and none of its transactions is too large.

let engine: SecondEngine;
let ground: Everything;
let sent: ReturnType<typeof transactionsOf>;
beforeAll(async () => {
  engine = await startSecondEngine();
  ground = everythingOn(engine);
  sent = transactionsOf(ground.deps.db);
});
afterAll(() => engine.stop());

/** Lengths at which a transaction is just full or just too full; the full proof adds long lists, and some at random. */
const EDGES = [0, 1, 32, 33, 34, 48, 49, 50, 51, 97, 98, 99, 100, 101, 199, ...(isFullProof ? [198, 500] : [])];
const AT_RANDOM = isFullProof ? 3 : 0;

/** What speaks against it, if the work on a list of any length sends a transaction too large, or has another result than this. */
function anyLengthThatFails(work: (length: number) => Promise<{ got: unknown; wanted: unknown }>) {
  const property = fc.asyncProperty(fc.integer({ min: 0, max: 500 }), async (length) => {
    sent.length = 0;
    const { got, wanted } = await work(length);
    deepEqual(got, wanted);
    deepEqual(
      sent.filter((keys) => keys.length > 100 || new Set(keys).size < keys.length),
      [],
    );
  });
  return counterexampleOf(property, { numRuns: EDGES.length + AT_RANDOM, examples: EDGES.map((length) => [length]) });
}

type Made = { productId: string; pool?: PoolId; left?: number; returns?: boolean };

/** Lists so many ranges in a pool: with codes left in each, or finished, of returns or not. */
async function listRanges(length: number, { productId, pool = TOTAL, left = 0, returns = false }: Made): Promise<void> {
  const ranges = Array.from({ length }, (): Range => {
    const slab = randomBytes(8).toString("hex");
    const of = { productId, batchId: "batch", slab, expiresAt: NEVER, pool };
    if (!returns) return freshRange({ ...of, id: `${slab}:0` }, 0, left);
    return { ...freshRange({ ...of, id: returnsOf(slab, pool) }, 0, left), next: left, listed: true };
  });
  await addRanges(
    ground.deps,
    ranges.map((range) => [range]),
  );
}

const listed = async (productId: string, pool: PoolId = TOTAL): Promise<number> =>
  (await readDirectory(ground.deps, productId, pool)).ranges.length;

const poolOf = (productId: string): PoolId => poolIdOf(productId, { kind: "channel", subject: "chan_1" });

async function withPool(): Promise<{ productId: string; pool: PoolId }> {
  const productId = await codeProduct(ground.deps);
  const pool = poolOf(productId);
  await setDirectory(ground.deps, productId, pool, { owner: { kind: "channel", subject: "chan_1" } });
  return { productId, pool };
}

const quantityOf = (moved: Awaited<ReturnType<typeof transfer>>): number | string =>
  moved.ok ? moved.value.quantity : moved.code;

const works: Record<string, (length: number) => Promise<{ got: unknown; wanted: unknown }>> = {
  "the sweep drops finished ranges, of returns and others": async (length) => {
    const productId = await codeProduct(ground.deps);
    await listRanges(length, { productId, returns: true });
    await listRanges(7, { productId });
    await sweepProduct(ground.deps, productId, new Date());
    return { got: await listed(productId), wanted: 0 };
  },
  "new slabs are listed, in up to sixteen lanes": async (length) => {
    const productId = await codeProduct(ground.deps);
    const lanes = (length % 16) + 1;
    const slabs = Array.from({ length: Math.floor(length / lanes) }, () => {
      const slab = randomBytes(8).toString("hex");
      const of = { productId, batchId: "batch", slab, expiresAt: NEVER, pool: TOTAL };
      return Array.from({ length: lanes }, (_, lane) => freshRange({ ...of, id: `${slab}:${lane}` }, lane, lane + 1));
    });
    await addRanges(ground.deps, slabs);
    return { got: await listed(productId), wanted: slabs.length * lanes };
  },
  "all of a pool moves to another, and back": async (length) => {
    const { productId, pool } = await withPool();
    await listRanges(Math.floor(length / 2), { productId, left: 1 });
    await listRanges(Math.ceil(length / 2), { productId, left: 1, returns: true });
    const there = await transfer(ground.deps, productId, TOTAL, pool, undefined);
    const back = await transfer(ground.deps, productId, pool, TOTAL, undefined);
    return { got: [quantityOf(there), quantityOf(back)], wanted: [length, length] };
  },
  "a quantity moves in one write, or is said to be too scattered": async (length) => {
    const { productId, pool } = await withPool();
    await listRanges(length, { productId, left: 1 });
    const moved = await transfer(ground.deps, productId, TOTAL, pool, length);
    return { got: quantityOf(moved), wanted: length <= 97 ? length : "too_scattered" };
  },
  "codes are imported": async (length) => {
    const productId = await codeProduct(ground.deps);
    const text = ["secret", ...makeCodes(length + 1), ""].join("\n");
    const report = await importCodes(ground.deps, productId, text, { dryRun: false });
    return { got: report.ok ? report.value.imported : report.code, wanted: length + 1 };
  },
  "bought goods are stored": async (length) => {
    // One with a number is three writes, one without is two.
    const numberOf = (index: number) => (index % 3 === 0 ? {} : { number: new Secret(`n${index}`) });
    const goods = makeCodes(length).map((code, index) => ({ secret: new Secret(code), ...numberOf(index) }));
    const purchase = { orderId: newId("ord"), productId: await codeProduct(ground.deps), reference: newId("evt") };
    return { got: (await storeBought(ground.deps, purchase, goods)).tickets.length, wanted: length };
  },
  "a large order takes what there is, out of so many pieces": async (length) => {
    const market = await openMarket(ground.deps, { stock: 0, money: 1_000_000 });
    await listRanges(length, { productId: market.productId, left: 1 });
    const placed = await largeMarket(ground.deps).place(market, "one", 600, { acceptLess: true });
    // A piece is three writes, beside the order itself and the counter of its channel's unpaid orders.
    return { got: placed.ok ? placed.value.lines[0]?.quantity : 0, wanted: Math.min(length, 32) };
  },
  "lanes are cut": async (length) => {
    const productId = await codeProduct(ground.deps);
    await listRanges(1, { productId, left: 1 + length });
    const lanes = (length % 16) + 1;
    await setLanes(ground.deps, productId, TOTAL, lanes);
    return { got: await listed(productId), wanted: length + 1 > lanes - 1 ? lanes : 1 };
  },
};

test.each(Object.entries(works))(
  "no transaction is too large, whatever the length of its list: %s",
  async (_, work) => {
    expect(await anyLengthThatFails(work)).toBeUndefined();
  },
);

test("a pool that can't be swept keeps the other pools of its product waiting no longer", async () => {
  const productId = await codeProduct(ground.deps);
  const pool = poolOf(productId);
  await setDirectory(ground.deps, productId, pool, { owner: { kind: "channel", subject: "chan_1" } });
  await listRanges(2, { productId });
  await listRanges(2, { productId, pool });
  const send = (command: { input: object }): Promise<unknown> =>
    JSON.stringify(command.input).includes('"TransactItems"') && JSON.stringify(command.input).includes('":pool":""')
      ? Promise.reject(new Error("this pool can't be swept"))
      : (ground.deps.db.send as (command: object) => Promise<unknown>).call(ground.deps.db, command);
  const broken = {
    ...ground.deps,
    db: Object.assign(Object.create(ground.deps.db) as typeof ground.deps.db, { send }),
  };
  await expect(sweepProduct(broken, productId, new Date())).rejects.toThrow("this pool can't be swept");
  expect([await listed(productId), await listed(productId, pool)]).toEqual([2, 0]);
});

test("a table that throttles inside every transaction's first try turns nobody away", async () => {
  const { deps } = everythingOn(engine);
  const throttled = throttleInside(deps.db);
  const limits = { total: { quantity: 10, per: "ever" } } as const;
  const product = { kind: "code", name: "Few", price: { amount: 100, currency: "CNY" }, limits } as const;
  const made = await createProduct(deps, product, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  const productId = made.value.id;
  await putOnSale(deps, productId, makeCodes(5));
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 1_000);
  const bought = await buy(deps, channelId, "one", [{ productId, quantity: 2 }], "keep sealed");
  expect(bought).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
  const { id } = (await orderOf(deps, channelId, "one")) ?? { id: "" };
  expect(await cancelOrder(deps, channelId, id)).toMatchObject({ ok: true, value: { state: "cancelled" } });
  const pool = poolOf(productId);
  await setDirectory(deps, productId, pool, { owner: { kind: "channel", subject: "chan_1" } });
  expect(await transfer(deps, productId, TOTAL, pool, 1)).toMatchObject({ ok: true, value: { quantity: 1 } });
  await settleMoney(deps, id);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders: [id] })).toEqual([]);
  expect(throttled.times).toBeGreaterThanOrEqual(8);
});
