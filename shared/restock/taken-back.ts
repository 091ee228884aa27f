import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import { freezeBatch } from "../inventory/closing.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Outcome } from "../suppliers/contract.ts";
import { reachSupplier, type SupplierDeps } from "../suppliers/settings.ts";
import type { RestockEvent } from "./events.ts";
import { batchIdFor, type Restock } from "./model.ts";
import { readPurchase } from "./purchases.ts";
import { moveRestock, type PurchaseNote } from "./table.ts";

export type TakenBackDeps = SupplierDeps &
  Db<"inventory"> &
  EventDeps & {
    clock: Clock;
    /** A supplier took back what is in stock; this rings an alarm. May be called more than once, and must not throw. */
    onPurchaseReversed?: () => void;
  };

/**
 * Asks about a purchase of which there is news. What its supplier took back is frozen and told. Returns the rule
 * without this news, or as it was: the supplier said nothing, and the next look asks again. Undefined: somebody else
 * has moved the rule.
 */
export async function hearNews(deps: TakenBackDeps, before: Restock): Promise<Restock | undefined> {
  const [reference, ...others] = before.news ?? [];
  if (reference === undefined) return before;
  const note = await readPurchase(deps, reference);
  if (note?.pieces !== undefined) {
    const reached = await reachSupplier(deps, note.supplierId);
    const answer = await reached?.adapter.query(reference, note.supplierOrderId);
    // Other news need not wait for a supplier that says nothing now.
    if (answer?.kind === "unknown")
      return others.length === 0 ? before : moveRestock(deps, before, { ...before, news: [...others, reference] });
    if (answer !== undefined && isTakenBack(answer, note.pieces)) await freeze(deps, note);
  }
  const { news: _heard, ...rest } = before;
  return moveRestock(deps, before, others.length === 0 ? rest : { ...rest, news: others });
}

/** Freezes goods in stock after a definite no about them, and tells. After a crash in between it is done again. */
export async function takeBack(deps: TakenBackDeps, reference: string): Promise<void> {
  const note = await readPurchase(deps, reference);
  if (note?.pieces !== undefined) await freeze(deps, note);
}

const isTakenBack = (answer: Outcome, pieces: number): boolean =>
  answer.kind === "reversed" || answer.kind === "rejected" || (answer.kind === "partly" && answer.delivered < pieces);

async function freeze(deps: TakenBackDeps, { reference, productId, supplierId }: PurchaseNote): Promise<void> {
  await freezeBatch(deps, productId, batchIdFor({ reference }));
  deps.onPurchaseReversed?.();
  const at = deps.clock().toISOString();
  const facts = { productId, supplierId, reference };
  const event: RestockEvent = { type: "stock.purchase_reversed", occasion: reference, at, facts };
  await emit(deps, { subject: reference, events: [event] });
}
