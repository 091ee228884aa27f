import { Fault } from "../kernel/fault.ts";
import type { Line, Order } from "../orders/model.ts";
import { plan } from "../orders/plan.ts";
import { readOrder } from "../orders/table.ts";
import type { Outcome } from "../suppliers/contract.ts";
import { reachSupplier, type SupplierDeps } from "../suppliers/settings.ts";
import { isUnresolved } from "./outcome.ts";
import { type RecordDeps, recordOutcome } from "./record-outcome.ts";
import { stepAfter, type WorkflowStep } from "./step.ts";

export type AskDeps = SupplierDeps & RecordDeps;

/**
 * Asks the supplier about the line whose question is due, and writes the answer down. Returns the order's next step.
 */
export async function askSupplier(deps: AskDeps, orderId: string): Promise<WorkflowStep> {
  const order = await readOrder(deps, orderId);
  if (order === undefined) throw new Fault("order_missing", `there is no order ${orderId}`);
  const step = plan(order, deps.clock());
  const line = step.step === "ask" ? order.lines.find(({ id }) => id === step.lineId) : undefined;
  if (line === undefined) return stepAfter(order, deps.clock());
  const asked = await askAbout(deps, order, line);
  return stepAfter(asked.order, deps.clock());
}

/** Asks the supplier about one line. Returns the order after the answer; unchanged if there is nothing to ask. */
export async function askAbout(deps: AskDeps, order: Order, line: Line): Promise<{ order: Order; outcome?: Outcome }> {
  const { attempt } = line;
  if (attempt === undefined || !isUnresolved(line)) return { order };
  const reached = await reachSupplier(deps, attempt.supplierId);
  if (reached === undefined) throw new Fault("supplier_missing", `there is no supplier ${attempt.supplierId}`);
  const outcome = await reached.adapter.query(attempt.reference, attempt.supplierOrderId);
  const { reference } = attempt;
  return { order: await recordOutcome(deps, order, { lineId: line.id, reference }, outcome, reached.adapter), outcome };
}
