import type { Ticket } from "../inventory/model.ts";
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

/** Gives how many pieces of a line did not go back. */
export const piecesLeft = ({ quantity, back }: Pick<Line, "quantity" | "back">): number =>
  quantity - (back?.pieces ?? 0);

/** So many pieces of a line that go back next, behind those that went back before. `tickets`: which of its codes; absent: the last ones. */
export type Part = { line: Line; pieces: number; tickets?: readonly Ticket[] };

/** Gives what goes back of lines in the present round: all that is left of a line that was not delivered, and delivered pieces. */
export function partsBack(lines: readonly Line[]): Part[] {
  return lines.flatMap((line) => {
    if (line.state === "unwinding") return [{ line, pieces: piecesLeft(line) }];
    return line.leaving === undefined ? [] : [{ line, pieces: line.leaving.pieces }];
  });
}

/** Gives the part of an amount of a line that goes back: its cumulative share, so that all parts sum to it, and none is negative. */
function shareBack(total: number, { line: { quantity, back }, pieces }: Part): number {
  return pieces === quantity ? total : shareOf(total, { before: back?.pieces ?? 0, more: pieces, of: quantity });
}

/** Gives what goes back to the channel, or its buyers, with parts of lines; without its margin. */
export const amountBack = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + shareBack(paidByChannel(part.line), part), 0);

/** Gives what all payers together have paid for parts of lines. Each payer has a share of its own. */
export const worthOf = (parts: readonly Part[]): number =>
  parts.reduce((sum, part) => sum + paidAmounts(part.line).reduce((all, paid) => all + shareBack(paid, part), 0), 0);

const paidAmounts = ({ net, paid }: Line): number[] => (paid === undefined ? [net] : Object.values(paid));

/** Gives what the channel has earned of parts of lines whose buyer paid at checkout. */
export const marginBack = (parts: readonly Part[]): number =>
  parts.reduce((sum, { line, pieces }) => sum + marginOf({ ...line, quantity: pieces }), 0);

/** Gives what went back of a line, and for how many of its pieces: of a delivered line by piece, of any other one as a whole. */
export function wentBack(line: Line): { pieces: number; amount: number } {
  const pieces = line.state === "returned" ? line.quantity : (line.back?.pieces ?? 0);
  const { back: _back, ...whole } = line;
  return { pieces, amount: shareBack(paidByChannel(line), { line: whole, pieces }) };
}
