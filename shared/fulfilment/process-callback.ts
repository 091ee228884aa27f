import type { Attempt } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import { askSync, type SyncQueue } from "../suppliers/ask-sync.ts";
import { markProcessed, readCallback } from "../suppliers/callbacks.ts";
import { type AskDeps, askAbout } from "./ask-supplier.ts";
import { isUnresolved } from "./outcome.ts";
import { type WakeDeps, wakeUp } from "./wake-up.ts";

export type ProcessDeps = AskDeps & WakeDeps & SyncQueue;

/** The supplier's order API has not caught up with its own callback, or is down: the queue tries again. */
export class NotYetKnown extends Error {
  override readonly name = "NotYetKnown";
}

/** What came of a callback, for the log and the callback's own record. */
export type Processed = "no_such_callback" | "repeated" | "unrelated" | "nothing_due" | "resolved" | "sync_asked";

/**
 * Acts on a callback, which is a hint and no more: it must be about the attempt that one of our lines is waiting for, at
 * this very supplier, and then that supplier's own order API says what happened. Only that answer moves anything.
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

/** What they say has changed is read from them, not from the callback. */
async function haveCatalogueRead(deps: ProcessDeps, supplierId: string): Promise<Processed> {
  await askSync(deps, supplierId, deps.clock());
  return "sync_asked";
}

async function act(deps: ProcessDeps, supplierId: string, reference: string | undefined): Promise<Processed> {
  // A reference begins with its order's id, which has no hyphen.
  const orderId = reference?.split("-")[0] ?? "";
  const order = orderId.startsWith("ord_") ? await readOrder(deps, orderId) : undefined;
  const isMeant = (attempt: Attempt): boolean => attempt.reference === reference && attempt.supplierId === supplierId;
  const line = order?.lines.find(({ attempt, history = [] }) =>
    [...history, ...(attempt ? [attempt] : [])].some(isMeant),
  );
  if (order === undefined || line === undefined) return "unrelated";
  const isDue = isUnresolved(line) && line.attempt !== undefined && isMeant(line.attempt);
  if (isDue) {
    const asked = await askAbout(deps, order, line);
    const after = asked.order.lines.find(({ id }) => id === line.id);
    if (after?.attempt !== undefined && isMeant(after.attempt) && isUnresolved(after))
      throw new NotYetKnown(asked.outcome?.kind);
  }
  // Also when it was resolved before: a crash may have come between that and the waking.
  await wakeUp(deps, orderId);
  return isDue ? "resolved" : "nothing_due";
}
