import { emit } from "../events/emit.ts";
import { stockLeftInTotal } from "../inventory/availability.ts";
import { type ImportDeps, importCodes } from "../inventory/import.ts";
import { Fault } from "../kernel/fault.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Money, times } from "../kernel/money.ts";
import { Layout } from "../stock-files/layout.ts";
import { type ChargeDiffers, chargeDiffers, differenceOf } from "../suppliers/charges.ts";
import type { Good, Outcome } from "../suppliers/contract.ts";
import { isFresh } from "../suppliers/market.ts";
import { readOffers } from "../suppliers/offers.ts";
import { mostPiecesOf } from "../suppliers/registry.ts";
import { reachSupplier } from "../suppliers/settings.ts";
import type { RestockEvent } from "./events.ts";
import {
  batchIdFor,
  begin,
  charge,
  charging,
  countedFor,
  decide,
  end,
  lastPlacedAt,
  type Purchase,
  type Restock,
  type StopReason,
} from "./model.ts";
import { notePurchase } from "./purchases.ts";
import { moveRestock } from "./table.ts";
import { hearNews, type TakenBackDeps, takeBack } from "./taken-back.ts";

export type RestockDeps = ImportDeps &
  TakenBackDeps & {
    /**
     * A supplier charged otherwise than agreed; this rings an alarm. May be called more than once, and must not throw.
     */
    onChargeDiffers?: (facts: ChargeDiffers["facts"]) => void;
  };

/**
 * Buys stock ahead for one product, or goes on with a purchase that is under way: one step for each look. Idempotent,
 * safe to run concurrently, and safe to interrupt: each call that places is written down before, on condition that
 * nobody else has moved the purchase, under a name that stays the same until a definite no.
 */
export async function restock(deps: RestockDeps, found: Restock): Promise<void> {
  const before = await hearNews(deps, found);
  if (before === undefined) return;
  if (before.open !== undefined) return goOn(deps, before, before.open);
  const [left, cost] = await Promise.all([
    stockLeftInTotal(deps, before.productId, deps.clock(), before.rule.below),
    costOf(deps, before),
  ]);
  const decision = decide(before, { left, cost }, deps.clock());
  if (decision.kind === "stop") return stop(deps, before, decision.reason);
  if (decision.kind === "enough") return;
  const at = await reached(deps, before.rule);
  const begun = begin(before, decision.cost, mostPiecesOf(at.supplier.protocol), deps.clock());
  const { reference, supplierId } = begun.open;
  await notePurchase(deps, { reference, supplierId, productId: before.productId }, deps.clock());
  const written = await moveRestock(deps, before, begun);
  if (written !== undefined) await place(deps, written, begun.open, at);
}

/** Gives what a piece costs at the supplier, if it has said so lately. */
async function costOf(deps: RestockDeps, { rule }: Restock): Promise<Money | undefined> {
  const [offer] = (await readOffers(deps, [rule])).offers;
  return offer !== undefined && offer.onSale && isFresh(offer, deps.clock()) ? offer.cost : undefined;
}

async function reached(deps: RestockDeps, { supplierId }: Pick<Purchase, "supplierId">) {
  const found = await reachSupplier(deps, supplierId);
  if (found === undefined) throw new Fault("supplier_missing", `there is no supplier ${supplierId}`);
  return found;
}

type Reached = Awaited<ReturnType<typeof reached>>;

const secondsSince = (moment: string, now: Date): number => (now.getTime() - Date.parse(moment)) / 1000;

/**
 * Makes the call that was just written down. If the process was held up in between, it leaves the purchase to a later
 * look, which asks.
 */
async function place(deps: RestockDeps, restock: Restock, open: Purchase, at: Reached): Promise<void> {
  if (secondsSince(lastPlacedAt(open), deps.clock()) > CLAIMED_SECONDS) return;
  const { reference, supplierProductId, quantity } = open;
  await settle(deps, restock, open, await at.adapter.place({ reference, supplierProductId, quantity }), at);
}

/** A claim must be used at once or not at all: other looks ask about it from `placingSeconds` on. */
const CLAIMED_SECONDS = 5;

/** Asks about a purchase when the call that made it must be over. A short delivery waits for a person. */
async function goOn(deps: RestockDeps, restock: Restock, open: Purchase): Promise<void> {
  if (open.shortfall !== undefined) return stop(deps, restock, "purchase_stuck");
  const isBeingPlaced = secondsSince(lastPlacedAt(open), deps.clock()) < LIMITS.placingSeconds;
  if (open.state === "placing" && isBeingPlaced) return;
  const at = await reached(deps, open);
  await settle(deps, restock, open, await at.adapter.query(open.reference, open.supplierOrderId), at);
}

async function settle(
  deps: RestockDeps,
  restock: Restock,
  open: Purchase,
  outcome: Outcome,
  at: Reached,
): Promise<void> {
  switch (outcome.kind) {
    case "fulfilled":
    case "partly": {
      const pieces = outcome.kind === "partly" ? Math.min(outcome.delivered, open.quantity) : open.quantity;
      const noted = await noteCharge(deps, restock, open, pieces, outcome.charged);
      if (noted === undefined) return;
      const { supplierOrderId } = outcome;
      return stock(deps, noted, { ...noted.open, supplierOrderId }, outcome.goods ?? [], pieces);
    }
    case "not_sent":
      // This call did nothing. What an earlier one did is as open as before.
      return open.againAt === undefined ? refused(deps, restock, open, outcome.reason) : undefined;
    case "rejected":
      return refused(deps, restock, open, outcome.reason);
    case "reversed":
      return refused(deps, restock, open, "reversed");
    case "accepted": {
      const { reason: _reason, ...rest } = open;
      const { supplierOrderId } = outcome;
      // It may still be delivered, and is asked about each minute; but a person should know.
      if (secondsSince(open.placedAt, deps.clock()) >= at.supplier.answerWithinSeconds)
        return stuck(deps, restock, { ...rest, supplierOrderId, reason: "no_answer" });
      const accepted = { ...rest, state: "accepted", supplierOrderId } as const;
      if (open.state !== "accepted") await moveRestock(deps, restock, { ...restock, open: accepted });
      return;
    }
    case "never_heard":
      return neverHeard(deps, restock, open, at);
    case "unknown":
      return isOverdue(deps, open) ? stuck(deps, restock, { ...open, reason: outcome.reason }) : undefined;
  }
}

const isOverdue = (deps: RestockDeps, { placedAt }: Purchase): boolean =>
  secondsSince(placedAt, deps.clock()) >= LIMITS.unknownSeconds;

/**
 * Ends a purchase after a definite no: its money is free again, and the next look begins anew. If an earlier look died
 * after it put goods in stock, they are frozen.
 */
async function refused(deps: RestockDeps, restock: Restock, open: Purchase, reason: string): Promise<void> {
  await takeBack(deps, open.reference);
  const last = { reference: open.reference, at: deps.clock().toISOString(), outcome: "refused", reason } as const;
  await moveRestock(deps, restock, end(charge(restock, open, 0), last));
}

/**
 * Applies "never heard of it". The request may still be on its way, so the supplier's window is waited out, from the
 * last time that it was placed. Then it is placed again, if that is safe. It is claimed first, because others look at
 * the same time.
 */
async function neverHeard(deps: RestockDeps, restock: Restock, open: Purchase, at: Reached): Promise<void> {
  if (open.supplierOrderId !== undefined) return stuck(deps, restock, { ...open, reason: "contradiction" });
  const now = deps.clock();
  if (secondsSince(lastPlacedAt(open), now) < at.adapter.inFlightSeconds) return;
  if (!at.adapter.repeatSafe || isOverdue(deps, open)) return stuck(deps, restock, { ...open, reason: "never_heard" });
  const again = { ...open, againAt: now.toISOString() };
  const claimed = await moveRestock(deps, restock, { ...restock, open: again });
  if (claimed !== undefined) await place(deps, claimed, again, at);
}

/**
 * Writes down what the supplier charged, once. If that is more than was agreed, it is told before; after a crash in
 * between it is told again. Undefined: somebody else has moved the purchase.
 */
async function noteCharge(
  deps: RestockDeps,
  restock: Restock,
  open: Purchase,
  pieces: number,
  charged: Money | undefined,
): Promise<(Restock & { open: Purchase }) | undefined> {
  if (charged === undefined || open.charged !== undefined) return { ...restock, open };
  const how = differenceOf(open.cost, pieces, charged);
  if (how !== undefined) {
    const event = chargeDiffers(open, how, deps.clock().toISOString());
    deps.onChargeDiffers?.(event.facts);
    await emit(deps, { subject: event.occasion, events: [event] });
  }
  const next = charging(restock, open, charged);
  const written = await moveRestock(deps, restock, next);
  return written === undefined ? undefined : { ...written, open: next.open };
}

/**
 * Puts the goods into stock, as an import that is named by the purchase. So after a crash the next look goes on with
 * it, and codes that another purchase brought are not this one's. All that the supplier says it delivered is paid for;
 * a person claims the money for pieces that did not come, or that we had before.
 */
async function stock(
  deps: RestockDeps,
  restock: Restock,
  open: Purchase,
  goods: readonly Good[],
  pieces: number,
): Promise<void> {
  if (goods.length < pieces && (await mayStillCome(deps, restock, open))) return;
  // Stock whose end can't be read might be sold after its end. A person reads what the supplier has written.
  if (goods.some(({ expiryUnread }) => expiryUnread === true))
    return stuck(deps, restock, { ...open, reason: "unreadable_expiry" });
  const { reference, supplierId, supplierOrderId = "" } = open;
  const note = { reference, supplierId, supplierOrderId, pieces, productId: restock.productId };
  await notePurchase(deps, note, deps.clock());
  const rows = goods.map(({ number, secret, expiresAt = "" }) =>
    [number?.reveal() ?? "", secret.reveal(), expiresAt].map(quoted).join(","),
  );
  // Sorted, so that goods that come in another order fill the same slots.
  rows.sort();
  const report = await importCodes(deps, restock.productId, ["number,secret,expiresAt", ...rows, ""].join("\n"), {
    dryRun: false,
    layout: AS_DELIVERED,
    acrossShop: false,
    batchId: batchIdFor(open),
    cost: pieces > 0 ? { purchase: { reference, supplierId, pieces, charged: chargeFor(open, pieces) } } : undefined,
  });
  if (!report.ok && pieces > 0 && goods.length > 0) return stuck(deps, restock, { ...open, reason: report.code });
  // Codes that are present were put there by an earlier look at this very purchase.
  const imported = report.ok ? report.value.imported + report.value.present : 0;
  const charged = charge(restock, open, open.charged === undefined ? open.cost.amount * pieces : countedFor(open));
  if (imported < pieces) {
    const reason = goods.length < pieces ? "goods_missing" : "duplicate_code";
    // Tell this reason too, also if "nobody knows what became of it" was told before.
    const { stopped: _earlier, ...fresh } = charged;
    return stuck(deps, fresh, { ...open, reason, shortfall: pieces - imported });
  }
  const paid = open.charged === undefined ? {} : { charged: open.charged };
  const at = deps.clock().toISOString();
  const last = { reference: open.reference, at, outcome: "stocked", imported, ...paid } as const;
  await moveRestock(deps, charged, end(charged, last));
}

/**
 * Tells whether missing goods may still come. Some suppliers say that an order is done before its cards are there, so
 * they are asked for another hour. A batch goes on sale as a whole, so what is there waits for the rest.
 */
async function mayStillCome(deps: RestockDeps, restock: Restock, open: Purchase): Promise<boolean> {
  const now = deps.clock();
  const { incompleteSince = now.toISOString() } = open;
  if (open.incompleteSince === undefined)
    await moveRestock(deps, restock, { ...restock, open: { ...open, incompleteSince } });
  return secondsSince(incompleteSince, now) < LIMITS.goodsAwaitedSeconds;
}

/** Codes as they stand: no spreadsheet was between the supplier and us. */
const AS_DELIVERED = Layout.parse({ literal: true });

/** What a purchase has cost us: what its supplier charged, or what was expected while that is unknown. */
const chargeFor = ({ charged, cost }: Purchase, pieces: number): Money => charged ?? times(cost, pieces);

const quoted = (text: string): string => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/**
 * Marks a purchase as stuck: it can't go on by itself. A person asks the supplier, and nothing is bought until then.
 */
async function stuck(deps: RestockDeps, restock: Restock, open: Purchase): Promise<void> {
  const { state, reason, shortfall } = restock.open ?? open;
  const isNoted = state === "stuck" && reason === open.reason && shortfall === open.shortfall;
  const noted = isNoted ? restock : await moveRestock(deps, restock, { ...restock, open: { ...open, state: "stuck" } });
  if (noted !== undefined) await stop(deps, noted, "purchase_stuck");
}

/**
 * Notes and tells why nothing is bought, once for each reason in a row: first written, then told, then marked as told.
 */
async function stop(deps: RestockDeps, before: Restock, reason: StopReason): Promise<void> {
  const stopped =
    before.stopped?.reason === reason ? before.stopped : { reason, at: deps.clock().toISOString(), told: false };
  if (stopped.told) return;
  const noted = stopped === before.stopped ? before : await moveRestock(deps, before, { ...before, stopped });
  if (noted === undefined) return;
  const { productId } = before;
  const occasion = `${productId}@${stopped.at}`;
  const facts = { productId, reason };
  const event: RestockEvent = { type: "stock.restock_stopped", occasion, at: stopped.at, facts };
  await emit(deps, { subject: productId, events: [event] });
  await moveRestock(deps, noted, { ...noted, stopped: { ...stopped, told: true } });
}
