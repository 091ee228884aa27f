import { settled } from "../fulfilment/outcome.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import { type Decided, type Line, type Order } from "../orders/model.ts";
import { piecesLeft, worthOf } from "../orders/shares.ts";
import { moveOrder } from "../orders/table.ts";
import { addedWorth } from "./second-person.ts";

/**
 * Refunds lines. The order's state moves first, so that a late finish fails; then the money goes; then the other lines
 * go on where they were. A line on its way back never turns around.
 */
export async function refundLines(
  deps: OrderDeps,
  order: Order,
  leaving: readonly Line[],
  by: Decided["by"],
): Promise<Result<Order>> {
  const now = deps.clock();
  const at = now.toISOString();
  const lines = order.lines.map(
    (line): Line => (leaving.some(({ id }) => id === line.id) ? { ...line, state: "unwinding" } : line),
  );
  const decided = { action: "refund", by, at } as const;
  const { currency } = order.total;
  const worth = [{ amount: worthOf(leaving.map((line) => ({ line, pieces: piecesLeft(line) }))), currency }];
  const counted = by === "operator" ? addedWorth(order, worth) : {};
  const change = { ...settled(order, lines, now), unwindingSince: at, decided, ...counted };
  const moved = await moveOrder(deps, order, change);
  if (!moved.ok) return refuse("busy", "The order changed while you decided; look again.");
  return ok(await advance(deps, moved.order));
}
