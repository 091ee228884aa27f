import { idOf } from "../kernel/ids.ts";

type Order = { orderId: string; channelId: string };

/**
 * Every event by its name, with its facts: ids, and words from closed lists. Never a value: a consumer that needs an
 * amount, a name or a code reads the thing that the id names, with the permissions that this takes.
 */
export type Facts = {
  /** The order waits for a person. `reason` is our own code, or one that a supplier's adapter made. */
  "order.review_opened": Order & { reason: string; lineId?: string };
  /** A person decided, or the rule did because nobody decided in time. */
  "order.review_decided": Order & { action: "retry" | "replace" | "refund"; by: "operator" | "rule" };
  /** The order no longer waits for a person: it was decided, or news made it go on. */
  "order.review_closed": Order;
  /** A promise of its product was missed: somebody should look. */
  "order.overdue": Order & { lineId?: string };
  /** Nobody paid in time; its codes are for sale again. */
  "order.expired": Order;
  /** The workflow delivered it, in whole or in part. What is sold in the answer to a request is told by that answer. */
  "order.fulfilled": Order;
  "order.partly_fulfilled": Order;
  /** A supplier took back what it had delivered: the order waits for a person again. */
  "order.reversed": Order & { lineId: string };
  /** Money went back, in this round of refunds. */
  "order.refunded": Order & { round: number };
  /** `pool` is absent for the total pool. */
  "stock.low": { productId: string; pool?: string };
  "stock.sold_out": { productId: string; pool?: string };
  /** Stock is low and is not bought ahead; the reason is one of ours. */
  "stock.restock_stopped": { productId: string; reason: string };
  /** A supplier took back what was bought ahead: what is left of it is frozen. */
  "stock.purchase_reversed": { productId: string; supplierId: string; reference: string };
  "product.unlisted": { productId: string; reason: string };
  "supplier.unhealthy": { supplierId: string; reason: string };
  "supplier.healthy": { supplierId: string };
  /** It charged more than was agreed for the purchase of this reference, or in another currency. */
  "supplier.charge_differs": { supplierId: string; reference: string; how: "more" | "other_currency" };
  "import.finished": { productId: string; importId: string };
};
export type EventType = keyof Facts;

/**
 * Something that has happened. `occasion` tells it from others of its kind, and is the same whenever the same thing is
 * told again: for example an order with its version, an import, a crossing with its number.
 */
export type DomainEvent = {
  [T in EventType]: { type: T; occasion: string; at: string; facts: Facts[T] };
}[EventType];

/**
 * Gives the id of an event. It is the same however often the event is emitted: consumers drop those that they have
 * seen.
 */
export function eventIdOf({ type, occasion }: Pick<DomainEvent, "type" | "occasion">): string {
  return idOf("evt", type, occasion);
}
