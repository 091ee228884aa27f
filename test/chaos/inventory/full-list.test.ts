import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, test } from "vitest";
import { changePool } from "../../../shared/inventory/change-pool.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { importFile } from "../../../shared/inventory/import.ts";
import { type RangeEntry, TOTAL } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { sellReserved } from "../../../shared/inventory/sell-reserved.ts";
import { directoryKey } from "../../../shared/inventory/table.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { NEVER } from "../../../shared/kernel/clock.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { reservedFor, reservedIn } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, type Market, openMarket, putOnSale, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";

// A pool lists its ranges in one item, which DynamoDB bounds at 400 KB. What can wait (imports, transfers, lanes) stops well below that,
// so that what can't (codes that come back) finds room; and nobody's money waits for that room.

const { deps } = await ownEverything();

const MONEY = 100_000;
/** What a transaction says whose item would be larger than one may be. */
const NO_ROOM = /ValidationError/;

/** Ranges that sell nothing, named as an import names them. */
const someRanges = (count: number): RangeEntry[] =>
  Array.from({ length: count }, (_, number) => ({ id: number.toString(16).padStart(16, "0"), expiresAt: NEVER }));

import { ownEverything } from "../../support/engine/own-everything.ts";

async function listAlso(productId: string, pool: string, more: readonly RangeEntry[]): Promise<void> {
  const { ranges, version } = await readDirectory(deps, productId, pool);
  await deps.db.send(
    new UpdateCommand({
      TableName: deps.tables.inventory,
      Key: directoryKey(productId, pool),
      UpdateExpression: "SET ranges = :ranges, version = :next",
      ExpressionAttributeValues: { ":ranges": [...ranges, ...more], ":next": version + 1 },
    }),
  );
}

const RANGE_BYTES = 57;
/** As full as imports make it. */
const fillAsImportsDo = (productId: string, pool: string = TOTAL): Promise<void> =>
  listAlso(productId, pool, someRanges(Math.floor(LIMITS.listBytes / RANGE_BYTES)));

/** As full as it gets: not one more range fits in. */
async function fillToTheWall(productId: string): Promise<void> {
  const wall = 400 * 1024;
  const count = Math.floor((wall - 400) / RANGE_BYTES);
  await listAlso(productId, TOTAL, someRanges(count));
  for (let more = count; ; more++) {
    const [entry] = someRanges(more + 1).slice(-1);
    const isIn = await listAlso(productId, TOTAL, entry === undefined ? [] : [entry]).then(
      () => true,
      () => false,
    );
    if (!isIn) return;
  }
}

async function emptyTheList(productId: string): Promise<void> {
  const { ranges, version } = await readDirectory(deps, productId);
  const real = ranges.filter(({ id }) => !id.startsWith("000000"));
  await deps.db.send(
    new UpdateCommand({
      TableName: deps.tables.inventory,
      Key: directoryKey(productId, TOTAL),
      UpdateExpression: "SET ranges = :ranges, version = :next",
      ExpressionAttributeValues: { ":ranges": real, ":next": version + 1 },
    }),
  );
}

async function bought(of: Market, key: string): Promise<string> {
  const order = await buy(deps, of.channelId, key, [{ productId: of.productId, quantity: 1 }], "keep sealed");
  if (!order.ok) throw new Error(order.detail);
  return order.value.order.id;
}

/** Half of the run is sold, and the rest of it is still the order's. */
async function cutOff(of: Market, quantity: number): Promise<string> {
  const lines = [{ productId: of.productId, quantity }];
  const request = { lines, payment: { method: "balance" }, acceptLess: true } as const;
  const placed = await placeOrder(deps, of.channelId, "large", request, {});
  if (!placed.ok) throw new Error(placed.detail);
  const [run] = reservedIn(placed.value.lines);
  if (run === undefined) throw new Error("nothing was cut off");
  await sellReserved(deps, reservedFor(placed.value), run, quantity / 2, deps.clock());
  return placed.value.id;
}

async function expectAllInOrder(of: Market, ...orderIds: string[]): Promise<void> {
  await settleMoney(deps, ...orderIds);
  await sweepUntilQuiet(deps, of.productId);
  const scope = { products: [of.productId], channels: [of.channelId], orders: orderIds };
  expect(await violations(deps, scope)).toEqual([]);
  expect((await readAccount(deps, of.channelId, "CNY"))?.spendable).toBe(MONEY);
}

const file = (codes: readonly string[]): string => ["secret", ...codes, ""].join("\n");

describe("a list that is as full as imports make it", () => {
  test("takes back the codes of orders that are cancelled, each of another import", async () => {
    const market = await openMarket(deps, { stock: 1, money: MONEY });
    const ids = [await bought(market, "first")];
    for (let one = 0; one < 5; one++) {
      await putOnSale(deps, market.productId, makeCodes(1));
      ids.push(await bought(market, `order ${one}`));
    }
    await sweepUntilQuiet(deps, market.productId);
    await fillAsImportsDo(market.productId);
    for (const id of ids) expect(await cancelOrder(deps, market.channelId, id)).toMatchObject({ ok: true });
    for (const id of ids) expect(await readOrder(deps, id)).toMatchObject({ state: "cancelled" });
    await emptyTheList(market.productId);
    await expectAllInOrder(market, ...ids);
  });

  test("takes back the run that was cut off for a large order", async () => {
    const market = await openMarket(deps, { stock: 10, money: MONEY });
    const id = await cutOff(market, 6);
    await putOnSale(deps, market.productId, makeCodes(1));
    await fillAsImportsDo(market.productId);
    expect(await cancelOrder(deps, market.channelId, id)).toMatchObject({ value: { state: "cancelled" } });
    await emptyTheList(market.productId);
    await expectAllInOrder(market, id);
  });

  test("refuses an import, which goes on sale when it is repeated with room for it", async () => {
    const { productId } = await openMarket(deps, { stock: 1, money: 0 });
    const codes = file(makeCodes(3));
    await fillAsImportsDo(productId);
    expect(await importFile(deps, productId, codes, { dryRun: false })).toMatchObject({ code: "too_scattered" });
    await emptyTheList(productId);
    expect(await importFile(deps, productId, codes, { dryRun: false })).toMatchObject({ value: { present: 3 } });
    expect((await readDirectory(deps, productId)).ranges).toHaveLength(2);
    // What is for sale already needs no room.
    await fillAsImportsDo(productId);
    expect(await importFile(deps, productId, codes, { dryRun: false })).toMatchObject({ value: { present: 3 } });
  });

  test("refuses a transfer into its pool, of a part and of all, and moves nothing", async () => {
    const { productId } = await openMarket(deps, { stock: 3, money: 0 });
    const { pool } = await setPool(deps, productId, { kind: "channel", subject: "chan_anna" }, "stop");
    await fillAsImportsDo(productId, pool);
    for (const quantity of [2, undefined])
      expect(await transfer(deps, productId, TOTAL, pool, quantity)).toMatchObject({ code: "too_scattered" });
    expect((await readDirectory(deps, productId, TOTAL)).ranges).toHaveLength(1);
  });

  test("refuses more lanes", async () => {
    const { productId } = await openMarket(deps, { stock: 50, money: 0 });
    await fillAsImportsDo(productId);
    expect(await changePool(deps, productId, "total", { lanes: 4 })).toMatchObject({ code: "too_scattered" });
  });
});

describe("the money of an order whose codes can't come back", () => {
  test("goes back all the same, and the codes when there is room", async () => {
    const market = await openMarket(deps, { stock: 3, money: MONEY });
    const id = await bought(market, "key");
    await fillToTheWall(market.productId);
    await expect(cancelOrder(deps, market.channelId, id)).rejects.toThrow(NO_ROOM);
    expect(await readOrder(deps, id)).toMatchObject({ state: "cancelling" });
    expect((await readAccount(deps, market.channelId, "CNY"))?.spendable).toBe(MONEY);
    await emptyTheList(market.productId);
    expect(await cancelOrder(deps, market.channelId, id)).toMatchObject({
      value: { state: "cancelled", refunded: 100 },
    });
    await expectAllInOrder(market, id);
  });

  test("goes back once, of a large order too", async () => {
    const market = await openMarket(deps, { stock: 10, money: MONEY });
    const id = await cutOff(market, 6);
    await putOnSale(deps, market.productId, makeCodes(1));
    await fillToTheWall(market.productId);
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(cancelOrder(deps, market.channelId, id)).rejects.toThrow(NO_ROOM);
    await emptyTheList(market.productId);
    expect(await cancelOrder(deps, market.channelId, id)).toMatchObject({ value: { state: "cancelled" } });
    await expectAllInOrder(market, id);
  });
});
