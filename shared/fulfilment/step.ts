import { advance } from "../orders/advance.ts";
import type { OrderDeps } from "../orders/deps.ts";
import type { Order } from "../orders/model.ts";
import { plan, type Step } from "../orders/plan.ts";
import { readOrder } from "../orders/table.ts";

/** What the workflow may be told to do next. Selling and unwinding are done while planning. */
type Ours = { step: "hold" } | { step: "expire" } | { step: "sell" } | { step: "unwind" };
export type WorkflowStep = Exclude<Step, Ours> | { step: "plan" };

/** Does what we can do ourselves, then tells the workflow what is next. */
export async function planOrder(deps: OrderDeps, orderId: string): Promise<WorkflowStep> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) throw new Error(`there is no order ${orderId}`);
  return stepAfter(await advance(deps, order), deps.clock());
}

/** The next step, said by somebody who can't sell or unwind: that is left to who plans. */
export function stepAfter(order: Order, now: Date): WorkflowStep {
  const step = plan(order, now);
  switch (step.step) {
    case "hold":
    case "expire":
    case "sell":
    case "unwind":
      return { step: "plan" };
    default:
      return step;
  }
}
