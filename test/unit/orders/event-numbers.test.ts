import * as fc from "fast-check";
import { expect, test } from "vitest";
import { eventFrom } from "../../../functions/events.ts";
import { toldOf } from "../../../shared/events/event.ts";
import { counted } from "../../../shared/orders/events.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { newsOf, type OrderStep } from "../../../shared/orders/news.ts";
import { MOVES } from "../../../shared/orders/states.ts";
import { at, codeLine, orderOf } from "../../support/orders/order-fixtures.ts";

/** What else a move may change, beside the state. */
const changes = fc.record(
  {
    fundedBy: fc.constantFrom(["one"], ["pay_1"], ["pay_1", "one"]),
    fundedAt: fc.constant(at(0)),
    overdue: fc.constant(true as const),
    review: fc.record({ reason: fc.constant("sold_out"), since: fc.constantFrom(at(1), at(2), at(3)) }),
    decided: fc.record({
      action: fc.constantFrom("retry" as const, "refund" as const),
      by: fc.constant("rule" as const),
      at: fc.constantFrom(at(1), at(2)),
    }),
    refundedAt: fc.array(fc.constant(at(1)), { maxLength: 3 }),
    refusal: fc.constant("sold_out" as const),
  },
  { requiredKeys: [] },
);
const move = fc.record({ to: fc.nat(), change: changes });

/** An order's life: legal moves, each counted as the table counts it, and seen as a stream shows it. */
function lifeOf(moves: readonly { to: number; change: Partial<Order> }[]): OrderStep[] {
  let before: Order | undefined;
  return moves.flatMap(({ to, change }, index): OrderStep[] => {
    const nexts = before === undefined ? (["open", "awaiting_payment"] as const) : MOVES[before.state];
    const state = nexts[to % nexts.length];
    if (state === undefined) return [];
    const epoch = (before?.epoch ?? 0) + (before === undefined || before.state === "refused" ? 1 : 0);
    const { told: _told, ...kept } = before ?? orderOf(state, [codeLine("open")]);
    const after = counted(before, { ...kept, ...change, state, epoch, version: index + 1 });
    const step = { before, after, at: at(index) };
    before = after;
    return [step];
  });
}

/** What consumers get of the steps, if the stream cuts them into batches there. */
function toldIn(steps: readonly OrderStep[], cuts: ReadonlySet<number>) {
  const batches: OrderStep[][] = [[]];
  steps.forEach((step, index) => {
    if (cuts.has(index)) batches.push([]);
    batches.at(-1)?.push(step);
  });
  return batches.map((batch) => newsOf(batch).map(toldOf));
}

test("the numbers of an order's events have no gap and no double, and agree with the order's count, however batches are cut", () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 1, maxLength: 30 }), fc.array(fc.nat(30)), (moves, cuts) => {
      const steps = lifeOf(moves);
      const batches = toldIn(steps, new Set(cuts));
      // One entry for each order and batch: that is what is paid for.
      for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(1);
      const events = batches.flat().flatMap((news) => news.events);
      expect(events.map(({ number }) => number)).toEqual(events.map((_, index) => index + 1));
      expect(steps.at(-1)?.after.told ?? 0).toBe(events.length);
      expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
      for (const event of events) expect(eventFrom(event)).toEqual(event);
    }),
  );
});

test("what an earlier version wrote without counting is told without numbers, and the next number follows the last", () => {
  const [first, second, third] = lifeOf([
    { to: 0, change: {} },
    { to: 3, change: { fundedBy: ["one"], fundedAt: at(0) } },
    { to: 1, change: { review: { reason: "reversed", since: at(1) } } },
  ]) as [OrderStep, OrderStep, OrderStep];
  // The second change was made by a version that knows nothing of numbers: the count stays as it was.
  const uncounted = { ...second, after: { ...second.after, told: 1 } };
  const next = counted(uncounted.after, third.after);
  const news = newsOf([first, uncounted, { before: uncounted.after, after: next, at: third.at }]).map(toldOf);
  expect(news.flatMap(({ events }) => events.map(({ type, number }) => [type, number]))).toEqual([
    ["order.placed", 1],
    ["order.paid", undefined],
    ["order.fulfilled", undefined],
    ["order.review_opened", 2],
  ]);
});
