import { expect, test } from "vitest";
import { listRecords } from "../../../shared/audit/list.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { takeBack } from "../../../shared/inventory/void-sold.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { moveOrder, readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { Decision, OrderRefund } from "../../../shared/review/decision.ts";
import { refundByRule, refundOrder } from "../../../shared/review/refund-order.ts";
import { writeReviewSettings } from "../../../shared/review/settings.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { otherEntries, readEntries } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { LOOKER, largeMarket } from "../../support/orders/large-market.ts";
import {
  buy,
  codeProduct,
  type Market,
  openMarket,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Operators give a paid order back: all of it, lines, or pieces; delivered or not, once, to the last unit.

const { deps } = await sceneGround();
const because = (more: object = {}) => OrderRefund.parse({ reason: "it did not work", ...more });
const refund = (id: string, more: object, key: string, by = anna) =>
  refundOrder(deps, id, because(more), { ...by, cause: key });
const now = async (id: string): Promise<Order> => (await readOrder(deps, id)) as Order;
const spendable = async ({ channelId }: Market) => (await readAccount(deps, channelId, "CNY"))?.spendable;

async function bought(quantity: number, goods: "reveal" | "keep sealed", price = 100) {
  const market = await openMarket(deps, { stock: quantity, money: quantity * price, price });
  const lines = [{ productId: market.productId, quantity }];
  const { order } = valueOf(await buy(deps, market.channelId, newId("req"), lines, goods));
  await settleMoney(deps, order.id);
  return { market, id: order.id };
}

/** Everything that is wrong with the order, its money and its stock, now that all is quiet. */
async function wrongWith({ productId, channelId }: Market, ...orders: string[]): Promise<string[]> {
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, productId);
  return violations(deps, { products: [productId], channels: [channelId], orders });
}

test("a delivered order goes back piece by piece until nothing is left, and what was seen is void", async () => {
  const { market, id } = await bought(3, "reveal");
  for (const [round, state] of (["fulfilled", "fulfilled", "refunded"] as const).entries()) {
    const done = valueOf(await refund(id, { pieces: 1 }, `piece ${round}`));
    expect(done).toMatchObject({ kind: "done", order: { state, refunded: (round + 1) * 100 } });
    expect(await spendable(market)).toBe((round + 1) * 100);
    expect(await wrongWith(market, id)).toEqual([]);
  }
  const order = await now(id);
  expect(order.lines[0]).toMatchObject({ state: "returned", back: { pieces: 3 }, tickets: [] });
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ sold: 0, void: 3, available: 0 });
  expect(await refund(id, {}, "more")).toMatchObject({ ok: false, code: "not_refundable" });
  const { records } = await listRecords(deps, id, 10);
  expect(records.filter(({ action }) => action === "order_refunded")).toHaveLength(3);
});

test("pieces that nobody has seen come back into stock, and the others are the buyer's; a later look shows those alone", async () => {
  const { market, id } = await bought(3, "keep sealed");
  valueOf(await refund(id, { lines: ["1"], pieces: 2 }, "two"));
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ sold: 1, void: 0, available: 2 });
  const page = valueOf(await revealPage(deps, await now(id), LOOKER, { from: 0, limit: 10 }));
  expect(page.pieces).toHaveLength(1);
  valueOf(await refund(id, {}, "the rest"));
  expect(await now(id)).toMatchObject({ state: "refunded", refunded: 300, lines: [{ back: { pieces: 3 } }] });
  expect(await countStock(deps, market.productId, new Date())).toMatchObject({ sold: 0, void: 1, available: 2 });
  expect(await wrongWith(market, id)).toEqual([]);
});

test("what codes have cost us comes back with those that come back into stock, exactly, and stays ours with those that were seen", async () => {
  const productId = await codeProduct(deps);
  const [cheap = "", dear = "", other = ""] = makeCodes(3);
  for (const [code, amount] of [
    [cheap, 3],
    [dear, 50],
    [other, 7],
  ] as const) {
    const unitCost = { amount, currency: "CNY" };
    valueOf(await importCodes(deps, productId, `secret\n${code}\n`, { dryRun: false, cost: { unitCost } }));
  }
  const market = { ...(await openMarket(deps, { stock: 0, money: 300 })), productId };
  const lines = [{ productId, quantity: 3 }];
  const { order } = valueOf(await buy(deps, market.channelId, "order", lines, "keep sealed"));
  await settleMoney(deps, order.id);
  valueOf(await refund(order.id, { pieces: 1 }, "unseen"));
  expect(await wrongWith(market, order.id)).toEqual([]);
  valueOf(await revealPage(deps, await now(order.id), LOOKER, { from: 0, limit: 10 }));
  valueOf(await refund(order.id, {}, "seen"));
  expect(await wrongWith(market, order.id)).toEqual([]);
  const inStock = [...(await readEntries(deps, market.channelId)), ...(await otherEntries(deps))]
    .flatMap(({ legs }) => legs)
    .reduce((sum, { account, amount }) => (account === "platform:stock" ? sum + amount : sum), 0);
  const [line] = (await now(order.id)).lines;
  expect([3, 50, 7]).toContain(inStock);
  expect(line?.back?.cost).toEqual([{ amount: inStock, currency: "CNY", pieces: 1 }]);
});

test("one key is one refund: its repeat gets what it made, and another wish under it is refused", async () => {
  const { market, id } = await bought(4, "reveal");
  const wishes = [{ pieces: 1 }, { pieces: 2 }, { lines: ["1"] }, { pieces: 1 }];
  const asked = async (wish: object): Promise<Awaited<ReturnType<typeof refund>>> => {
    const answer = await refund(id, wish, "one key");
    return !answer.ok && answer.code === "busy" ? refund(id, wish, "one key") : answer;
  };
  const settled = await Promise.all(wishes.map(asked));
  const codes = settled.map((answer) => (answer.ok ? answer.value.kind : answer.code));
  expect(new Set(codes)).toEqual(new Set(["done", "idempotency_key_reused"]));
  expect((await now(id)).refundedAt).toHaveLength(1);
  expect(await wrongWith(market, id)).toEqual([]);
});

test("refunds at once of pieces that overlap give each piece back once, and refuse what is not left", async () => {
  const { market, id } = await bought(3, "reveal");
  const keys = ["a", "b", "c", "d", "e"];
  const tried = new Map<string, string>();
  for (let again = 0; again < 5 && tried.size < keys.length; again++) {
    const open = keys.filter((key) => !tried.has(key));
    const answers = await Promise.all(open.map((key) => refund(id, { pieces: 1 }, key)));
    for (const [index, answer] of answers.entries())
      if (answer.ok || answer.code !== "busy") tried.set(open[index] ?? "", answer.ok ? "done" : answer.code);
  }
  const outcomes = [...tried.values()].toSorted();
  expect(outcomes).toEqual(["done", "done", "done", "not_refundable", "not_refundable"]);
  expect(await spendable(market)).toBe(300);
  expect(await wrongWith(market, id)).toEqual([]);
});

test("what can't go back is refused by name, and nothing has changed", async () => {
  const { market, id } = await bought(2, "reveal");
  const before = await now(id);
  for (const [wish, refusal] of [
    [{ lines: ["2"] }, { code: "line_settled" }],
    [{ pieces: 3 }, { code: "not_refundable" }],
  ] as const)
    expect(await refund(id, wish, newId("req"))).toMatchObject({ ok: false, ...refusal });
  expect(await refund(newId("ord"), {}, "k")).toMatchObject({ code: "not_found" });
  const lines = [{ productId: market.productId, quantity: 1 }];
  const unpaid = await buy(deps, market.channelId, "unpaid", lines, "keep sealed", undefined, {
    payment: { method: "deferred" },
  });
  expect(unpaid.ok).toBe(false);
  expect(await now(id)).toEqual(before);
});

test("from the limit on it takes two people: a delivered order waits among the reviews, and no small pieces get around it", async () => {
  const { market, id } = await bought(3, "reveal");
  await writeReviewSettings(deps, ReviewSettings.parse({ twoPeopleFrom: { CNY: 200 } }));
  try {
    expect(valueOf(await refund(id, { pieces: 1 }, "small")).kind).toBe("done");
    expect(valueOf(await refund(id, { pieces: 1 }, "second")).kind).toBe("proposed");
    const waiting = await now(id);
    expect(waiting).toMatchObject({ state: "fulfilled", refunded: 100, review: { reason: "refund_proposed" } });
    expect(await refund(id, { pieces: 1 }, "again")).toMatchObject({ code: "second_person_required" });
    const reject = Decision.parse({ action: "reject", reason: "no" });
    expect(valueOf(await decide(deps, id, reject, ben)).order.review).toBeUndefined();
    expect(await decide(deps, id, reject, ben)).toMatchObject({ code: "not_in_review" });
    expect(valueOf(await refund(id, { pieces: 2 }, "rest")).kind).toBe("proposed");
    // Another wish is another proposal.
    expect(valueOf(await refund(id, { pieces: 1 }, "less", ben)).kind).toBe("proposed");
    expect(valueOf(await refund(id, { pieces: 1 }, "less too", anna)).kind).toBe("done");
    const done = await now(id);
    expect(done).toMatchObject({ state: "fulfilled", refunded: 200, decidedWorth: { CNY: 200 } });
    expect(done.review).toBeUndefined();
  } finally {
    await writeReviewSettings(deps, ReviewSettings.parse({}));
  }
  expect(await wrongWith(market, id)).toEqual([]);
});

test("a rule or a case refunds once for its cause, on record under its own name", async () => {
  const { market, id } = await bought(2, "reveal");
  const by = { by: "case:case_1", cause: "case_1" };
  for (let again = 0; again < 2; again++)
    expect(valueOf(await refundByRule(deps, id, because({ pieces: 1 }), by))).toMatchObject({ refunded: 100 });
  const { records } = await listRecords(deps, id, 10);
  expect(records.map(({ action, by: who }) => [action, who])).toEqual([["order_refunded", "case:case_1"]]);
  expect((await now(id)).decidedWorth).toBeUndefined();
  expect(await wrongWith(market, id)).toEqual([]);
});

test("after so many parts all that is left goes back at once, and an order with all of them is far from full", async () => {
  const { market, id } = await bought(3, "reveal");
  const order = await now(id);
  const at = new Date().toISOString();
  const refunds = Object.fromEntries(
    Array.from({ length: LIMITS.refundRounds }, (_, round) => [newId("req"), { what: "f".repeat(64), round }]),
  );
  const many = { refundedAt: Array.from({ length: LIMITS.refundRounds }, () => at), refunds };
  expect(JSON.stringify({ ...order, ...many }).length).toBeLessThan(40_000);
  await moveOrder(deps, order, many);
  expect(await refund(id, { pieces: 1 }, "one more")).toMatchObject({ ok: false, code: "limit_reached" });
  expect(valueOf(await refund(id, {}, "all")).order.state).toBe("refunded");
  expect(await spendable(market)).toBe(300);
});

test("a large order goes back by piece: from the ends of its runs, void if it was seen, and otherwise for sale", async () => {
  const { market, place, work, goodsOf, endOf, count } = largeMarket(deps);
  const of = await market(90);
  await place(of, "a", 90);
  const sold = await work(of, "a");
  const begun = valueOf(await refund(sold.id, { pieces: 40 }, "unseen")).order;
  expect(begun).toMatchObject({ state: "fulfilled", refunded: 4_000, run: sold.run + 1 });
  expect(await count(of)).toMatchObject({ available: 40, sold: 50, void: 0 });
  expect(await goodsOf(await now(sold.id))).toHaveLength(50);
  // A part at a time, as the workflow takes them back.
  const [run] = begun.lines[0]?.reserved ?? [];
  if (run === undefined) throw new Error("it has no run");
  const end = { ...run, first: run.first + 20, quantity: run.quantity - 20 };
  const order = await now(sold.id);
  const leaving = { pieces: 30, isSeen: true as const, places: { reserved: [end] } };
  const lines = order.lines.map((line) => ({ ...line, leaving }));
  const change = { state: "refunding", lines, unwindingSince: new Date().toISOString(), reopened: true } as const;
  await moveOrder(deps, order, change);
  expect(await goodsOf(await now(sold.id))).toHaveLength(20);
  expect(await takeBack(deps, sold.id, end, true, 20)).toBe(false);
  expect(await count(of)).toMatchObject({ sold: 30, void: 20 });
  expect(await work(of, "a")).toMatchObject({ state: "fulfilled", refunded: 7_000 });
  expect(await count(of)).toMatchObject({ available: 40, sold: 20, void: 30 });
  expect((await endOf(of, "a")).wrong).toEqual([]);
  expect(valueOf(await refund(sold.id, {}, "all")).order).toMatchObject({ state: "refunded", refunded: 9_000 });
  expect((await endOf(of, "a")).wrong).toEqual([]);
});
