import { isStocked } from "../catalog/kinds.ts";
import { after } from "../kernel/clock.ts";
import { shortName } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { piecesToSee } from "../orders/goods.ts";
import type { Line, Order } from "../orders/model.ts";
import { piecesLeft } from "../orders/shares.ts";
import { SHOWN } from "../orders/states.ts";

/** What an order means to its buyer. `until`: the moment by which the next thing happens, where one is known. */
export type DeliveryState =
  | { kind: "unpaid" | "on_its_way"; until?: string }
  | { kind: "review"; until: string }
  | { kind: "expired" | "cancelled" | "late" | "ready" | "done" | "partly" | "refunding" | "refunded" };

/** What a line means to its buyer. `loaded`: a top-up is on the account. */
export type DeliveredLine = "waiting" | "review" | "delivered" | "loaded" | "refunding" | "refunded" | "cancelled";

/** Tells a buyer's state of an order. Pure. */
export function deliveryState(order: Order): DeliveryState {
  const state = SHOWN[order.state];
  switch (state) {
    case "awaiting_payment":
      return { kind: "unpaid", ...(order.expiresAt === undefined ? {} : { until: order.expiresAt }) };
    case "fulfilling":
      if (order.overdue === true) return { kind: "late" };
      return { kind: "on_its_way", ...(order.deliverBy === undefined ? {} : { until: order.deliverBy }) };
    case "review":
      return { kind: "review", until: after(new Date(order.review?.since ?? order.placedAt), LIMITS.decisionSeconds) };
    case "fulfilled":
      return { kind: piecesToSee(order) > 0 ? "ready" : "done" };
    case "partly_fulfilled":
      return { kind: "partly" };
    case "expired":
    case "cancelled":
    case "refunding":
    case "refunded":
      return { kind: state };
  }
}

/** Tells whether the page may soon show something else by itself. */
export const isMoving = ({ kind }: DeliveryState): boolean =>
  ["unpaid", "on_its_way", "late", "review", "refunding"].includes(kind);

/** Tells a buyer's state of a line. Pure. */
export function lineState(order: Order, line: Line): DeliveredLine {
  const isTakenBack = ["cancelled", "expired"].includes(SHOWN[order.state]);
  const isLeaving = line.leaving !== undefined && line.leaving.pieces === piecesLeft(line);
  switch (isLeaving ? "unwinding" : line.state) {
    case "open":
    case "placing":
    case "accepted":
    case "unknown":
      return isTakenBack ? "cancelled" : "waiting";
    case "review":
      return "review";
    case "fulfilled":
      return isStocked(line.kind) ? "delivered" : "loaded";
    case "unwinding":
      return isTakenBack ? "cancelled" : "refunding";
    case "returned":
      return isTakenBack || line.quantity === 0 ? "cancelled" : "refunded";
  }
}

/** Gives a short text that is another one when an order's page is. It tells nothing by itself. */
export const stampOf = (order: Order): string =>
  shortName(
    JSON.stringify(deliveryState(order)),
    String(piecesToSee(order)),
    ...(order.cases ?? []).map(({ id, state }) => `${id} ${state}`),
    ...order.lines.map((line) => `${lineState(order, line)} ${line.back?.pieces ?? 0}`),
  );
