import { ok, type Result, refuse } from "../kernel/problem.ts";
import { advance } from "./advance.ts";
import type { OrderDeps } from "./deps.ts";
import { isBought, type Line, mayStillDeliver, type Order, reservedIn } from "./model.ts";
import { type Change, moveOrder, readOrder } from "./table.ts";

/**
 * Cancels an order, if nobody has seen its codes and no supplier may deliver for it. Every attempt counts, also one
 * that an operator gave up and replaced from stock. Revealing and cancelling are both conditions on the order, so they
 * can't both win. A repeat finds the order cancelled.
 */
export async function cancelOrder(deps: OrderDeps, channelId: string, orderId: string): Promise<Result<Order>> {
  for (;;) {
    const order = await readOrder(deps, orderId);
    if (order?.channelId !== channelId) return refuse("not_found", "There is no such order.");
    if (order.state === "cancelling" || order.state === "cancelled") return ok(await advance(deps, order));
    if (!isCancellable(order))
      return refuse("not_cancellable", "Its goods were seen, asked for, or are on their way back.");
    const lines = order.lines.map((line): Line => ({ ...line, state: "unwinding" }));
    const unwindingSince = deps.clock().toISOString();
    const change = { state: "cancelling", lines, review: undefined, unwindingSince, ...nextRun(order) } as const;
    const moved = await moveOrder(deps, order, change);
    if (moved.ok) return ok(await advance(deps, moved.order));
  }
}

/**
 * A large order that was sold has no run any more, and giving it back takes more than one call: it gets another run.
 */
function nextRun({ state, lines, run }: Order): Pick<Change, "run"> {
  return state === "fulfilled" && reservedIn(lines).length > 0 ? { run: run + 1 } : {};
}

function isCancellable(order: Order): boolean {
  if (
    !["awaiting_payment", "open", "fulfilling", "review", "fulfilled"].includes(order.state) ||
    order.revealed !== undefined
  )
    return false;
  return order.lines.every((line) => {
    // There was no stock for this line: nothing to give back.
    if (line.quantity === 0) return true;
    if ((line.history ?? []).some(mayStillDeliver)) return false;
    if (!isBought(line)) return line.state === "open" || line.state === "fulfilled";
    const wasAsked = line.attempt !== undefined || line.history !== undefined;
    return line.state === "open" && !wasAsked;
  });
}
