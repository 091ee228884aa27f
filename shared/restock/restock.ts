import { type EventDeps, emit } from "../events/emit.ts";
import { stockLeftInTotal } from "../inventory/availability.ts";
import { type ImportDeps, importCodes } from "../inventory/import.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import type { Good, Outcome, SupplierAdapter } from "../suppliers/contract.ts";
import { isFresh } from "../suppliers/market.ts";
import { readOffers } from "../suppliers/offers.ts";
import { reachSupplier, type SupplierDeps } from "../suppliers/settings.ts";
import { begin, decide, end, type Purchase, type Restock, type StopReason } from "./model.ts";
import { moveRestock } from "./table.ts";

export type RestockDeps = SupplierDeps & ImportDeps & EventDeps & { clock: Clock };

/**
 * Buys stock ahead for one product, or goes on with a purchase that is under way: one step for each look. Written down before it
 * is made, under a name of its own, so that no crash and no second looker buys twice: whoever finds a purchase that may have
 * been made asks, and places it again only where that is safe.
 */
export async function restock(deps: RestockDeps, before: Restock): Promise<void> {
  if (before.open !== undefined) return goOn(deps, before, before.open);
  const [left, cost] = await Promise.all([
    stockLeftInTotal(deps, before.productId, deps.clock(), before.rule.below),
    costOf(deps, before),
  ]);
  const decision = decide(before, { left, cost }, deps.clock());
  if (decision.kind === "stop") return stop(deps, before, decision.reason);
  if (decision.kind === "enough") return;
  const begun = begin(before, decision.cost, deps.clock());
  const written = await moveRestock(deps, before, begun);
  if (written !== undefined) await place(deps, written, begun.open);
}

/** What a piece costs there, if it has been said lately. */
async function costOf(deps: RestockDeps, { rule }: Restock): Promise<Money | undefined> {
  const [offer] = (await readOffers(deps, [rule])).offers;
  return offer !== undefined && offer.onSale && isFresh(offer, deps.clock()) ? offer.cost : undefined;
}

async function adapterOf(deps: RestockDeps, { supplierId }: Purchase): Promise<SupplierAdapter> {
  const reached = await reachSupplier(deps, supplierId);
  if (reached === undefined) throw new Error(`there is no supplier ${supplierId}`);
  return reached.adapter;
}

async function place(deps: RestockDeps, restock: Restock, open: Purchase): Promise<void> {
  const { reference, supplierProductId, quantity } = open;
  const adapter = await adapterOf(deps, open);
  await settle(deps, restock, open, await adapter.place({ reference, supplierProductId, quantity }), adapter);
}

/** Asks about a purchase once the call that made it must be over. */
async function goOn(deps: RestockDeps, restock: Restock, open: Purchase): Promise<void> {
  const age = deps.clock().getTime() - Date.parse(open.placedAt);
  if (open.state === "placing" && age < LIMITS.placingSeconds * 1000) return;
  const adapter = await adapterOf(deps, open);
  await settle(deps, restock, open, await adapter.query(open.reference, open.supplierOrderId), adapter);
}

async function settle(
  deps: RestockDeps,
  restock: Restock,
  open: Purchase,
  outcome: Outcome,
  adapter: SupplierAdapter,
): Promise<void> {
  const now = deps.clock();
  const age = (now.getTime() - Date.parse(open.placedAt)) / 1000;
  switch (outcome.kind) {
    case "fulfilled":
    case "partly":
      return stock(deps, restock, open, outcome.goods ?? []);
    // A call that did nothing, where no earlier one is under way: the next look begins anew.
    case "not_sent":
    case "rejected": {
      const last = {
        reference: open.reference,
        at: now.toISOString(),
        outcome: "refused",
        reason: outcome.reason,
      } as const;
      await moveRestock(deps, restock, end(restock, open, last, 0));
      return;
    }
    case "accepted": {
      const accepted = { ...open, state: "accepted", supplierOrderId: outcome.supplierOrderId } as const;
      if (open.state !== "accepted") await moveRestock(deps, restock, { ...restock, open: accepted });
      return;
    }
    case "never_heard": {
      if (age < adapter.inFlightSeconds) return;
      const mayRepeat = adapter.repeatSafe && age < LIMITS.unknownSeconds;
      return mayRepeat ? place(deps, restock, open) : stuck(deps, restock, open, "never_heard");
    }
    case "unknown": {
      return age < LIMITS.unknownSeconds ? undefined : stuck(deps, restock, open, outcome.reason);
    }
  }
}

/**
 * Into stock, as an import that is named by its codes: sorted, so that goods that come in another order are the same import, and
 * a crash in the middle is made good by the next look.
 */
async function stock(deps: RestockDeps, restock: Restock, open: Purchase, goods: readonly Good[]): Promise<void> {
  const rows = goods.map(({ number, secret, expiresAt = "" }) =>
    [number?.reveal() ?? "", secret.reveal(), expiresAt].map(quoted).join(","),
  );
  rows.sort();
  const report = await importCodes(deps, restock.productId, ["number,secret,expiresAt", ...rows, ""].join("\n"), {
    dryRun: false,
  });
  if (!report.ok) return stuck(deps, restock, open, report.code);
  const imported = report.value.imported + report.value.present;
  const last = { reference: open.reference, at: deps.clock().toISOString(), outcome: "stocked", imported } as const;
  await moveRestock(deps, restock, end(restock, open, last, goods.length));
}

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Nobody knows what became of it: a person asks the supplier, and nothing is bought until then. */
async function stuck(deps: RestockDeps, restock: Restock, open: Purchase, reason: string): Promise<void> {
  const noted = await moveRestock(deps, restock, { ...restock, open: { ...open, state: "stuck", reason } });
  if (noted !== undefined) await stop(deps, noted, "purchase_stuck");
}

/** Once for each time that it stops for another reason: first written, then told, then marked as told. */
async function stop(deps: RestockDeps, before: Restock, reason: StopReason): Promise<void> {
  const stopped =
    before.stopped?.reason === reason ? before.stopped : { reason, at: deps.clock().toISOString(), told: false };
  if (stopped.told) return;
  const noted = stopped === before.stopped ? before : await moveRestock(deps, before, { ...before, stopped });
  if (noted === undefined) return;
  const { productId } = before;
  const occasion = `${productId}@${stopped.at}`;
  await emit(deps, { type: "stock.restock_stopped", occasion, at: stopped.at, facts: { productId, reason } });
  await moveRestock(deps, noted, { ...noted, stopped: { ...stopped, told: true } });
}
