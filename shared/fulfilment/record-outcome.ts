import type { Db } from "../aws/dynamo.ts";
import { isStocked } from "../catalog/kinds.ts";
import { storeBought, type VaultDeps } from "../inventory/bought.ts";
import type { Clock } from "../kernel/clock.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { type BookDeps, bookingWrites } from "../ledger/books.ts";
import type { Order } from "../orders/model.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import type { Outcome } from "../suppliers/contract.ts";
import { applyOutcome, isDefinite, isUnresolved, linesAfter, type Policy, type Stored, settled } from "./outcome.ts";
import { withCostBooked } from "./purchase-cost.ts";

export type RecordDeps = Db<"orders"> & BookDeps & VaultDeps & { clock: Clock };

/**
 * Writes down what a supplier said of an attempt, unless the line has another attempt by now. Goods are stored first:
 * if the process dies in between, nothing is lost, because the next question brings them again. `order` is the order
 * when the supplier was asked: if the attempt has changed since, only a definite answer counts. Returns the order as it
 * then is.
 */
export async function recordOutcome(
  deps: RecordDeps,
  order: Order,
  heardOf: { lineId: string; reference: string },
  outcome: Outcome,
  policy: Policy,
): Promise<Order> {
  const asked = fingerprintOf(attemptIn(order, heardOf.lineId));
  let current = order;
  let stored: Stored | undefined;
  for (;;) {
    const line = current.lines.find((one) => one.id === heardOf.lineId);
    if (line?.attempt?.reference !== heardOf.reference) return current;
    if (!isDefinite(outcome) && fingerprintOf(line.attempt) !== asked) return current;
    if (isUnresolved(line) && isStocked(line.kind) && "goods" in outcome && outcome.goods !== undefined)
      stored ??= await storeBought(
        deps,
        { orderId: current.id, productId: line.productId, reference: heardOf.reference },
        outcome.goods,
      );
    const now = deps.clock();
    const next = applyOutcome(line, outcome, policy, now, stored);
    if (next === line || JSON.stringify(next) === JSON.stringify(line)) return current;
    const { line: noted, entries } = withCostBooked(line, next, outcome, now, deps.zone);
    const lines = linesAfter(current.lines, line, noted);
    // "Still working on it" is no progress: the review of a broken run stays for the person who decides it.
    const change = next.state === line.state ? { lines } : settled(current, lines, now);
    const moved = await moveOrder(deps, current, change, await bookingWrites(deps, entries));
    if (moved.ok) return moved.order;
    current = (await readOrder(deps, current.id)) ?? moved.order;
  }
}

const attemptIn = (order: Order, lineId: string) => order.lines.find(({ id }) => id === lineId)?.attempt ?? {};
