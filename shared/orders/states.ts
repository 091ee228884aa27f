/**
 * An order's state, inside. An `…ing` state is the first of two steps: the state moves first, so that a late finish
 * fails; then goods and money go back; then the state is final.
 */
export type OrderState =
  | "awaiting_payment"
  | "expiring"
  | "expired"
  | "open"
  | "refusing"
  | "refused"
  | "fulfilling"
  | "review"
  | "fulfilled"
  | "partly_fulfilled"
  | "refunding"
  | "refunded"
  | "cancelling"
  | "cancelled";

/**
 * A line's state. `open`: nothing bought yet · `placing`: a supplier may be hearing of it right now · `accepted`: the
 * supplier works on it · `unknown`: nobody can say · `review`: a person decides · `fulfilled`: delivered · `unwinding`:
 * on its way back · `returned`: goods and money went back.
 */
export const LINE_STATES = [
  "open",
  "placing",
  "accepted",
  "unknown",
  "review",
  "fulfilled",
  "unwinding",
  "returned",
] as const;
export type LineState = (typeof LINE_STATES)[number];

/** All legal moves. The code, the tests and the picture in the README are made from this table. */
export const MOVES: Record<OrderState, readonly OrderState[]> = {
  // Its codes are held. When it is paid it is an order like any other; what can be sold at once is sold in the write that pays.
  awaiting_payment: ["awaiting_payment", "open", "fulfilled", "refusing", "expiring", "cancelling"],
  expiring: ["expired"],
  // Somebody has paid all the same: it is sold if there is stock, and otherwise given back.
  expired: ["expired", "open"],
  // `open` and `refused` may also stay what they are: a swapped ticket, a fresh attempt at the next epoch.
  // What somebody has paid for at a provider is not refused but given back.
  open: ["open", "refusing", "fulfilling", "fulfilled", "cancelling", "refunding"],
  refusing: ["refused"],
  // What is over stays what it is while a person sees to money that can't go back.
  refused: ["refused", "open", "awaiting_payment"],
  // A large order goes back, in whole or in part, when codes of its runs were void and there are no others.
  fulfilling: ["fulfilling", "review", "fulfilled", "partly_fulfilled", "refunding", "cancelling"],
  review: ["review", "fulfilling", "fulfilled", "partly_fulfilled", "refunding", "cancelling"],
  // A supplier may take a delivery back, and so may we: an order that was delivered is refunded, in whole or in part.
  fulfilled: ["fulfilled", "review", "cancelling", "refunding"],
  partly_fulfilled: ["partly_fulfilled", "review", "refunding"],
  // When only some lines went back, the others go on where they are. Meanwhile they may hear news.
  refunding: ["refunding", "refunded", "fulfilled", "partly_fulfilled", "review", "fulfilling"],
  refunded: ["refunded"],
  // A large order that was sold is given back by a run of its own, which may need another one after it.
  cancelling: ["cancelling", "cancelled"],
  cancelled: ["cancelled"],
};

export const ORDER_STATES = Object.keys(MOVES) as [OrderState, ...OrderState[]];

/** The states that outsiders see. In-between states show as where they lead. */
export const SHOWN = {
  awaiting_payment: "awaiting_payment",
  expiring: "expired",
  expired: "expired",
  open: "fulfilling",
  refusing: "cancelled",
  refused: "cancelled",
  fulfilling: "fulfilling",
  review: "review",
  fulfilled: "fulfilled",
  partly_fulfilled: "partly_fulfilled",
  refunding: "refunding",
  refunded: "refunded",
  cancelling: "cancelled",
  cancelled: "cancelled",
} as const satisfies Record<OrderState, string>;

/** Tells whether nothing is left to do for an order until somebody asks for something new. */
export function isFinal(state: OrderState): boolean {
  return ["expired", "refused", "fulfilled", "partly_fulfilled", "refunded", "cancelled"].includes(state);
}

/** Tells whether an order waits for payment, or gives up what it held because that did not come. */
export const isUnpaid = (state: OrderState): boolean => state === "awaiting_payment" || state === "expiring";

export function isUnwinding(state: OrderState): state is "expiring" | "refusing" | "refunding" | "cancelling" {
  return state === "expiring" || state === "refusing" || state === "refunding" || state === "cancelling";
}

/** Gives the state of a paid order from its lines. */
export function stateFrom(lines: readonly { state: LineState; leaving?: object }[]): OrderState {
  const has = (...states: LineState[]): boolean => lines.some((line) => states.includes(line.state));
  if (has("unwinding") || lines.some(({ leaving }) => leaving !== undefined)) return "refunding";
  if (has("review")) return "review";
  if (has("open", "placing", "accepted", "unknown")) return "fulfilling";
  if (!has("returned")) return "fulfilled";
  return has("fulfilled") ? "partly_fulfilled" : "refunded";
}
