import { type AskDeps, askAbout } from "../fulfilment/ask-supplier.ts";
import { isUnresolved, mayBeDelivered } from "../fulfilment/outcome.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { Line, Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";

/**
 * Asks suppliers about those lines that they may still deliver, before something else is done about them. Refuses if
 * one stays without a definite answer, unless the operator has said to go on regardless.
 */
export async function resolveFirst(
  deps: AskDeps,
  order: Order,
  lines: readonly Line[],
  { evenIfUnresolved }: { evenIfUnresolved: boolean },
): Promise<Result<Order>> {
  let current = order;
  for (const line of lines.filter(isUnresolved)) current = await ask(deps, current, line, evenIfUnresolved);
  if (current.state !== "review") return refuse("not_in_review", "The supplier has answered; the order went on.");
  const now = current.lines.filter(({ id }) => lines.some((line) => line.id === id));
  if (now.some(mayBeDelivered) && !evenIfUnresolved)
    return refuse("line_unresolved", "The supplier may still deliver; retry asks again, or say evenIfUnresolved.");
  return ok(current);
}

/** Asks about one line. If the supplier can't even be asked, an operator who goes on regardless may still decide. */
async function ask(deps: AskDeps, order: Order, line: Line, evenIfUnresolved: boolean): Promise<Order> {
  try {
    return (await askAbout(deps, order, line)).order;
  } catch (error) {
    if (!evenIfUnresolved) throw error;
    return (await readOrder(deps, order.id)) ?? order;
  }
}
