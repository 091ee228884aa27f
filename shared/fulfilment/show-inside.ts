import { pick } from "../kernel/pick.ts";
import type { Line, Order } from "../orders/model.ts";

/** What operators see of an order. What is sealed, or was made from sealed data, is not in these lists. */
const OF_ORDER = [
  "id",
  "channelId",
  "version",
  "epoch",
  "run",
  "state",
  "draft",
  "placedAt",
  "correlationId",
  "total",
  "expiresAt",
  "heldAt",
  "holding",
  "limited",
  "acceptLess",
  "campaign",
  "reference",
  "metadata",
  "fundedBy",
  "fundedLane",
  "fundedAt",
  "revealed",
  "refusal",
  "refunded",
  "refundedAt",
  "unwindingSince",
  "dropped",
  "review",
  "promise",
  "deliverBy",
  "overdue",
  "decided",
  "decidedWorth",
] as const satisfies readonly (keyof Order)[];

const OF_LINE = [
  "id",
  "productId",
  "productVersion",
  "kind",
  "name",
  "quantity",
  "unitPrice",
  "net",
  "adjustments",
  "paid",
  "state",
  "cost",
  "costAt",
  "tickets",
  "reserved",
  "requested",
  "restOf",
  "attempt",
  "history",
  "forgiven",
  "waits",
  "source",
  "replaced",
] as const satisfies readonly (keyof Line)[];

/** Shows an order to an operator: its states, its attempts, its money, no recipient, and of its buyer no more than whether they can be reached. */
export const showInside = (order: Order) => ({
  ...pick(order, OF_ORDER),
  hasContact: order.contact !== undefined,
  lines: order.lines.map((line) => pick(line, OF_LINE)),
});
export type OrderInside = ReturnType<typeof showInside>;
