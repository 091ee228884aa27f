import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Line, Order } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import type { Outcome } from "../suppliers/contract.ts";
import { reachSupplier, type SupplierDeps } from "../suppliers/settings.ts";
import { isUnresolved, recordOutcome } from "./outcome.ts";
import { stepAfter, type WorkflowStep } from "./step.ts";

export type AskDeps = Db<"orders"> & SupplierDeps & { clock: Clock };

/** Asks the supplier what became of a line and writes the answer down. */
export async function askSupplier(deps: AskDeps, orderId: string, lineId: string): Promise<WorkflowStep> {
  const order = await readOrder(deps, orderId);
  const line = order?.lines.find((one) => one.id === lineId);
  if (order === undefined || line === undefined) throw new Error(`there is no line ${lineId} of ${orderId}`);
  const asked = await askAbout(deps, order, line);
  return stepAfter(asked.order, deps.clock());
}

/** The order after the supplier's answer; unchanged when there is nothing to ask. */
export async function askAbout(deps: AskDeps, order: Order, line: Line): Promise<{ order: Order; outcome?: Outcome }> {
  const { attempt } = line;
  if (attempt === undefined || !isUnresolved(line)) return { order };
  const reached = await reachSupplier(deps, attempt.supplierId);
  if (reached === undefined) throw new Error(`there is no supplier ${attempt.supplierId}`);
  const outcome = await reached.adapter.query(attempt.reference);
  const { reference } = attempt;
  return { order: await recordOutcome(deps, order, { lineId: line.id, reference }, outcome, reached.adapter), outcome };
}
