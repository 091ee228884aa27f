import { CHANNEL } from "../pricing/quote.ts";
import { type Pieces, shareOf } from "../pricing/refund-share.ts";
import type { Line } from "./model.ts";

/** Gives what the channel has paid for a line, in minor units: what it gets back when the line goes back. */
export function paidByChannel({ net, paid }: Pick<Line, "net" | "paid">): number {
  return paid === undefined ? net : (paid[CHANNEL] ?? 0);
}

/** Gives what all payers together have paid for a line: the net, and what promotions pay of their own discounts. */
export function paidInAll({ net, paid }: Pick<Line, "net" | "paid">): number {
  return paid === undefined ? net : Object.values(paid).reduce((sum, amount) => sum + amount, 0);
}

/**
 * Gives what the channel earns of a line whose buyer pays at checkout, in minor units: the difference between its two prices. It is so
 * much for each piece, so the parts of a line sum to it. What promotions take off makes what we get smaller, and not this.
 */
export const marginOf = ({ quantity, unitPrice, retailPrice = unitPrice }: TwoPrices): number =>
  (retailPrice - unitPrice) * quantity;

type TwoPrices = Pick<Line, "quantity" | "unitPrice" | "retailPrice">;

/** Gives what the channel earns of several lines whose buyer pays at checkout, in minor units. */
export const marginOfAll = (lines: readonly TwoPrices[]): number =>
  lines.reduce((sum, line) => sum + marginOf(line), 0);

/**
 * Cuts a part out of a line: so many pieces behind the first `before`, with their share of every amount. The parts of a
 * line sum to it in each of its amounts, whatever they are.
 */
export function partOf<L extends Pick<Line, "quantity" | "net" | "adjustments" | "paid">>(
  line: L,
  before: number,
  quantity: number,
): L {
  const pieces: Pieces = { before, more: quantity, of: line.quantity };
  const { adjustments, paid } = line;
  return {
    ...line,
    quantity,
    net: shareOf(line.net, pieces),
    ...(adjustments === undefined
      ? {}
      : { adjustments: adjustments.map((one) => ({ ...one, amount: shareOf(one.amount, pieces) })) }),
    ...(paid === undefined
      ? {}
      : { paid: Object.fromEntries(Object.entries(paid).map(([payer, amount]) => [payer, shareOf(amount, pieces)])) }),
  };
}
