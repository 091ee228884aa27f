import { LIMITS } from "../kernel/limits.ts";
import type { ProblemCode } from "../kernel/problem.ts";
import type { Order } from "../orders/model.ts";
import { type DecideDeps, type Decided, decide } from "./decide.ts";
import type { BulkDecision, Decision, ReviewFilter } from "./decision.ts";
import { linesWaiting, listMatching } from "./queue.ts";
import type { Decider } from "./two-people.ts";

/** What came of the decision for one order. `failed`: nobody knows; asking again is safe. */
export type BulkResult = { orderId: string; result: Decided["kind"] | ProblemCode | "failed" };

/** The results of one page. Repeat with this filter and `next` until that is null. */
export type BulkAnswer = { results: BulkResult[]; filter: ReviewFilter; next: string | null };

/**
 * Decides alike about a page of the reviews that a filter means, each as if decided by itself: on record, by two people
 * where that is due, safe to repeat. Orders that come back into the queue meanwhile (the supplier is not back after
 * all) are not decided twice: `before`, set by the first page, leaves them out.
 */
export async function decideMany(
  deps: DecideDeps,
  bulk: BulkDecision,
  by: Decider,
  after?: string,
): Promise<BulkAnswer> {
  const filter = { ...bulk.filter, before: bulk.filter.before ?? deps.clock().toISOString() };
  const { orders, next } = await listMatching(deps, filter, LIMITS.reviewsPerDecision, after);
  const results = await Promise.all(orders.map((order) => decideOne(deps, order, decisionFor(order, bulk), by)));
  return { results, filter, next };
}

/** Gives the decision for one order. A supplier that may still deliver is never given up for many orders at once. */
function decisionFor(order: Order, bulk: BulkDecision): Decision {
  const { reason } = bulk;
  switch (bulk.action) {
    case "retry":
    case "note":
      return { action: bulk.action, reason };
    case "refund":
      return { action: "refund", reason, evenIfUnresolved: false };
    case "replace": {
      const [line] = linesWaiting(order, bulk.filter);
      return { action: "replace", reason, lineId: line?.id ?? "", with: bulk.with, evenIfUnresolved: false };
    }
  }
}

/** Decides one order. If it fails, the others go on. */
async function decideOne(deps: DecideDeps, { id }: Order, decision: Decision, by: Decider): Promise<BulkResult> {
  try {
    const decided = await decide(deps, id, decision, by);
    return { orderId: id, result: decided.ok ? decided.value.kind : decided.code };
  } catch {
    return { orderId: id, result: "failed" };
  }
}
