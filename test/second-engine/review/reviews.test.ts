import { afterAll, beforeAll, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { noteFailedRun, runName } from "../../../shared/fulfilment/runs.ts";
import { watchOrder } from "../../../shared/fulfilment/watch.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Line, Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { type BulkResult, decideMany } from "../../../shared/review/bulk.ts";
import type { BulkDecision } from "../../../shared/review/decision.ts";
import { writeReviewSettings } from "../../../shared/review/settings.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import type { Decider } from "../../../shared/review/two-people.ts";
import { refundUndecided } from "../../../shared/review/undecided.ts";
import { before, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { settleMoney, stockedProduct } from "../../support/orders/market.ts";
import { type Behaviour, orderMixed } from "../../support/orders/mixed-order.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

// Decisions about many orders at once; and what the watch and the rule make of those whose runs break while nobody decides.

const { deps, runs } = await sceneGround();

type Mixed = Awaited<ReturnType<typeof orderMixed>>;

let simulator: SupplierSimulator;
let start: number;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
  start = Date.now();
});
afterAll(() => simulator.stop());

const at = (seconds: number) => ({ ...deps, clock: () => new Date(start + seconds * 1000) });
const TOO_LATE = LIMITS.decisionSeconds + 60;

/** An order of a code, which was delivered, and a top-up, whose run breaks: before anybody buys it, unless it is placed first. */
async function broken(behaviour: Behaviour, isPlaced = false) {
  const { orderId, end } = await orderMixed(deps, simulator, behaviour);
  if (isPlaced) await placeLine(deps, orderId);
  const bought = () => simulator.orders().filter(({ reference }) => reference.startsWith(orderId)).length;
  const order = async () => (await readOrder(deps, orderId)) as Order;
  const breaks = async (run: number, seconds: number): Promise<void> => {
    const execution = runName({ id: orderId, run });
    runs.set(execution, { status: "FAILED", stopDate: new Date(start + seconds * 1000) });
    await noteFailedRun(at(seconds), { orderId, execution, status: "FAILED" });
  };
  await breaks(1, 0);
  return { deps, orderId, order, bought, breaks, end };
}

/** Orders of one top-up, each before a person: refused, or not heard of again. */
async function waiting(...behaviours: readonly Behaviour[]) {
  const orders: (Mixed & { line: () => Promise<Line | undefined> })[] = [];
  for (const behaviour of behaviours) {
    const mixed = await orderMixed(deps, simulator, behaviour, orders[0]);
    await placeLine(deps, mixed.orderId);
    if (behaviour === "neverDone") await askSupplier(at(2 * LIMITS.answerWithinSeconds), mixed.orderId);
    orders.push({ ...mixed, line: async () => (await readOrder(deps, mixed.orderId))?.lines[1] });
  }
  return orders;
}

/** All of these orders' top-ups are replaced with codes of a product, of which there are so many. */
async function fromStock([order]: readonly Mixed[], stock: number) {
  const productId = await stockedProduct(deps, stock);
  const bulk: BulkDecision = {
    filter: { productId: order?.topupId ?? "" },
    action: "replace",
    reason: "no more top-ups",
    with: { from: "stock", productId },
  };
  const decide = async (by: Decider): Promise<string[]> => {
    const results: BulkResult[] = [];
    let after: string | undefined;
    do {
      // Long after all that is in the queue came into it.
      const page = await decideMany(at(3600), bulk, by, after);
      results.push(...page.results);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return results.map(({ result }) => result).toSorted();
  };
  return { productId, decide };
}

test("one replacement for all lines of a product: from stock, once each, as far as there is any; others stay", async () => {
  const orders = await waiting("refused", "refused", "refused", "neverDone");
  const [stranger] = await waiting("refused");
  const { productId, decide } = await fromStock(orders, 2);
  expect(await decide(anna)).toEqual(["done", "done", "line_unresolved", "sold_out"]);
  expect(await decide(anna)).toEqual(["line_unresolved", "sold_out"]);
  const lines = await Promise.all(orders.map(({ line }) => line()));
  const replaced = lines.filter((line) => line?.productId === productId);
  expect(replaced).toMatchObject([1, 2].map(() => ({ kind: "code", state: "fulfilled", unitPrice: 50 })));
  expect(await stranger?.line()).toMatchObject({ kind: "topup", state: "review" });
  for (const { orderId } of orders) {
    const trail = (await trailOf(deps, orderId)).map(({ action, by }) => `${action} ${by}`);
    expect(new Set(trail)).toEqual(new Set([`review_replace ${anna.operator}`]));
  }
  const ids = orders.map(({ orderId }) => orderId);
  await settleMoney(deps, ...ids);
  const codes = (await Promise.all(ids.map((id) => readOrder(deps, id)))).map(
    (order) => order?.lines[0]?.productId ?? "",
  );
  const scope = { products: [productId, ...codes], channels: orders.map(({ channelId }) => channelId), orders: ids };
  expect(await violations(deps, { ...scope, stock: "unswept" })).toEqual([]);
});

test("one replacement for many takes two people for each order whose amount does", async () => {
  const orders = await waiting("refused", "refused");
  const { decide } = await fromStock(orders, 2);
  await writeReviewSettings(deps, ReviewSettings.parse({ twoPeopleFrom: { CNY: 50 } }));
  try {
    expect(await decide(anna)).toEqual(["proposed", "proposed"]);
    expect(await decide(anna)).toEqual(["second_person_required", "second_person_required"]);
    expect(await decide(ben)).toEqual(["done", "done"]);
  } finally {
    await writeReviewSettings(deps, ReviewSettings.parse({}));
  }
});

test("runs that break one after the other are one review, as old as the first, and come ever more seldom", async () => {
  const { orderId, order, breaks } = await broken("success");
  const runAt = async (seconds: number) => (await watchOrder(at(seconds), { orderId, looks: 0 }))?.run;
  expect([await runAt(599), await runAt(600)]).toEqual([1, 2]);
  await breaks(2, 700);
  const since = new Date(start).toISOString();
  expect(await order()).toMatchObject({ state: "review", review: { since, execution: `${orderId}-2` } });
  expect([await runAt(1_399), await runAt(1_400)]).toEqual([2, 3]);
  const aDay = 24 * 3600;
  await breaks(3, aDay);
  expect([await runAt(aDay + 3_599), await runAt(aDay + 3_600)]).toEqual([3, 4]);
  expect((await order()).review).toMatchObject({ since, reason: "workflow_failed", execution: `${orderId}-3` });
});

test("what a broken run has not begun to buy is refunded by rule, and a run that comes later buys nothing", async () => {
  const { deps, orderId, order, bought, breaks, end } = await broken("success");
  await watchOrder(at(600), { orderId, looks: 0 });
  await breaks(2, TOO_LATE - 120);
  expect(await refundUndecided(at(LIMITS.decisionSeconds - 1), await order())).toBe("nothing_due");
  expect(await refundUndecided(at(TOO_LATE), await order())).toBe("refunded");
  expect(await placeLine(deps, orderId)).toEqual({ step: "done" });
  expect(await order()).toMatchObject({ state: "partly_fulfilled", refunded: 50, decided: { by: "rule" } });
  expect(await trailOf(deps, orderId)).toMatchObject([{ action: "review_refund", by: "rule:undecided" }]);
  expect(bought()).toBe(0);
  await end();
});

test("a run that begins to buy while the rule decides is faster: the goods come, and no money goes back", async () => {
  const { deps, orderId, order, bought, end } = await broken("success");
  const late = meanwhile(at(TOO_LATE), before.anyMoveOfTheOrder, () => placeLine(deps, orderId));
  expect(await refundUndecided(late, await order())).toBe("nothing_due");
  expect(await order()).toMatchObject({ state: "fulfilled", refunded: 0 });
  expect(bought()).toBe(1);
  await end();
});

test("a run that falls asleep just before it buys wakes up to an order that was refunded, and buys nothing", async () => {
  const { deps, orderId, order, bought, end } = await broken("success");
  const ruled = async () => expect(await refundUndecided(at(TOO_LATE), await order())).toBe("refunded");
  await placeLine(meanwhile(deps, before.anyMoveOfTheOrder, ruled), orderId);
  expect(await order()).toMatchObject({ state: "partly_fulfilled", refunded: 50 });
  expect(bought()).toBe(0);
  await end();
});

test("what a supplier may still deliver is not given back: told as overdue, once, whatever runs break after that", async () => {
  const { orderId, order, breaks } = await broken("neverDone", true);
  expect(await refundUndecided(at(TOO_LATE), await order())).toBe("escalated");
  await watchOrder(at(TOO_LATE), { orderId, looks: 0 });
  await breaks(2, TOO_LATE + 1);
  expect(await refundUndecided(at(2 * TOO_LATE), await order())).toBe("nothing_due");
  const escalatedAt = new Date(start + TOO_LATE * 1000).toISOString();
  expect(await order()).toMatchObject({ state: "review", refunded: 0, review: { escalatedAt } });
});
