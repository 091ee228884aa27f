import { correlateWith } from "../kernel/correlation.ts";
import { type Attempt, type Line, lineAskedFor, type Order, orderIdIn } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import { askAgainAbout, readPurchase } from "../restock/purchases.ts";
import { askSync, type SyncQueue } from "../suppliers/ask-sync.ts";
import { markProcessed, readCallback } from "../suppliers/callbacks.ts";
import { reachSupplier } from "../suppliers/settings.ts";
import { type AskDeps, askAbout } from "./ask-supplier.ts";
import { isUnresolved, mayBeReversed, takenBack } from "./outcome.ts";
import { recordOutcome } from "./record-outcome.ts";
import { type WakeDeps, wakeUp } from "./wake-up.ts";

export type ProcessDeps = AskDeps & WakeDeps & SyncQueue;

/** The supplier's order API is down, or knows less than its own callback. The queue tries again. */
export class NotYetKnown extends Error {
  override readonly name = "NotYetKnown";
}

/** What came of a callback, for the log and the callback's own item. */
export type Processed =
  | "no_such_callback"
  | "repeated"
  | "unrelated"
  | "nothing_due"
  | "resolved"
  /** The supplier is still working on it. The order's own questions go on; the next one comes soon. */
  | "in_progress"
  | "reversed"
  /** About a purchase ahead: the next look at its product asks the supplier. */
  | "purchase_noted"
  | "sync_asked";

/**
 * Acts on a callback. It is only a hint: it must be about an attempt that a line of ours made at this very supplier,
 * and then that supplier's own order API is asked. Only its answer moves anything.
 */
export async function processCallback(deps: ProcessDeps, supplierId: string, eventId: string): Promise<Processed> {
  const callback = await readCallback(deps, supplierId, eventId);
  if (callback === undefined) return "no_such_callback";
  if (callback.processedAt !== undefined) return "repeated";
  const result = callback.catalogueChanged
    ? await haveCatalogueRead(deps, supplierId)
    : await act(deps, supplierId, callback.reference);
  await markProcessed(deps, callback, result, deps.clock());
  return result;
}

/** Asks for a reading of the supplier's catalogue. What has changed is read there, not taken from the callback. */
async function haveCatalogueRead(deps: ProcessDeps, supplierId: string): Promise<Processed> {
  await askSync(deps, supplierId, deps.clock());
  return "sync_asked";
}

async function act(deps: ProcessDeps, supplierId: string, reference = ""): Promise<Processed> {
  const orderId = orderIdIn(reference);
  if (orderId === undefined) return notePurchaseNews(deps, supplierId, reference);
  const order = await readOrder(deps, orderId);
  const line = lineAskedFor(order, supplierId, reference);
  if (order === undefined || line === undefined) return "unrelated";
  correlateWith(order);
  const isMeant = (one: Line | undefined): boolean =>
    one?.attempt?.reference === reference && one.attempt.supplierId === supplierId;
  const isWaiting = (one: Line | undefined): boolean => one !== undefined && isMeant(one) && isUnresolved(one);
  const isDue = isWaiting(line);
  let result: Processed = "nothing_due";
  if (isDue) {
    const asked = await askAbout(deps, order, line);
    const after = asked.order.lines.find(({ id }) => id === line.id);
    result = isWaiting(after) ? "in_progress" : "resolved";
    if (result === "in_progress" && asked.outcome?.kind !== "accepted") throw new NotYetKnown(asked.outcome?.kind);
  }
  if (line.attempt !== undefined && isMeant(line) && mayBeReversed(line))
    return askDelivered(deps, order, line, line.attempt);
  // Also if it was resolved before: a crash may have come between that and the waking.
  await wakeUp(deps, order.id);
  return result;
}

/** Notes news of a purchase ahead. The schedule that buys ahead asks the supplier. */
async function notePurchaseNews(deps: ProcessDeps, supplierId: string, reference: string): Promise<Processed> {
  const purchase = await readPurchase(deps, reference);
  if (purchase?.supplierId !== supplierId) return "unrelated";
  await askAgainAbout(deps, purchase);
  return "purchase_noted";
}

/** Asks the supplier whether it has taken a delivered line back. */
async function askDelivered(deps: ProcessDeps, order: Order, line: Line, attempt: Attempt): Promise<Processed> {
  const reached = await reachSupplier(deps, attempt.supplierId);
  if (reached === undefined) return "nothing_due";
  const { reference, supplierOrderId } = attempt;
  const answer = await reached.adapter.query(reference, supplierOrderId);
  if (answer.kind === "unknown") throw new NotYetKnown(answer.kind);
  const news = takenBack(line, answer);
  if (news !== undefined) await recordOutcome(deps, order, { lineId: line.id, reference }, news, reached.adapter);
  await wakeUp(deps, order.id);
  return news === undefined ? "nothing_due" : "reversed";
}
