import { Fault } from "../kernel/fault.ts";
import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Order } from "../orders/model.ts";
import { plan, type Step } from "../orders/plan.ts";
import { sellReservedLine } from "../orders/sell-reserved-line.ts";
import { readOrder } from "../orders/table.ts";

/** The steps that the workflow may be told. Selling and unwinding are done while planning. */
type Ours = Extract<Step, { step: "hold" | "expire" | "sell" | "sell_reserved" | "unwind" | "give_back" }>;
export type WorkflowStep = Exclude<Step, Ours> | { step: "plan" };

/**
 * Does what we can do ourselves, then gives the workflow's next step. Of a large order it does a part; then the next
 * step is to plan again.
 */
export async function planOrder(deps: OrderDeps, orderId: string): Promise<WorkflowStep> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) throw new Fault("order_missing", `there is no order ${orderId}`);
  const advanced = await advance(deps, order);
  const next = plan(advanced, deps.clock());
  if (next.step !== "sell_reserved") return stepAfter(advanced, deps.clock());
  return stepAfter(await sellReservedLine(deps, advanced, next.lineId), deps.clock());
}

/** Gives the next step for a caller that can't sell or unwind: that is left to planning. */
export function stepAfter(order: Order, now: Date): WorkflowStep {
  const step = plan(order, now);
  switch (step.step) {
    case "hold":
    case "expire":
    case "sell":
    case "sell_reserved":
    case "unwind":
    case "give_back":
      return { step: "plan" };
    default:
      return step;
  }
}
