import { expect, test } from "vitest";
import { closeBatch } from "../../../shared/inventory/closing.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import { writeGoodsFile } from "../../../shared/orders/goods-file.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { before, meanwhile } from "../../support/faults/meanwhile.ts";
import { LOOKER, largeMarket, RICH } from "../../support/orders/large-market.ts";
import { draw } from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Large orders that are cancelled, looked at, paid later or not at all: what becomes of their runs.

const { deps } = await sceneGround();
const { market, place, work, goodsOf, endOf, count } = largeMarket(deps);

/** An X25519 point of which every product is zero. */
const ALL_ZERO = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z";

test("cancelled while it is sold, with another cut off before it: the run stays by itself, and nobody sells from it", async () => {
  const of = await market(250);
  await place(of, "a", 100);
  await place(of, "b", 100);
  const cancel = () => cancelOrder(deps, of.channelId, orderIdFor(of.channelId, "a"));
  await work(of, "a", meanwhile(deps, before.aRunIsBegun, cancel));
  expect(await work(of, "a")).toMatchObject({ state: "cancelled" });
  expect(await work(of, "b")).toMatchObject({ state: "fulfilled" });
  expect(await endOf(of, "a", "b")).toEqual({ wrong: [], left: RICH - 10_000 });
  expect(await count(of)).toMatchObject({ available: 150, sold: 100 });
});

test("cancelled while it is sold: what was sold comes back, the rest is on sale at once, and a late seller sells nothing", async () => {
  for (const moment of [before.aRunIsBegun, before.theSale]) {
    const of = await market(120);
    await place(of, "a", 100);
    const cancel = () => cancelOrder(deps, of.channelId, orderIdFor(of.channelId, "a"));
    await work(of, "a", meanwhile(deps, moment, cancel));
    expect(await work(of, "a")).toMatchObject({ state: "cancelled" });
    expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH });
    expect(await count(of)).toMatchObject({ available: 120, sold: 0, held: 0 });
  }
});

test("cancelled after it was sold and before anybody looked: it goes back step by step", async () => {
  const quantity = LIMITS.returnsPerStep + 50;
  const of = await market(quantity);
  await place(of, "a", quantity);
  const sold = await work(of, "a");
  const asked = await cancelOrder(deps, of.channelId, sold.id);
  expect(asked).toMatchObject({ value: { state: "cancelling", run: sold.run + 1 } });
  expect(await work(of, "a")).toMatchObject({ state: "cancelled" });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH });
  expect(await count(of)).toMatchObject({ available: quantity, sold: 0 });
  expect(await revealPage(deps, sold, LOOKER, { from: 0, limit: 10 })).toMatchObject({ code: "not_found" });
});

test("a key that is spelt well, and that nothing can be encrypted to, gets no file: nobody has looked", async () => {
  const of = await market(60);
  await place(of, "a", 60);
  const sold = await work(of, "a");
  const files = { ...deps, ...fakeBucket(), goodsBucket: "goods" };
  const request = { recipient: ALL_ZERO, name: "once" };
  expect(await writeGoodsFile(files, sold, LOOKER, request)).toMatchObject({ code: "invalid_request" });
  expect((await readOrder(deps, sold.id))?.revealed).toBeUndefined();
});

test("one that was looked at stays sold", async () => {
  const of = await market(60);
  await place(of, "a", 60);
  const sold = await work(of, "a");
  await goodsOf(sold);
  expect(await cancelOrder(deps, of.channelId, sold.id)).toMatchObject({ code: "not_cancellable" });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 6_000 });
});

test("paid later, its codes are its own without a write on any of them; unpaid, all are back by one", async () => {
  const of = await market(200);
  const deferred = { payment: { method: "deferred" } } as const;
  expect(await place(of, "a", 90, deferred)).toMatchObject({ value: { state: "awaiting_payment" } });
  expect(await place(of, "b", 90, deferred)).toMatchObject({ value: { state: "awaiting_payment" } });
  expect(await place(of, "c", 90)).toMatchObject({ code: "sold_out" });
  expect(await payOrder(deps, of.channelId, orderIdFor(of.channelId, "a"))).toMatchObject({
    value: { state: "fulfilling" },
  });
  expect(await work(of, "a")).toMatchObject({ state: "fulfilled" });
  const later = { ...deps, clock: () => new Date(Date.now() + (LIMITS.unpaidSeconds + 1) * 1000) };
  expect(await expireUnpaid(later)).toBeGreaterThanOrEqual(1);
  expect(await readOrder(deps, orderIdFor(of.channelId, "b"))).toMatchObject({ state: "expired" });
  expect(await count(of)).toMatchObject({ available: 110, held: 0, sold: 90 });
  expect(await endOf(of, "a", "b")).toEqual({ wrong: [], left: RICH - 9_000 });
});

test("a batch that is voided meanwhile stays void when the order lets go of it; one that is sold stays sold", async () => {
  const of = await market(200);
  await place(of, "a", 80);
  await place(of, "b", 60);
  const [row] = (await count(of)).rows;
  expect(await closeBatch(deps, of.productId, row?.batchId ?? "", "void")).toMatchObject({
    value: { codes: 60, kept: 2 },
  });
  await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, "a"));
  expect(await work(of, "b")).toMatchObject({ state: "fulfilled" });
  expect(await count(of)).toMatchObject({ available: 0, void: 140, sold: 60 });
  expect(await draw(deps, of.productId, 1, new Date())).toEqual([]);
  expect(await endOf(of, "a", "b")).toEqual({ wrong: [], left: RICH - 6_000 });
});
