import { idOf } from "../kernel/ids.ts";

type Order = { orderId: string; channelId: string };

/**
 * Everything that we tell of what has happened, by its name: ids, and words from closed lists. Never a value: who needs an
 * amount, a name or a code reads the thing that the id names, with the permissions that this takes.
 */
export type Facts = {
  /** The order is before a person. `reason` is a code of ours or one that a supplier's adapter made. */
  "order.review_opened": Order & { reason: string; lineId?: string };
  /** A person decided, or nobody did for so long that the rule did. */
  "order.review_decided": Order & { action: "retry" | "replace" | "refund"; by: "operator" | "rule" };
  /** The order is no longer before a person: it was decided, or news made it go on by itself. */
  "order.review_closed": Order;
  /** A promise of its product was missed: somebody should look. */
  "order.overdue": Order & { lineId?: string };
  /** Nobody paid for it in time; its codes are for sale again. */
  "order.expired": Order;
  /** Delivered by way of the workflow, in whole or in part; what is sold inline is told by the answer to the order. */
  "order.fulfilled": Order;
  "order.partly_fulfilled": Order;
  /** A supplier has taken back what it had delivered: the order is before a person again. */
  "order.reversed": Order & { lineId: string };
  /** Money went back, in this round of refunds. */
  "order.refunded": Order & { round: number };
  /** `pool` is absent for the stock that everybody buys from. */
  "stock.low": { productId: string; pool?: string };
  "stock.sold_out": { productId: string; pool?: string };
  /** Stock is low and is not bought: the reason is one of ours. */
  "stock.restock_stopped": { productId: string; reason: string };
  /** A supplier has taken back what was bought ahead from it: what is left of it is frozen. */
  "stock.purchase_reversed": { productId: string; supplierId: string; reference: string };
  "product.unlisted": { productId: string; reason: string };
  "supplier.unhealthy": { supplierId: string; reason: string };
  "supplier.healthy": { supplierId: string };
  /** It charged more than was agreed for what we know by this reference, or in another currency. */
  "supplier.charge_differs": { supplierId: string; reference: string; how: "more" | "other_currency" };
  "import.finished": { productId: string; importId: string };
};
export type EventType = keyof Facts;

/**
 * Something that has happened. `occasion` tells it from others of its kind, and is the same whenever the same thing is told
 * again: an order with its version, an import, a crossing with its number.
 */
export type DomainEvent = {
  [T in EventType]: { type: T; occasion: string; at: string; facts: Facts[T] };
}[EventType];

/** One event is one id, however often it is emitted: consumers drop those that they have seen. */
export function eventIdOf({ type, occasion }: Pick<DomainEvent, "type" | "occasion">): string {
  return idOf("evt", type, occasion);
}
