import { expect, test } from "vitest";
import { isReturned, type Range, TOTAL } from "../../../shared/inventory/model.ts";
import { allRanges } from "../../../shared/inventory/ranges.ts";
import { drawReturns } from "../../../shared/inventory/returns.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import { restoreStock } from "../../../shared/restore/restore.ts";
import { logSales, readLog } from "../../../shared/restore/sales-log.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { before, fallAsleep, second } from "../../support/faults/meanwhile.ts";
import { bringBack } from "../../support/inventory/table-image.ts";
import { putOnSale, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { MARGIN, type RestoreStage, restoreStages } from "../../support/restore/restore-stage.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Restores whose log was late, long, or told the same twice: run again, they end where one with the whole log ends.

const { deps } = await sceneGround();

const { stage, sell, place, orderOf, tell, work, restore, release, sellOut, goodsOf, image, count, differences } =
  restoreStages(deps);

async function rangesOf({ market }: RestoreStage): Promise<Range[]> {
  const ranges: Range[] = [];
  for await (const range of allRanges(deps, market.productId)) ranges.push(range);
  return ranges;
}

test("what was withheld is sold to its order when the log tells of it after all", async () => {
  const scene = await stage(10);
  const then = await image(scene);
  const late = await sell(scene, "late", 2, "unlogged");
  await bringBack(deps, then);
  expect(await restore(scene)).toMatchObject({ sold: 0 });
  expect(await count(scene)).toMatchObject({ sold: 0, held: 2 });
  await tell(scene, "late");
  expect(await restore(scene)).toMatchObject({ sold: 2 });
  expect(await goodsOf(scene, "late")).toEqual(late);
  expect(await release(scene)).toBe(MARGIN);
  expect(await sellOut(scene)).toHaveLength(8);
  expect(await count(scene)).toMatchObject({ sold: 10, held: 0, available: 0 });
});

test("a late line about numbers behind the margin moves the head behind them, and the margin with it", async () => {
  const scene = await stage(20);
  const then = await image(scene);
  const late = await sell(scene, "late", 6, "unlogged");
  await bringBack(deps, then);
  await restore(scene);
  await tell(scene, "late");
  await restore(scene);
  expect(await differences(scene)).toEqual([]);
  expect(await count(scene)).toMatchObject({ sold: 6, held: MARGIN, available: 12 });
  const rest = await sellOut(scene);
  expect(rest).toHaveLength(12);
  expect(await goodsOf(scene, "late")).toEqual(late);
});

test("a larger margin withholds what it is larger by, and no more", async () => {
  const scene = await stage(30);
  const then = await image(scene);
  await sell(scene, "a", 3);
  await bringBack(deps, then);
  for (const [margin, held] of [
    [2, 2],
    [5, 5],
    [4, 5],
  ] as const) {
    await restore(scene, undefined, margin);
    expect(await count(scene)).toMatchObject({ sold: 3, held, available: 27 - held });
  }
  expect(await differences(scene)).toEqual([]);
});

test("codes that a large order gave back, and others bought since, are those others'", async () => {
  const scene = await stage(70);
  const then = await image(scene);
  const { id } = await place(scene, "large", 60);
  await cancelOrder(deps, scene.market.channelId, id);
  await tell(scene, "large");
  const others = await sell(scene, "other", 20);
  await bringBack(deps, then);
  await restore(scene);
  expect(await goodsOf(scene, "other")).toEqual(others);
  expect(await differences(scene)).toEqual([]);
  await restore(scene);
  expect(await goodsOf(scene, "other")).toEqual(others);
  expect(await count(scene)).toMatchObject({ sold: 20, available: 0 });
});

test("a large order that was over before the moment of the restore withholds nothing", async () => {
  const scene = await stage(70);
  const { id } = await place(scene, "large", 60);
  await cancelOrder(deps, scene.market.channelId, id);
  await work(scene, "large");
  const since = new Date(Date.now() + 100_000).toISOString();
  expect(await restore({ ...scene, since })).toMatchObject({ sold: 0 });
  expect(await count(scene)).toMatchObject({ held: MARGIN, available: 68 });
});

test("codes that were sold from returns which the table does not know are fenced, and their orders named", async () => {
  const scene = await stage(6);
  const { productId, channelId } = scene.market;
  await place(scene, "a", 6);
  const then = await image(scene);
  await cancelOrder(deps, channelId, orderIdFor(channelId, "a"));
  await tell(scene, "a");
  await sweepUntilQuiet(deps, productId);
  await sell(scene, "b", 6);
  await bringBack(deps, then);
  const b = orderIdFor(channelId, "b");
  expect(await restore(scene)).toMatchObject({ moved: 6, ordersWithoutGoods: [b] });
  // Told twice, and run again, it says the same.
  await tell(scene, "b");
  expect(await restore(scene)).toMatchObject({ moved: 6, ordersWithoutGoods: [b] });
  expect(await count(scene)).toMatchObject({ held: 6 });
  // What comes back lies behind the numbers that were sold, however many these were.
  expect(await release(scene)).toBe(6);
  expect(await sellOut(scene)).toHaveLength(6);
  expect(await differences(scene)).toEqual([]);
});

test("one that died among returns closes no more numbers when it is begun again", async () => {
  const scene = await stage(3);
  const { productId, channelId } = scene.market;
  await place(scene, "a", 3);
  await cancelOrder(deps, channelId, orderIdFor(channelId, "a"));
  await sweepUntilQuiet(deps, productId);
  const [slab = ""] = (await rangesOf(scene)).map((range) => range.slab);
  // Numbers whose givers died on the way: they are drawn, and empty.
  await drawReturns(deps, { slab, pool: TOTAL }, productId, 5);
  const step = (on: Domain) =>
    restoreStock({ ...on, ...scene.log }, { since: scene.since, margin: 10 }, `stock ${productId} `);
  await fallAsleep(deps, second(before.aRestoredRangeIsMarked), step);
  await step(deps);
  expect((await rangesOf(scene)).find(({ id }) => isReturned(id))).toMatchObject({ head: 10, tail: 10, left: 0 });
});

test("a large order whose cut the table has forgotten gives its codes back when it is cancelled", async () => {
  const scene = await stage(70);
  const then = await image(scene);
  const { id } = await place(scene, "large", 60);
  await work(scene, "large");
  await bringBack(deps, then);
  await restore(scene);
  expect(await count(scene)).toMatchObject({ sold: 60 });
  await cancelOrder(deps, scene.market.channelId, id);
  await work(scene, "large");
  expect(await count(scene)).toMatchObject({ sold: 0, available: 68 });
  await sweepUntilQuiet(deps, scene.market.productId);
  expect(await sellOut(scene)).toHaveLength(68);
});

test("a large order whose cut the table knows, and none of its sale, gives its codes back when it is cancelled", async () => {
  const scene = await stage(10);
  const { id } = await place(scene, "large", 6, { acceptLess: true });
  const then = await image(scene);
  await work(scene, "large");
  await bringBack(deps, then);
  await restore(scene);
  await restore(scene);
  expect(await count(scene)).toMatchObject({ sold: 6 });
  await cancelOrder(deps, scene.market.channelId, id);
  await work(scene, "large");
  await sweepUntilQuiet(deps, scene.market.productId);
  expect(await count(scene)).toMatchObject({ sold: 0, available: 8 });
  expect(await differences(scene)).toEqual([]);
  expect(await sellOut(scene)).toHaveLength(8);
});

test("a large order that is on its way back does not put what is withheld on sale", async () => {
  const scene = await stage(70);
  const { id } = await place(scene, "large", 60);
  const then = await image(scene);
  const { channelId } = scene.market;
  await fallAsleep(deps, second(before.anyMoveOfTheOrder), (on) => cancelOrder(on, channelId, id));
  await tell(scene, "large");
  await bringBack(deps, then);
  await restore(scene);
  await work(scene, "large");
  const left = (await rangesOf(scene)).reduce((sum, range) => sum + range.left, 0);
  expect(left).toBe((await count(scene)).available);
  expect(await sellOut(scene)).toHaveLength(8);
});

test("an unpaid order that had not held its codes yet holds the very same ones", async () => {
  const scene = await stage(10);
  const { productId, channelId } = scene.market;
  const then = await image(scene);
  await fallAsleep(deps, before.aCodeIsHeld, (on) => {
    const request = { lines: [{ productId, quantity: 2 }], payment: { method: "deferred" as const } };
    return placeOrder(on, channelId, "unpaid", request, {});
  });
  await tell(scene, "unpaid");
  await bringBack(deps, then);
  await restore(scene);
  const order = await orderOf(scene, "unpaid");
  if (order === undefined) throw new Error("no order");
  const held = await advance(deps, order);
  expect(held.lines).toEqual(order.lines);
  expect(await count(scene)).toMatchObject({ sold: 0, held: 2 + MARGIN });
});

test("codes of an import that the table has lost are their orders' again when the same file comes in again", async () => {
  const scene = await stage(0);
  const then = await image(scene);
  const codes = makeCodes(10);
  await putOnSale(deps, scene.market.productId, codes);
  const goods = await sell(scene, "a", 3);
  await bringBack(deps, then);
  const orderId = orderIdFor(scene.market.channelId, "a");
  expect(await restore(scene)).toMatchObject({ lost: 3, ordersWithoutGoods: [orderId] });
  await putOnSale(deps, scene.market.productId, codes);
  expect(await restore(scene)).toMatchObject({ sold: 3, lost: 0, ordersWithoutGoods: [] });
  expect(await goodsOf(scene, "a")).toEqual(goods);
  expect(await sellOut(scene)).toHaveLength(10 - 3 - MARGIN);
  expect(await differences(scene)).toEqual([]);
});

test("a batch that is halved and tried again leaves nothing out of the log", async () => {
  const scene = await stage(2);
  const orders = [await place(scene, "a", 1), await place(scene, "b", 1)];
  const log = { s3: fakeBucket().s3, salesLog: "log" };
  const records = orders.map(({ placedAt }, index) => ({ at: placedAt, sequence: String(index) }));
  await logSales(log, orders, records);
  await logSales(log, orders.slice(0, 1), records.slice(0, 1));
  const logged = (await readLog(log, "", 10)).flatMap(({ entries }) => entries);
  expect(new Set(logged.map(({ orderId }) => orderId))).toEqual(new Set(orders.map(({ id }) => id)));
  // The whole of it, tried again, is the same object.
  await logSales(log, orders, records);
  expect(await readLog(log, "", 10)).toHaveLength(2);
});

test("however its steps cut the log, every lost order is named, and every code of a lost import counted", async () => {
  const scene = await stage(0);
  const { productId, channelId } = scene.market;
  let at = Date.now();
  const write = async (id: string, quantity: number): Promise<void> => {
    const run = { slab: "0123456789abcdef", pool: "", first: 0, quantity };
    const line = { id: "1", productId, kind: "code", state: "fulfilled", reserved: [run] };
    const total = { amount: 1, currency: "CNY" };
    const order = { id, channelId, state: "fulfilled", version: 1, total, lines: [line] } as unknown as Order;
    at += 1;
    await logSales(scene.log, [order], [{ at: new Date(at).toISOString(), sequence: "1" }]);
  };
  // The first step ends within the last object that it has read: the next one begins there, and reads others behind it.
  for (let object = 1; object < 100; object++) await write(`ord_${object}`, 1);
  await write("ord_100", LIMITS.codesPerStep);
  await write("ord_101", 1);
  const { lost, lostOrders } = await restore(scene);
  expect(lost).toBe(99 + LIMITS.codesPerStep + 1);
  expect(lostOrders.map(({ orderId }) => orderId)).toEqual(
    Array.from({ length: 101 }, (_, index) => `ord_${index + 1}`),
  );
});
