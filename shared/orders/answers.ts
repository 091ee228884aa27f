import { type FieldError, ok, type Refusal, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import type { Asked } from "../secrecy/recognition.ts";
import { advance, type Finder } from "./advance.ts";
import type { OrderDeps } from "./deps.ts";
import { notCovered } from "./funding.ts";
import type { Order } from "./model.ts";
import { readOrder } from "./table.ts";

// Answers to placing an order: the order as it is now, or why there is none.

/** Returns the refusal, unless a strong read finds that another request with this key has placed the order. */
export async function unlessTwin(
  deps: OrderDeps,
  { id, asked }: { id: string; asked: Asked },
  finder: Finder,
  refusal: Refusal,
): Promise<Result<Order>> {
  const twin = await readOrder(deps, id);
  if (twin === undefined || twin.state === "refused") return refusal;
  const known = orderAskedAgain(twin, asked);
  return known.ok ? settleWith(deps, known.value, finder) : known;
}

/** The order that a key has placed, if it is asked for in the same words. */
export const orderAskedAgain = (order: Order, asked: Asked): Result<Order> =>
  repeatOf(order, asked.isOf(order.requestHash), "another order");

export async function settleWith(deps: OrderDeps, order: Order, finder: Finder): Promise<Result<Order>> {
  const moved = await advance(deps, order, finder);
  if (moved.state !== "refused") return ok(moved);
  return refusalOf(moved);
}

/** Says why an order was refused. */
export function refusalOf({ refusal = "sold_out" }: Pick<Order, "refusal">): Refusal {
  switch (refusal) {
    case "insufficient_funds":
      return notCovered("short");
    case "payment_refused":
      return refuse("payment_refused", "The payment provider does not take this payment; nothing was charged.");
    case "sold_out":
      return notEnoughStock();
  }
}

/** Refuses an order of which there is too little, and points at the lines that are `short`, where that is known. */
export const notEnoughStock = (short: readonly boolean[] = []): Refusal =>
  refuse(
    "sold_out",
    "There are not enough codes left for the order.",
    short.includes(true) ? short.flatMap((isShort, index) => (isShort ? [pointAt(index)] : [])) : undefined,
  );

const pointAt = (index: number): FieldError => ({ pointer: `/lines/${index}`, message: "is more than there is" });
