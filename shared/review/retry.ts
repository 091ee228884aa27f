import { isUnresolved, settled, wasReversed } from "../fulfilment/outcome.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Line, Order } from "../orders/model.ts";
import { moveOrder } from "../orders/table.ts";

/**
 * Says why nothing may be bought again: the buyer had the goods, perhaps used them, and has not asked for others.
 * Undefined: it may.
 */
export function whyNotAgain(lines: readonly Line[]): string | undefined {
  const taken = lines.filter((line) => line.state === "review" && wasReversed(line)).map(({ id }) => id);
  return taken.length === 0 ? undefined : `Line ${taken.join(", ")} was delivered and taken back: refund it.`;
}

/**
 * Tries the waiting lines again. After a definite no, or without a source: a new attempt. Without an answer: the
 * question again, for some time more.
 */
export async function retry(deps: OrderDeps, order: Order): Promise<Result<Order>> {
  const now = deps.clock();
  const lines = order.lines.map((line) => (line.state === "review" ? tryAgain(line, now) : line));
  const decided = { action: "retry", by: "operator", at: now.toISOString() } as const;
  const moved = await moveOrder(deps, order, { ...settled(order, lines, now), decided });
  return moved.ok ? ok(moved.order) : refuse("busy", "The order changed while you decided; look again.");
}

function tryAgain(line: Line, now: Date): Line {
  const { attempt, ...rest } = line;
  if (attempt === undefined) return { ...line, state: "open" };
  if (!isUnresolved(line)) return { ...rest, state: "open", history: [...(line.history ?? []), attempt] };
  const unknownUntil = after(now, LIMITS.unknownSeconds);
  return { ...line, state: "unknown", attempt: { ...attempt, asked: 0, nextAskAt: now.toISOString(), unknownUntil } };
}
