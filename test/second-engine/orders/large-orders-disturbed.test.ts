import { randomBytes } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { noteLate } from "../../../shared/fulfilment/overdue.ts";
import { noteFailedRun } from "../../../shared/fulfilment/runs.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { isKnownSoldOut } from "../../../shared/inventory/availability.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { type Slot, type Ticket, ticketFor } from "../../../shared/inventory/model.ts";
import { readSlots } from "../../../shared/inventory/slots.ts";
import { slotKey } from "../../../shared/inventory/table.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods, revealPage } from "../../../shared/orders/goods.ts";
import { type Order, reservedIn, ticketsOf } from "../../../shared/orders/model.ts";
import { moveOrder, orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { before, type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { LOOKER, largeMarket, RICH } from "../../support/orders/large-market.ts";
import { buy, giveMoney, type Market, openMarket } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { anna, ben, refund } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Large orders to which something happens before they are sold.

const { deps } = await sceneGround();

const { market, place, work, endOf } = largeMarket(deps);
const orderOf = async (of: Market, key: string): Promise<Order> => {
  const order = await readOrder(deps, orderIdFor(of.channelId, key));
  if (order === undefined) throw new Error(`no order ${key}`);
  return order;
};

/** Two codes of one product and fifty of another, all that there are, in one order. */
async function pair() {
  const of = await market(2);
  const other = await openMarket(deps, { stock: 50, money: 0 });
  const lines = [of, other].map(({ productId, codes }) => ({ productId, quantity: codes.length }));
  expect(await place(of, "a", 1, { lines })).toMatchObject({ ok: true });
  return { of, other };
}
async function sellTheFirst(of: Market) {
  for (;;) {
    const order = await orderOf(of, "a");
    if (order.lines[0]?.state !== "open") return order;
    await planOrder(deps, order.id);
  }
}
/** Codes that are good for ten minutes, which is less than an order may wait for its payment. */
async function importExpiring({ productId }: Market, count: number): Promise<void> {
  const soon = new Date(Date.now() + 600_000).toISOString();
  const rows = makeCodes(count).map((code) => `${code},${soon}`);
  const csv = ["secret,expiresAt", ...rows, ""].join("\n");
  expect(await importCodes(deps, productId, csv, { dryRun: false })).toMatchObject({ ok: true });
}
/** Whoever sealed it did it wrongly. Returns the code's id. */
async function spoil(ticket: Ticket, how: Partial<Pick<Slot, "sealed" | "dataKey">>): Promise<string> {
  const { db, tables } = deps;
  const [slot] = await readSlots(deps, [ticket]);
  if (slot === undefined || slot.state === "moved") throw new Error(`${ticket} has no code`);
  await db.send(new PutCommand({ TableName: tables.inventory, Item: { ...slot, ...slotKey(ticket), ...how } }));
  return slot.codeId;
}
const voidSome = async (of: Market, count: number) => {
  for (const secret of of.codes.slice(0, count)) await voidCode(deps, of.productId, { secret });
};

test("what is all or nothing shows nothing before all of it is sold, for until then all of it may go back", async () => {
  const { of, other } = await pair();
  const half = await sellTheFirst(of);
  expect(half).toMatchObject({ state: "fulfilling", lines: [{ state: "fulfilled" }, { state: "open" }] });
  const seen = await revealPage(deps, half, LOOKER, { from: 0, limit: 10 });
  await voidSome(other, 1);
  const done = await work(of, "a");
  expect(seen).toMatchObject({ value: { pieces: [] } });
  expect(done).toMatchObject({ state: "refunded", refunded: 5_200 });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH });
});

test("what a person gave back already does not go back twice when the rest does", async () => {
  const { of, other } = await pair();
  const { id } = await orderOf(of, "a");
  await noteFailedRun(deps, { orderId: id, execution: "x", status: "FAILED" });
  const one = { ...refund, lines: ["1"] };
  for (const by of [anna, ben]) await decide(deps, id, one, by);
  expect(await orderOf(of, "a")).toMatchObject({ lines: [{ state: "returned" }, { state: "open" }], refunded: 200 });
  await voidSome(other, 1);
  expect(await work(of, "a")).toMatchObject({ state: "refunded", refunded: 5_200 });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH });
});

test("later than promised, it is before a person, and is sold meanwhile", async () => {
  const of = await market(100);
  await place(of, "a", 100);
  const order = await orderOf(of, "a");
  const promised = await moveOrder(deps, order, {
    promise: { withinSeconds: 1, whenLate: "review" },
    deliverBy: new Date(0).toISOString(),
  });
  const late = await noteLate(deps, promised.order);
  expect(late).toMatchObject({ state: "review", review: { reason: "overdue" }, overdue: true });
  const done = await work(of, "a");
  expect(done).toMatchObject({ state: "fulfilled" });
  expect(done.review).toBeUndefined();
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 10_000 });
});

test("what goes back by itself while a person looks at it leaves their desk", async () => {
  const of = await market(51);
  await place(of, "a", 51);
  const { id } = await orderOf(of, "a");
  await noteFailedRun(deps, { orderId: id, execution: "x", status: "FAILED" });
  await voidSome(of, 1);
  const done = await work(of, "a");
  expect(done).toMatchObject({ state: "refunded" });
  expect(done.review).toBeUndefined();
});

test("codes that would expire before it must be paid are not kept for it", async () => {
  const of = await market(0);
  await importExpiring(of, 60);
  const deferred = { payment: { method: "deferred" } } as const;
  expect(await place(of, "a", 60, deferred)).toMatchObject({ code: "sold_out" });
  expect(await place(of, "b", 60)).toMatchObject({ value: { state: "fulfilling" } });
});

test("codes that nobody can open keep nobody from the others, and are named", async () => {
  const of = await market(5);
  const small = await buy(deps, of.channelId, "small", [{ productId: of.productId, quantity: 2 }], "keep sealed");
  await place(of, "a", 3, { acceptLess: true });
  const large = await work(of, "a");
  const [bought] = small.ok ? ticketsOf(small.value.order.lines) : [];
  const { slab, first } = reservedIn(large.lines)[0] ?? { slab: "", first: 0 };
  const spoilt = [
    await spoil(bought ?? "", { sealed: randomBytes(40) }),
    await spoil(ticketFor(slab, first), { sealed: randomBytes(40) }),
    await spoil(ticketFor(slab, first + 2), { dataKey: randomBytes(40) }),
  ];
  const page = async (key: string) => revealPage(deps, await orderOf(of, key), LOOKER, { from: 0, limit: 10 });
  expect(await page("a")).toMatchObject({
    value: { pieces: [{ lineId: "1" }], unreadable: spoilt.slice(1).map((codeId) => ({ lineId: "1", codeId })) },
  });
  expect(await page("small")).toMatchObject({
    value: { pieces: [{ lineId: "1" }], unreadable: [{ lineId: "1", codeId: spoilt[0] }] },
  });
  // An answer that could not name it gives none of them.
  expect(await revealGoods(deps, await orderOf(of, "small"), LOOKER)).toMatchObject({ value: new Map() });
});

test("a product of which there was nothing keeps nobody from cancelling the others", async () => {
  const [of, empty] = [await market(60), await market(0)];
  const lines = [of, empty].map(({ productId }) => ({ productId, quantity: 60 }));
  await place(of, "a", 1, { lines, acceptLess: true });
  expect(await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, "a"))).toMatchObject({
    ok: true,
    value: { state: "cancelled" },
  });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH });
});

test("who takes less is not turned away because one of the products is known to be sold out", async () => {
  const now = new Date();
  // That is known for a second, which here does not pass.
  const then = { ...deps, clock: () => now };
  const [of, busy] = [await market(3), await market(1)];
  for (const key of ["first", "too late", "later still"])
    await buy(then, busy.channelId, key, [{ productId: busy.productId, quantity: 1 }]);
  expect(isKnownSoldOut(then, busy.productId, now)).toBe(true);
  const lines = [busy, of].map(({ productId }) => ({ productId, quantity: 3 }));
  expect(await place(of, "b", 0, { lines }, then)).toMatchObject({ code: "sold_out" });
  const placed = await place(of, "a", 0, { lines, acceptLess: true }, then);
  expect(placed).toMatchObject({ value: { lines: [{ quantity: 0 }, { quantity: 3 }] } });
});

test("what was sold goes back fifty codes to a transaction; one by one where somebody is in the way", async () => {
  for (const isDisturbed of [false, true]) {
    const of = await market(60);
    await place(of, "a", 60);
    const { id, lines } = await work(of, "a");
    const { slab, first } = reservedIn(lines)[0] ?? { slab: "", first: 0 };
    let moves = 0;
    const counts: Moment = (command, tables) => {
      if (before.aCodeGoesBack(command, tables)) moves += 1;
      return false;
    };
    // The part of ten goes at the same time, and may be faster.
    const fiftyGoBack: Moment = (command, tables) =>
      before.aCodeGoesBack(command, tables) && (command.input["TransactItems"] as unknown[]).length === 100;
    const disturb = () =>
      isDisturbed ? giveBack(deps, ticketFor(slab, first + 3), { orderId: id }) : Promise.resolve();
    const disturbed = meanwhile(meanwhile(deps, counts, disturb), fiftyGoBack, disturb);
    expect(await cancelOrder(disturbed, of.channelId, id)).toMatchObject({ value: { state: "cancelled" } });
    expect(moves).toBe(isDisturbed ? 2 + 49 : 2);
    expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH });
  }
});

test("codes that expire while it is sold are looked at by the sweeper", async () => {
  const of = await market(30);
  await importExpiring(of, 30);
  await place(of, "a", 60, { acceptLess: true });
  const later = { ...deps, clock: () => new Date(Date.now() + 700_000) };
  expect(await work(of, "a", later)).toMatchObject({ state: "partly_fulfilled", refunded: 3_000 });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: RICH - 3_000 });
});

test.each([
  ["was given", async () => undefined],
  ["was given and has sold", (of: Market) => work(of, "a")],
])("a helper of the refused order, asleep, does not let go of what the next epoch %s", async (_, goesOn) => {
  const of = await market(100, 6_000);
  // The money goes between the look and the charge; while its first helper sleeps, others refuse it and it is placed again.
  const shop = await openMarket(deps, { stock: 1, money: 0 });
  const spend = () => buy(deps, of.channelId, "first", [{ productId: shop.productId, quantity: 1 }]);
  const sleepy = meanwhile(
    meanwhile(deps, before.aRunRejoins, async () => {
      await place(of, "a", 60);
      await giveMoney(deps, of.channelId, 6_000);
      expect(await place(of, "a", 60)).toMatchObject({ value: { epoch: 2, state: "fulfilling" } });
      await goesOn(of);
    }),
    before.theDebit,
    spend,
  );
  await place(of, "a", 60, {}, sleepy);
  expect(await work(of, "a")).toMatchObject({ state: "fulfilled", lines: [{ reserved: [{ quantity: 60 }] }] });
  expect(await endOf(of, "a")).toEqual({ wrong: [], left: 5_900 });
});
