import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trailOf } from "../../shared/audit/records.ts";
import { askSupplier } from "../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../shared/fulfilment/place-line.ts";
import { planOrder } from "../../shared/fulfilment/step.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { revealGoods } from "../../shared/orders/goods.ts";
import type { Order } from "../../shared/orders/model.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { type BulkAnswer, decideMany } from "../../shared/review/bulk.ts";
import { decide } from "../../shared/review/decide.ts";
import { type BulkDecision, Decision } from "../../shared/review/decision.ts";
import { ReviewSettings, writeReviewSettings } from "../../shared/review/settings.ts";
import { refundUndecided } from "../../shared/review/undecided.ts";
import { Calls, Crashed } from "../support/calls.ts";
import { violations } from "../support/invariants.ts";
import { settleMoney, stockedProduct, sweepUntilQuiet } from "../support/market.ts";
import { type Behaviour, orderMixed } from "../support/mixed-order.ts";
import { type Everything, everythingOn } from "../support/on-second-engine.ts";
import { proofEngine } from "../support/proof-engine.ts";
import type { SecondEngine } from "../support/second-engine.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../support/supplier-simulator.ts";

// What people decide about an order in review: a code for 100 that was delivered, and a top-up for 50 that was not.

let engine: SecondEngine;
let deps: Everything["deps"];
let simulator: SupplierSimulator;
let later = 0;
const clock = (): Date => new Date(Date.now() + later * 1000);

beforeAll(async () => {
  engine = await proofEngine();
  simulator = await startSupplierSimulator();
  deps = everythingOn(engine, { clock }).deps;
}, 120_000);
afterAll(async () => {
  await simulator.stop();
  await engine.stop();
});

const anna = { operator: "arn:aws:iam::1:user/anna", requestId: "req_anna" };
const ben = { operator: "arn:aws:iam::1:user/ben", requestId: "req_ben" };

const refund = Decision.parse({ action: "refund", reason: "enough" });
const retry = Decision.parse({ action: "retry", reason: "again" });
const fromStock = (productId: string): Decision =>
  Decision.parse({ action: "replace", reason: "r", lineId: "2", with: { from: "stock", productId } });

/** An order whose top-up is before a person. */
async function inReview(behaviour: Behaviour = "refused") {
  const mixed = await orderMixed(deps, simulator, behaviour);
  await placeLine(deps, mixed.orderId, mixed.lineId);
  const order = async (): Promise<Order> => (await readOrder(deps, mixed.orderId)) as Order;
  return { ...mixed, order };
}

/** An order whose top-up is before a person because its supplier, who has it, does not say what became of it. */
async function undelivered() {
  const seen = await inReview("neverDone");
  await at(LIMITS.answerWithinSeconds + 1, async () => {
    await askSupplier(deps, seen.orderId, seen.lineId);
  });
  expect(await seen.order()).toMatchObject({ state: "review", review: { reason: "no_answer" } });
  return seen;
}

/** Lets a scene happen so many seconds from now. */
async function at(seconds: number, scene: () => Promise<void>): Promise<void> {
  later = seconds;
  await scene().finally(() => {
    later = 0;
  });
}

async function expectInOrder({ orderId, channelId }: { orderId: string; channelId: string }, ...products: string[]) {
  const order = (await readOrder(deps, orderId)) as Order;
  const ofCodes = order.lines.filter(({ kind }) => kind === "code").map(({ productId }) => productId);
  const all = [...new Set([...ofCodes, ...products])];
  await sweepUntilQuiet(deps, ...all);
  await settleMoney(deps, orderId);
  expect(await violations(deps, { products: all, channels: [channelId], orders: [orderId] })).toEqual([]);
}

describe("an amount over the limit takes two people", () => {
  /** Everything in this market is above the limit, as long as the scene lasts. */
  async function withTwo(scene: () => Promise<void>): Promise<void> {
    await writeReviewSettings(deps, ReviewSettings.parse({ twoPeopleFrom: { CNY: 50 } }));
    try {
      await scene();
    } finally {
      await writeReviewSettings(deps, ReviewSettings.parse({}));
    }
  }

  test("the first proposes, the same person again is nobody, the second carries it out, and all three are on record", async () => {
    const seen = await inReview();
    const { orderId } = seen;
    await withTwo(async () => {
      expect(await decide(deps, orderId, refund, anna)).toMatchObject({ ok: true, value: { outcome: "proposed" } });
      expect(await seen.order()).toMatchObject({
        state: "review",
        refunded: 0,
        review: { proposal: { by: anna.operator } },
      });
      const again = await decide(deps, orderId, refund, { ...anna, requestId: "req_again" });
      expect(again).toMatchObject({ ok: false, code: "second_person_required" });
      expect((await seen.order()).state).toBe("review");
      expect(await decide(deps, orderId, { ...refund, reason: "so be it" }, ben)).toMatchObject({
        ok: true,
        value: { outcome: "done", order: { state: "partly_fulfilled", refunded: 50 } },
      });
    });
    const trail = await trailOf(deps, orderId);
    expect(trail.map(({ action, by }) => [action, by])).toEqual([
      ["review_refund_proposed", anna.operator],
      ["review_refund", ben.operator],
    ]);
    expect(trail[1]?.note).toContain(anna.operator);
    await expectInOrder(seen);
  });

  test("the second must decide the same: another decision is another proposal", async () => {
    const seen = await inReview();
    await withTwo(async () => {
      await decide(deps, seen.orderId, refund, anna);
      const other = Decision.parse({ ...refund, lines: ["2"] });
      expect(await decide(deps, seen.orderId, other, ben)).toMatchObject({ value: { outcome: "proposed" } });
      expect(await decide(deps, seen.orderId, refund, ben)).toMatchObject({ value: { outcome: "proposed" } });
      expect(await decide(deps, seen.orderId, refund, anna)).toMatchObject({ value: { outcome: "done" } });
    });
    await expectInOrder(seen);
  });

  test("what was proposed is forgotten when the order has moved: the second would confirm what the first never saw", async () => {
    const seen = await inReview();
    await withTwo(async () => {
      await decide(deps, seen.orderId, refund, anna);
      await decide(deps, seen.orderId, retry, ben);
      await placeLine(deps, seen.orderId, seen.lineId);
      expect(await decide(deps, seen.orderId, refund, ben)).toMatchObject({ value: { outcome: "proposed" } });
    });
    expect((await seen.order()).refunded).toBe(0);
  });
});

describe("a note", () => {
  test("is on record and moves nothing", async () => {
    const seen = await inReview();
    const before = await seen.order();
    const note = Decision.parse({ action: "note", reason: "the supplier was called" });
    expect(await decide(deps, seen.orderId, note, anna)).toMatchObject({ value: { outcome: "noted" } });
    expect(await seen.order()).toEqual(before);
    expect(await trailOf(deps, seen.orderId)).toMatchObject([
      { action: "review_note", note: "the supplier was called" },
    ]);
  });
});

describe("a replacement", () => {
  const looker = { keyId: "key", sourceIp: "192.0.2.1", requestId: "req_1" };

  test("with a code from stock delivers it at the price that was paid, and remembers what was bought", async () => {
    const seen = await inReview();
    const productId = await stockedProduct(deps, 1);
    const bought = (await seen.order()).lines[1]?.productId;
    expect(await decide(deps, seen.orderId, fromStock(productId), anna)).toMatchObject({
      value: { outcome: "done", order: { state: "fulfilled" } },
    });
    const order = await seen.order();
    const line = { kind: "code", productId, unitPrice: 50, state: "fulfilled", replaced: [{ productId: bought }] };
    expect(order.lines[1]).toMatchObject(line);
    const goods = await revealGoods(deps, order, looker);
    expect(goods.ok && goods.value.get("2")).toHaveLength(1);
    await expectInOrder(seen);
  });

  test("with stock that there is not enough of is refused, and takes nothing", async () => {
    const seen = await inReview();
    const productId = await stockedProduct(deps, 0);
    expect(await decide(deps, seen.orderId, fromStock(productId), anna)).toMatchObject({ code: "sold_out" });
    expect((await seen.order()).state).toBe("review");
    await expectInOrder(seen, productId);
  });

  test("by another supplier buys it there, under the next reference", async () => {
    const seen = await inReview();
    const { supplierId } = await orderMixed(deps, simulator, "success");
    const supplierProductId = "prod_phone_50";
    const decision = {
      action: "replace",
      reason: "r",
      lineId: "2",
      with: { from: "supplier", supplierId, supplierProductId },
    };
    const decided = await decide(deps, seen.orderId, Decision.parse(decision), anna);
    expect(decided).toMatchObject({ value: { outcome: "done", order: { state: "fulfilling", run: 2 } } });
    await placeLine(deps, seen.orderId, "2");
    const [, line] = (await seen.order()).lines;
    const reference = `${seen.orderId}-1-2-2`;
    expect(line).toMatchObject({ attempt: { supplierId, reference }, history: [{ outcome: "rejected" }] });
  });

  test("of what the supplier may still deliver needs its definite no, or somebody's word, which goes on record", async () => {
    const seen = await undelivered();
    const decision = fromStock(await stockedProduct(deps, 1));
    expect(await decide(deps, seen.orderId, decision, anna)).toMatchObject({ code: "line_unresolved" });
    expect((await seen.order()).state).toBe("review");
    const regardless = { ...decision, evenIfUnresolved: true } as Decision;
    expect(await decide(deps, seen.orderId, regardless, ben)).toMatchObject({
      value: { order: { state: "fulfilled" } },
    });
    const trail = await trailOf(deps, seen.orderId);
    expect(trail.find(({ by }) => by === ben.operator)?.note).toContain("even if unresolved");
    await expectInOrder(seen);
  });
});

describe("a refund of some lines", () => {
  test("gives back those, once, and leaves the others where they are", async () => {
    const seen = await inReview();
    const only = Decision.parse({ action: "refund", reason: "r", lines: ["2"] });
    expect(await decide(deps, seen.orderId, only, anna)).toMatchObject({
      value: { order: { state: "partly_fulfilled" } },
    });
    expect(await decide(deps, seen.orderId, only, ben)).toMatchObject({ code: "not_in_review" });
    await expectInOrder(seen);
  });

  test("is refused for a line that was delivered", async () => {
    const seen = await inReview();
    const wrong = Decision.parse({ action: "refund", reason: "r", lines: ["1", "2"] });
    expect(await decide(deps, seen.orderId, wrong, anna)).toMatchObject({ code: "line_settled" });
    expect((await seen.order()).refunded).toBe(0);
  });
});

describe("what nobody decides in time", () => {
  test("is refunded by rule, with the rule's name on record", async () => {
    const seen = await inReview();
    expect(await refundUndecided(deps, await seen.order())).toBe("nothing_due");
    await at(LIMITS.decisionSeconds + 1, async () => {
      expect(await refundUndecided(deps, await seen.order())).toBe("refunded");
    });
    expect(await seen.order()).toMatchObject({ state: "partly_fulfilled", refunded: 50, decided: { by: "rule" } });
    expect(await trailOf(deps, seen.orderId)).toMatchObject([{ action: "review_refund", by: "rule:undecided" }]);
    await expectInOrder(seen);
  });

  test("but may still be delivered is not: it is marked as overdue, once", async () => {
    const seen = await undelivered();
    await at(2 * LIMITS.decisionSeconds, async () => {
      expect(await refundUndecided(deps, await seen.order())).toBe("escalated");
      expect(await refundUndecided(deps, await seen.order())).toBe("nothing_due");
    });
    expect(await seen.order()).toMatchObject({
      state: "review",
      refunded: 0,
      review: { escalatedAt: expect.any(String) },
    });
  });
});

test("one decision for many: each is retried once, and what comes back meanwhile is not decided again", async () => {
  const since = clock().toISOString();
  const many = [await inReview(), await inReview(), await inReview()];
  const ids = many.map(({ orderId }) => orderId);
  const bulk: BulkDecision = { filter: { since, reason: "sold_out" }, action: "retry", reason: "the supplier is back" };
  const first = await everyPage(bulk);
  expect(first.results.toSorted(byOrder)).toEqual(
    ids.map((orderId) => ({ orderId, result: "done" })).toSorted(byOrder),
  );
  for (const { orderId, lineId } of many) await placeLine(deps, orderId, lineId);
  expect((await many[0]?.order())?.state).toBe("review");
  expect((await everyPage({ ...bulk, filter: first.filter })).results).toEqual([]);
  for (const orderId of ids)
    expect(await trailOf(deps, orderId)).toMatchObject([{ action: "review_retry", by: anna.operator }]);
});

const byOrder = (a: { orderId: string }, b: { orderId: string }): number => a.orderId.localeCompare(b.orderId);

/** A bulk decision as the command line makes it. */
async function everyPage(bulk: BulkDecision): Promise<Pick<BulkAnswer, "results" | "filter">> {
  const results: BulkAnswer["results"] = [];
  let page = await decideMany(deps, bulk, anna);
  results.push(...page.results);
  while (page.next !== null) {
    page = await decideMany(deps, { ...bulk, filter: page.filter }, anna, page.next);
    results.push(...page.results);
  }
  return { results, filter: page.filter };
}

describe("two operators who decide differently at once", () => {
  test.each([1, 2, 3, 4])("one of them wins, and the buyer has goods or money, never both (%s)", async () => {
    const seen = await inReview();
    const productId = await stockedProduct(deps, 1);
    const answers = await Promise.all([
      decide(deps, seen.orderId, refund, anna),
      decide(deps, seen.orderId, fromStock(productId), ben),
    ]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    await planOrder(deps, seen.orderId);
    const { state, refunded } = await seen.order();
    expect([
      ["fulfilled", 0],
      ["partly_fulfilled", 50],
    ]).toContainEqual([state, refunded]);
    await expectInOrder(seen, productId);
  });
});

describe("dead at any call of a decision, decided again, it is carried out once", () => {
  test.each([
    ["a refund", "partly_fulfilled", 50],
    ["a replacement from stock", "fulfilled", 0],
  ] as const)("%s", { timeout: 120_000 }, async (what, state, refunded) => {
    let calls = 0;
    for (let death = 1; ; death++) {
      const seen = await inReview();
      const productId = await stockedProduct(deps, 3);
      const decision = what === "a refund" ? refund : fromStock(productId);
      const doomed = dying(death);
      const ended = await decide(doomed.deps, seen.orderId, decision, anna).then(
        () => true,
        (error: unknown) => {
          if (error instanceof Crashed) return false;
          throw error;
        },
      );
      const again = await decide(deps, seen.orderId, decision, ben);
      expect(again.ok || again.code === "not_in_review").toBe(true);
      await planOrder(deps, seen.orderId);
      expect([death, await seen.order()]).toMatchObject([death, { state, refunded }]);
      await expectInOrder(seen, productId);
      if (ended) break;
      calls += 1;
    }
    expect(calls).toBeGreaterThan(8);
  });

  /** The same use cases in a process that dies after its k-th call to a table. */
  function dying(call: number): { deps: Everything["deps"] } {
    const calls = new Calls();
    const mortal = everythingOn(engine, { clock }).deps;
    calls.watch(mortal.db);
    calls.crash(call, "after");
    return { deps: { ...deps, db: mortal.db } };
  }
});
