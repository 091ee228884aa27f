import { record } from "../audit/records.ts";
import type { Db } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Line, Order } from "../orders/model.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { type AskDeps, askAbout } from "./ask-supplier.ts";
import type { Decision } from "./decision.ts";
import { isUnresolved, settled } from "./outcome.ts";
import { nextRun } from "./runs.ts";
import { type WakeDeps, wakeUp } from "./wake-up.ts";

export type DecideDeps = OrderDeps & AskDeps & WakeDeps & Db<"audit">;

/** Carries out what a person decided about an order in review. Deciding twice is safe: the second finds no review. */
export async function decide(
  deps: DecideDeps,
  orderId: string,
  decision: Decision,
  by: { operator: string; requestId: string },
): Promise<Result<Order>> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) return refuse("not_found", "There is no such order.");
  if (order.review === undefined) {
    // It may have been decided by a call that died before it woke the run.
    await wakeUp(deps, orderId);
    return refuse("not_in_review", "The order is not waiting for a decision.");
  }
  const at = deps.clock().toISOString();
  const note = `${decision.reason}${decision.evenIfUnresolved ? " (even if unresolved)" : ""}`;
  await record(deps, {
    subject: orderId,
    at,
    action: `review_${decision.action}`,
    by: by.operator,
    requestId: by.requestId,
    note,
  });
  const decided = decision.action === "retry" ? await retry(deps, order) : await refund(deps, order, decision);
  // Also after a refusal: asking before a refund may have moved the order, and its run still waits for a decision.
  const woken = await wakeUp(deps, orderId);
  if (!decided.ok) return decided;
  const needsRun = woken === 0 && decided.value.state === "fulfilling";
  return ok(needsRun ? await nextRun(deps, decided.value) : decided.value);
}

/** After a definite no: a new attempt. Without an answer: the question again, for another while. */
async function retry(deps: DecideDeps, order: Order): Promise<Result<Order>> {
  const now = deps.clock();
  const lines = order.lines.map((line): Line => {
    if (line.state !== "review" || line.attempt === undefined) return line;
    if (isUnresolved(line)) {
      const unknownUntil = after(now, LIMITS.unknownSeconds);
      return {
        ...line,
        state: "unknown",
        attempt: { ...line.attempt, asked: 0, nextAskAt: now.toISOString(), unknownUntil },
      };
    }
    const { attempt, ...rest } = line;
    return { ...rest, state: "open", history: [...(line.history ?? []), attempt] };
  });
  const decided = { action: "retry", by: "operator", at: now.toISOString() } as const;
  const moved = await moveOrder(deps, order, { ...settled(order, lines, now), decided });
  return moved.ok ? ok(moved.order) : refuse("busy", "The order changed while you decided; look again.");
}

/**
 * Gives back what was not delivered. A line that the supplier may still deliver is asked about first, and is refunded
 * only after a definite no, or when the operator says so in as many words.
 */
async function refund(deps: DecideDeps, order: Order, decision: Decision): Promise<Result<Order>> {
  let current = order;
  for (const line of order.lines.filter(isUnresolved)) current = await askBeforeRefund(deps, current, line, decision);
  if (current.review === undefined) return refuse("not_in_review", "The supplier has answered; the order went on.");
  if (current.lines.some(isUnresolved) && !decision.evenIfUnresolved)
    return refuse("line_unresolved", "The supplier may still deliver; retry asks again, or say evenIfUnresolved.");
  const lines = current.lines.map(
    (line): Line => (line.state === "fulfilled" || line.state === "returned" ? line : { ...line, state: "unwinding" }),
  );
  const at = deps.clock().toISOString();
  const decided = { action: "refund", by: "operator", at } as const;
  const change = { state: "refunding", lines, review: undefined, unwindingSince: at, decided } as const;
  const moved = await moveOrder(deps, current, change);
  if (!moved.ok) return refuse("busy", "The order changed while you decided; look again.");
  return ok(await advance(deps, moved.order));
}

/** A supplier that can't even be asked must not keep an operator from deciding against its silence. */
async function askBeforeRefund(deps: DecideDeps, order: Order, line: Line, decision: Decision): Promise<Order> {
  try {
    return (await askAbout(deps, order, line)).order;
  } catch (error) {
    if (!decision.evenIfUnresolved) throw error;
    return (await readOrder(deps, order.id)) ?? order;
  }
}
