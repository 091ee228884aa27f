import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { type BulkAnswer, decideMany } from "../../../shared/review/bulk.ts";
import { decide } from "../../../shared/review/decide.ts";
import { type BulkDecision, Decision } from "../../../shared/review/decision.ts";
import { writeReviewSettings } from "../../../shared/review/settings.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { refundUndecided } from "../../../shared/review/undecided.ts";
import { stockedProduct } from "../../support/orders/market.ts";
import { orderMixed } from "../../support/orders/mixed-order.ts";
import { anna, ben, fromStock, ReviewGround, refund, retry } from "../../support/review/review-ground.ts";

// What people decide about an order in review, and what becomes of it.

let ground: ReviewGround;
beforeAll(async () => {
  ground = await ReviewGround.open();
});
afterAll(() => ground.close());

describe("an amount over the limit takes two people", () => {
  /** Everything in this market is above the limit, as long as the scene lasts. */
  async function withTwo(scene: () => Promise<void>): Promise<void> {
    await writeReviewSettings(ground.deps, ReviewSettings.parse({ twoPeopleFrom: { CNY: 50 } }));
    try {
      await scene();
    } finally {
      await writeReviewSettings(ground.deps, ReviewSettings.parse({}));
    }
  }

  test("the first proposes, the same person again is nobody, the second carries it out, and all three are on record", async () => {
    const seen = await ground.inReview();
    const { orderId } = seen;
    await withTwo(async () => {
      expect(await decide(ground.deps, orderId, refund, anna)).toMatchObject({
        ok: true,
        value: { kind: "proposed" },
      });
      expect(await seen.order()).toMatchObject({
        state: "review",
        refunded: 0,
        review: { proposal: { by: anna.operator } },
      });
      const again = await decide(ground.deps, orderId, refund, { ...anna, requestId: "req_again" });
      expect(again).toMatchObject({ ok: false, code: "second_person_required" });
      expect((await seen.order()).state).toBe("review");
      expect(await decide(ground.deps, orderId, { ...refund, reason: "so be it" }, ben)).toMatchObject({
        ok: true,
        value: { kind: "done", order: { state: "partly_fulfilled", refunded: 50 } },
      });
    });
    const trail = await trailOf(ground.deps, orderId);
    expect(trail.map(({ action, by }) => [action, by])).toEqual([
      ["review_refund_proposed", anna.operator],
      ["review_refund", ben.operator],
    ]);
    expect(trail[1]?.note).toContain(anna.operator);
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("the second must decide the same: another decision is another proposal", async () => {
    const seen = await ground.inReview();
    await withTwo(async () => {
      await decide(ground.deps, seen.orderId, refund, anna);
      const other = Decision.parse({ ...refund, lines: ["2"] });
      expect(await decide(ground.deps, seen.orderId, other, ben)).toMatchObject({ value: { kind: "proposed" } });
      expect(await decide(ground.deps, seen.orderId, refund, ben)).toMatchObject({ value: { kind: "proposed" } });
      expect(await decide(ground.deps, seen.orderId, refund, anna)).toMatchObject({ value: { kind: "done" } });
    });
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("what was proposed is forgotten when the order has moved: the second would confirm what the first never saw", async () => {
    const seen = await ground.inReview();
    await withTwo(async () => {
      await decide(ground.deps, seen.orderId, refund, anna);
      await decide(ground.deps, seen.orderId, retry, ben);
      await placeLine(ground.deps, seen.orderId);
      expect(await decide(ground.deps, seen.orderId, refund, ben)).toMatchObject({ value: { kind: "proposed" } });
    });
    expect((await seen.order()).refunded).toBe(0);
  });
});

describe("a note", () => {
  test("is on record and moves nothing", async () => {
    const seen = await ground.inReview();
    const before = await seen.order();
    const note = Decision.parse({ action: "note", reason: "the supplier was called" });
    expect(await decide(ground.deps, seen.orderId, note, anna)).toMatchObject({ value: { kind: "noted" } });
    expect(await seen.order()).toEqual(before);
    expect(await trailOf(ground.deps, seen.orderId)).toMatchObject([
      { action: "review_note", note: "the supplier was called" },
    ]);
  });
});

describe("a replacement", () => {
  const looker = { keyId: "key", sourceIp: "192.0.2.1", requestId: "req_1" };

  test("with a code from stock delivers it at the price that was paid, and remembers what was bought", async () => {
    const seen = await ground.inReview();
    const productId = await stockedProduct(ground.deps, 1);
    const bought = (await seen.order()).lines[1]?.productId;
    expect(await decide(ground.deps, seen.orderId, fromStock(productId), anna)).toMatchObject({
      value: { kind: "done", order: { state: "fulfilled" } },
    });
    const order = await seen.order();
    const line = { kind: "code", productId, unitPrice: 50, state: "fulfilled", replaced: [{ productId: bought }] };
    expect(order.lines[1]).toMatchObject(line);
    const goods = await revealGoods(ground.deps, order, looker);
    expect(goods.ok && goods.value.get("2")).toHaveLength(1);
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("with stock that there is not enough of is refused, and takes nothing", async () => {
    const seen = await ground.inReview();
    const productId = await stockedProduct(ground.deps, 0);
    expect(await decide(ground.deps, seen.orderId, fromStock(productId), anna)).toMatchObject({ code: "sold_out" });
    expect((await seen.order()).state).toBe("review");
    expect(await ground.wrongWith(seen, productId)).toEqual([]);
  });

  test("by another supplier buys it there, under the next reference", async () => {
    const seen = await ground.inReview();
    const { supplierId } = await orderMixed(ground.deps, ground.simulator, "success");
    const supplierProductId = "prod_phone_50";
    const decision = {
      action: "replace",
      reason: "r",
      lineId: "2",
      with: { from: "supplier", supplierId, supplierProductId },
    };
    // Nobody knows what it costs there, so it takes two.
    await decide(ground.deps, seen.orderId, Decision.parse(decision), anna);
    const decided = await decide(ground.deps, seen.orderId, Decision.parse(decision), ben);
    expect(decided).toMatchObject({ value: { kind: "done", order: { state: "fulfilling", run: 2 } } });
    await placeLine(ground.deps, seen.orderId);
    const [, line] = (await seen.order()).lines;
    const reference = `${seen.orderId}-1-2-2`;
    expect(line).toMatchObject({ attempt: { supplierId, reference }, history: [{ outcome: "rejected" }] });
  });

  test("of what the supplier may still deliver needs its definite no, or somebody's word, which goes on record", async () => {
    const seen = await ground.undelivered();
    const decision = fromStock(await stockedProduct(ground.deps, 1));
    expect(await decide(ground.deps, seen.orderId, decision, anna)).toMatchObject({ code: "line_unresolved" });
    expect((await seen.order()).state).toBe("review");
    const regardless = { ...decision, evenIfUnresolved: true } as Decision;
    expect(await decide(ground.deps, seen.orderId, regardless, ben)).toMatchObject({
      value: { order: { state: "fulfilled" } },
    });
    const trail = await trailOf(ground.deps, seen.orderId);
    expect(trail.find(({ by }) => by === ben.operator)?.note).toContain("even if unresolved");
    expect(await ground.wrongWith(seen)).toEqual([]);
  });
});

describe("a refund of some lines", () => {
  test("gives back those, once, and leaves the others where they are", async () => {
    const seen = await ground.inReview();
    const only = Decision.parse({ action: "refund", reason: "r", lines: ["2"] });
    expect(await decide(ground.deps, seen.orderId, only, anna)).toMatchObject({
      value: { order: { state: "partly_fulfilled" } },
    });
    expect(await decide(ground.deps, seen.orderId, only, ben)).toMatchObject({ code: "not_in_review" });
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("is refused for a line that was delivered", async () => {
    const seen = await ground.inReview();
    const wrong = Decision.parse({ action: "refund", reason: "r", lines: ["1", "2"] });
    expect(await decide(ground.deps, seen.orderId, wrong, anna)).toMatchObject({ code: "line_settled" });
    expect((await seen.order()).refunded).toBe(0);
  });
});

describe("what nobody decides in time", () => {
  test("is refunded by rule, with the rule's name on record", async () => {
    const seen = await ground.inReview();
    expect(await refundUndecided(ground.deps, await seen.order())).toBe("nothing_due");
    await ground.at(LIMITS.decisionSeconds + 1, async () => {
      expect(await refundUndecided(ground.deps, await seen.order())).toBe("refunded");
    });
    expect(await seen.order()).toMatchObject({ state: "partly_fulfilled", refunded: 50, decided: { by: "rule" } });
    expect(await trailOf(ground.deps, seen.orderId)).toMatchObject([{ action: "review_refund", by: "rule:undecided" }]);
    expect(await ground.wrongWith(seen)).toEqual([]);
  });

  test("but may still be delivered is not: it is marked as overdue, once", async () => {
    const seen = await ground.undelivered();
    await ground.at(2 * LIMITS.decisionSeconds, async () => {
      expect(await refundUndecided(ground.deps, await seen.order())).toBe("escalated");
      expect(await refundUndecided(ground.deps, await seen.order())).toBe("nothing_due");
    });
    expect(await seen.order()).toMatchObject({
      state: "review",
      refunded: 0,
      review: { escalatedAt: expect.any(String) },
    });
  });
});

test("one decision for many: each is retried once, and what comes back meanwhile is not decided again", async () => {
  const since = ground.clock().toISOString();
  const many = [await ground.inReview(), await ground.inReview(), await ground.inReview()];
  const ids = many.map(({ orderId }) => orderId);
  const bulk: Same = { filter: { since, reason: "sold_out" }, action: "retry", reason: "the supplier is back" };
  const first = await everyPage(bulk);
  expect(first.results.toSorted(byOrder)).toEqual(
    ids.map((orderId) => ({ orderId, result: "done" })).toSorted(byOrder),
  );
  for (const { orderId } of many) await placeLine(ground.deps, orderId);
  expect((await many[0]?.order())?.state).toBe("review");
  expect((await everyPage({ ...bulk, filter: first.filter })).results).toEqual([]);
  for (const orderId of ids)
    expect(await trailOf(ground.deps, orderId)).toMatchObject([{ action: "review_retry", by: anna.operator }]);
});

const byOrder = (a: { orderId: string }, b: { orderId: string }): number => a.orderId.localeCompare(b.orderId);

/** What may be decided alike about any order. */
type Same = Exclude<BulkDecision, { action: "replace" }>;

/** A bulk decision as the command line makes it. */
async function everyPage(bulk: Same): Promise<Pick<BulkAnswer, "results" | "filter">> {
  const results: BulkAnswer["results"] = [];
  let page = await decideMany(ground.deps, bulk, anna);
  results.push(...page.results);
  while (page.next !== null) {
    page = await decideMany(ground.deps, { ...bulk, filter: page.filter }, anna, page.next);
    results.push(...page.results);
  }
  return { results, filter: page.filter };
}
