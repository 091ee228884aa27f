import { storeBought } from "../inventory/bought.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { CaseReason } from "../orders/cases.ts";
import type { Order } from "../orders/model.ts";
import type { AfterSalesAnswer } from "../suppliers/contract.ts";
import { reachSupplier } from "../suppliers/settings.ts";
import { type Case, type CaseAction, nextLook, type WaitsFor } from "./model.ts";
import { moveCase, noteCase } from "./move.ts";
import { livingOf, replaceWith } from "./replace.ts";
import type { WorkDeps } from "./work.ts";

type Asked = NonNullable<Case["asked"]>;

/** What a supplier's word decides by itself. */
const DECIDES = {
  unused: { action: "replace", reason: "unused_at_issuer" },
  used: { action: "refuse", reason: "used_at_issuer" },
  refunded: { action: "refund", reason: "supplier_agreed" },
} as const satisfies Partial<Record<AfterSalesAnswer["kind"], { action: CaseAction; reason: CaseReason }>>;

/**
 * Asks who has delivered about codes that don't work, once for each case, and does what the answer decides. It is put again until there
 * is one, or a person's time is over. The answer stands on the case, as evidence.
 */
export async function askSupplierOfCase(deps: WorkDeps, order: Order, one: Case): Promise<void> {
  const line = order.lines.find(({ id }) => id === one.lineId);
  const supplierOrderId = line?.attempt?.supplierOrderId;
  const adapter = one.asked === undefined ? undefined : (await reachSupplier(deps, one.asked.supplierId))?.adapter;
  if (one.asked === undefined || supplierOrderId === undefined || adapter?.askAfterSales === undefined)
    return leaveTo(deps, order, one, "seen");
  const tickets = livingOf(order, one);
  const pieces = tickets.map((ticket) => (line?.tickets ?? []).indexOf(ticket) + 1);
  const answer = await adapter.askAfterSales({ caseId: one.id, supplierOrderId, pieces });
  const now = deps.clock();
  const at = now.toISOString();
  const asked: Asked = { ...one.asked, times: one.asked.times + 1, answer: answer.kind, at };
  switch (answer.kind) {
    case "unused":
    case "used":
    case "refunded": {
      const decision = { ...DECIDES[answer.kind], by: `supplier:${asked.supplierId}`, at };
      const dueAt = after(now, LIMITS.caseLeftSeconds);
      await moveCase(deps, order, one, { state: "acting", decision, asked, tickets, dueAt });
      return;
    }
    case "replaced":
      return takeOthers(deps, order, { ...one, asked }, answer.goods);
    case "refused":
      return leaveTo(deps, order, { ...one, asked }, "supplier_refused");
    case "pending":
    case "unknown":
    case "not_sent":
      return askAgain(deps, order, one, asked);
  }
}

/** Goods are sealed and stored before the order names them. A repeat with the same goods finds them there. */
async function takeOthers(
  deps: WorkDeps,
  order: Order,
  one: Case,
  goods: Extract<AfterSalesAnswer, { kind: "replaced" }>["goods"],
): Promise<void> {
  const productId = order.lines.find(({ id }) => id === one.lineId)?.productId ?? "";
  const { tickets, duplicates } = await storeBought(deps, { orderId: order.id, productId, reference: one.id }, goods);
  const isOther = duplicates === 0 && (await replaceWith(deps, order, one, tickets)) !== undefined;
  // What they send is what we had, or not as much: a person talks to them.
  if (!isOther) await leaveTo(deps, order, one, "supplier_refused");
}

async function leaveTo(deps: WorkDeps, order: Order, one: Case, waitsFor: WaitsFor): Promise<void> {
  const dueAt = nextLook(one, deps.clock());
  await moveCase(deps, order, one, { state: "waiting", waitsFor, dueAt, asked: one.asked });
}

/** The first repeat comes after a minute, each further one after twice as long, within an hour. A silent supplier is left to a person. */
async function askAgain(deps: WorkDeps, order: Order, one: Case, asked: Asked): Promise<void> {
  const wait = Math.min(LIMITS.caseLeftSeconds * 2 ** Math.min(asked.times - 1, 10), LIMITS.caseLookSeconds);
  const dueAt = after(deps.clock(), wait);
  if (dueAt >= one.decideBy) return leaveTo(deps, order, { ...one, asked }, "supplier_silent");
  await noteCase(deps, one, { dueAt, asked });
}
