import { expect, test } from "vitest";
import { allDirectories } from "../../../shared/inventory/directory.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { LOOKER, largeMarket, RICH } from "../../support/orders/large-market.ts";
import { draw, giveMoney, putOnSale, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Orders whose codes are cut off from stock as whole runs, and sold by a workflow.

const { deps } = await sceneGround();

const { market, place, work, goodsOf, endOf, count } = largeMarket(deps);

test("more than one request sells: the order has its codes at once, and all of them after a few steps", async () => {
  const of = await market(200);
  const placed = await place(of, "a", 120);
  expect(placed).toMatchObject({ ok: true, value: { state: "fulfilling", total: { amount: 12_000 } } });
  expect(await count(of)).toMatchObject({ available: 80, held: 120, sold: 0 });
  const done = await work(of, "a");
  expect(done).toMatchObject({ state: "fulfilled", lines: [{ quantity: 120, state: "fulfilled" }] });
  const goods = await goodsOf(done, 50);
  expect(new Set(goods).size).toBe(120);
  expect(of.codes).toEqual(expect.arrayContaining(goods));
  // A repeat of the request finds the order, and leaves its goods to be read page by page.
  expect(await place(of, "a", 120)).toMatchObject({ value: { id: done.id, state: "fulfilled" } });
  expect(await revealGoods(deps, done, LOOKER)).toMatchObject({ value: new Map() });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 12_000 });
});

test("several workers on many steps, all at once: each code is sold once", async () => {
  const quantity = LIMITS.codesPerStep + 100;
  const of = await market(quantity + 10);
  await place(of, "a", quantity);
  await Promise.all([work(of, "a"), work(of, "a")]);
  const done = await work(of, "a");
  expect(done.state).toBe("fulfilled");
  expect(new Set(await goodsOf(done, LIMITS.largestGoodsPage)).size).toBe(quantity);
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - quantity * 100 });
});

test("two orders of 60 on 100 codes: one has all of its own, the other is sold out", async () => {
  const of = await market(100);
  const placed = await Promise.all(["a", "b"].map((key) => place(of, key, 60)));
  expect(placed.filter(({ ok }) => ok)).toHaveLength(1);
  expect(placed.find(({ ok }) => !ok)).toMatchObject({ code: "sold_out" });
  const key = placed[0]?.ok ? "a" : "b";
  expect(await work(of, key)).toMatchObject({ state: "fulfilled" });
  expect(await endOf(of, "a", "b")).toEqual({ wrong: [], left: RICH - 6_000 });
});

test("twenty requests with one key are one order", async () => {
  const of = await market(400);
  const placed = await Promise.all(Array.from({ length: 20 }, () => place(of, "a", 60)));
  for (const one of placed) expect(one).toMatchObject({ value: { state: "fulfilling" } });
  await work(of, "a");
  expect(await count(of)).toMatchObject({ available: 340, sold: 60 });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 6_000 });
});

test("without the money it is refused, and the stock is whole again: nothing tells that it was cut", async () => {
  const of = await market(100, 100);
  const whole = await allDirectories(deps, of.productId);
  // Somebody spends the money between the look at the account and the charge.
  const other = { ...of, channelId: newId("chan") };
  await giveMoney(deps, other.channelId, 6_000);
  const slow = meanwhile(deps, before.theDebit, () => place(other, "first", 30));
  expect(await place(other, "a", 60, {}, slow)).toMatchObject({ code: "insufficient_funds" });
  expect(await place(of, "b", 60)).toMatchObject({ code: "insufficient_funds" });
  expect((await allDirectories(deps, of.productId)).map(({ ranges }) => ranges)).toEqual(
    whole.map(({ ranges }) => ranges),
  );
  // The same key may be tried again.
  await giveMoney(deps, other.channelId, 3_000);
  expect(await place(other, "a", 60)).toMatchObject({ value: { state: "fulfilling", epoch: 2 } });
  expect(await work(other, "a")).toMatchObject({ state: "fulfilled" });
  expect(await endOf(other, "first", "a")).toEqual({ wrong: [], left: 0 });
});

test("all or nothing; or, as the buyer says, what there is, and only that is charged", async () => {
  const of = await market(100);
  const empty = await market(0);
  expect(await place(of, "a", 150)).toMatchObject({ code: "sold_out" });
  const lines = [
    { productId: of.productId, quantity: 150 },
    { productId: empty.productId, quantity: 2 },
  ];
  expect(await place(of, "b", 1, { lines })).toMatchObject({ code: "sold_out" });
  const less = await place(of, "c", 1, { lines, acceptLess: true });
  expect(less).toMatchObject({
    value: {
      total: { amount: 10_000 },
      lines: [
        { quantity: 100, requested: 150 },
        { quantity: 0, requested: 2 },
      ],
    },
  });
  const done = await work(of, "c");
  expect(done).toMatchObject({ state: "partly_fulfilled" });
  expect((await goodsOf(done)).toSorted()).toEqual(of.codes.toSorted());
  expect(await place(of, "d", 3, { acceptLess: true })).toMatchObject({ code: "sold_out" });
  expect(await endOf(of, "a", "b", "c", "d")).toEqual({ wrong: [], left: RICH - 10_000 });
  expect(await violations(deps, { products: [empty.productId] })).toEqual([]);
});

test("what has a supplier only, stands in the order twice, or costs more than it may, is refused", async () => {
  const of = await market(200);
  const twice = [60, 60].map((quantity) => ({ productId: of.productId, quantity }));
  expect(await place(of, "a", 1, { lines: twice })).toMatchObject({
    code: "invalid_request",
    errors: [{ pointer: "/lines/1/productId" }],
  });
  const maxTotal = { amount: 9_999, currency: "CNY" };
  expect(await place(of, "b", 100, { maxTotal })).toMatchObject({ code: "price_changed" });
  expect(await place(of, "c", 300, { maxTotal, acceptLess: true })).toMatchObject({ code: "price_changed" });
  expect(await endOf(of)).toEqual({ wrong: [], left: RICH });
});

test("codes that were voided in its runs are replaced by others", async () => {
  const of = await market(200);
  await place(of, "a", 100);
  // The cut is at the end of the range.
  for (const secret of of.codes.slice(-3))
    expect(await voidCode(deps, of.productId, { secret })).toMatchObject({ ok: true });
  const done = await work(of, "a");
  expect(done).toMatchObject({ state: "fulfilled", lines: [{ quantity: 100 }] });
  const goods = await goodsOf(done, 30);
  expect(new Set(goods).size).toBe(100);
  expect(await count(of)).toMatchObject({ available: 97, sold: 100, void: 3 });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 10_000 });
});

test("with nothing to replace them, all goes back, or the buyer has the rest and gets the difference", async () => {
  const [all, some] = [await market(100), await market(100)];
  await place(all, "a", 100);
  await place(some, "a", 100, { acceptLess: true });
  for (const of of [all, some])
    for (const secret of of.codes.slice(0, 2)) await voidCode(deps, of.productId, { secret });
  expect(await work(all, "a")).toMatchObject({ state: "refunded", refunded: 10_000 });
  expect(await count(all)).toMatchObject({ sold: 0, void: 2 });
  const partly = await work(some, "a");
  expect(partly).toMatchObject({
    state: "partly_fulfilled",
    refunded: 200,
    lines: [
      { quantity: 98, requested: 100, state: "fulfilled" },
      { quantity: 2, state: "returned", restOf: "1" },
    ],
  });
  expect(await goodsOf(partly)).toHaveLength(98);
  expect(await endOf(all, "a")).toEqual({ wrong: [], left: RICH });
  expect(await endOf(some, "a")).toEqual({ wrong: [], left: RICH - 9_800 });
});

test("codes that others draw between the look and the cut are not cut off: it looks again", async () => {
  const of = await market(100);
  const slow = meanwhile(deps, before.aRunIsCut, () => draw(deps, of.productId, 30, new Date()));
  expect(await place(of, "a", 80, {}, slow)).toMatchObject({ code: "sold_out" });
  const slowAgain = meanwhile(deps, before.aRunIsCut, () => draw(deps, of.productId, 5, new Date()));
  expect(await place(of, "b", 60, {}, slowAgain)).toMatchObject({ value: { state: "fulfilling" } });
  expect(await work(of, "b")).toMatchObject({ state: "fulfilled" });
  expect(await endOf(of, "a", "b")).toEqual({ wrong: [], left: RICH - 6_000 });
  expect(await count(of)).toMatchObject({ available: 40, sold: 60 });
});

test("it takes from its own pool and then from the total, and gives back to each what was its own", async () => {
  const of = await market(0);
  const owner = { kind: "campaign", subject: "spring" } as const;
  const { pool } = await setPool(deps, of.productId, owner, "borrow");
  await putOnSale(deps, of.productId, makeCodes(70));
  // The whole of what begins at one number, twice: the second run has a name of its own.
  for (const [from, to] of [
    ["", pool],
    [pool, ""],
    ["", pool],
  ] as const)
    expect(await transfer(deps, of.productId, from, to, 40)).toMatchObject({ value: { quantity: 40 } });
  expect(await place(of, "a", 90, { campaign: "spring" })).toMatchObject({ code: "sold_out" });
  expect(await place(of, "b", 60, { campaign: "spring" })).toMatchObject({ value: { state: "fulfilling" } });
  expect((await count(of)).rows.map(({ held }) => held)).toEqual(expect.arrayContaining([40, 20]));
  await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, "b"));
  const rows = (await count(of)).rows.map((row) => [row.pool === "total", row.available]);
  expect(rows).toEqual(
    expect.arrayContaining([
      [true, 30],
      [false, 40],
    ]),
  );
  expect(await endOf(of, "a", "b")).toEqual({ wrong: [], left: RICH });
});

test("it takes what was given back before too, and leaves to the sweeper what lies before that", async () => {
  const of = await market(80);
  await draw(deps, of.productId, 80, new Date());
  await sweepUntilQuiet(deps, of.productId);
  // Of what came back, five are drawn and forgotten: they lie below the head when it is cut.
  expect(await draw(deps, of.productId, 5, new Date())).toHaveLength(5);
  expect(await place(of, "a", 75)).toMatchObject({ value: { state: "fulfilling" } });
  expect(await work(of, "a")).toMatchObject({ state: "fulfilled" });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 7_500 });
  expect(await count(of)).toMatchObject({ available: 5, sold: 75 });
});

test("a worker that sleeps for ever in the middle of a step leaves it to the next", async () => {
  const of = await market(100);
  await place(of, "a", 100);
  for (const moment of [before.aRunIsBegun, before.theSale])
    await fallAsleep(deps, moment, (deps) => work(of, "a", deps));
  expect(await work(of, "a")).toMatchObject({ state: "fulfilled" });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 10_000 });
});
