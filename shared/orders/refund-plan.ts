import type { Ticket } from "../inventory/model.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type Line, type Order, reservedIn } from "./model.ts";
import { type Part, piecesLeft } from "./shares.ts";

/** What is to go back: all of an order, these lines of it, so many pieces of one line, or these codes of it, by their places. */
export type RefundWish = {
  lines?: readonly string[] | undefined;
  pieces?: number | undefined;
  codes?: readonly Ticket[] | undefined;
};

const isDelivered = ({ state }: Line): boolean => state === "fulfilled";
const isGone = ({ state }: Line): boolean => state === "returned" || state === "unwinding";

/**
 * Says which pieces of an order go back, or why they can't. What was delivered goes back by piece; of what was not, whole lines go back,
 * and only while a person decides about the order: otherwise a supplier may deliver it yet. Pure.
 */
export function planRefund(order: Order, { lines: named, pieces, codes }: RefundWish): Result<Part[]> {
  const wrong = whyNotNow(order);
  if (wrong !== undefined) return refuse("not_refundable", wrong);
  const lines = order.lines.filter((line) => !isGone(line) && (named === undefined || named.includes(line.id)));
  const missing = named?.find((id) => !lines.some((line) => line.id === id));
  if (missing !== undefined)
    return refuse("line_settled", `Line ${missing} does not exist, or all of it went back already.`);
  const [line] = lines;
  if (line === undefined) return refuse("not_refundable", "Nothing of the order is left that could go back.");
  const waiting = lines.find((one) => !isDelivered(one) && order.state !== "review");
  if (waiting !== undefined)
    return refuse("not_refundable", `Line ${waiting.id} is being delivered: name the lines that were delivered.`);
  if (codes !== undefined) return planCodes(line, codes);
  if (pieces === undefined) return ok(lines.map((one) => ({ line: one, pieces: piecesLeft(one) })));
  return planPieces(lines, line, pieces);
}

function whyNotNow(order: Order): string | undefined {
  const { state, fundedAt, lines } = order;
  if (fundedAt === undefined) return "The order was not paid.";
  if (state === "fulfilled" || state === "partly_fulfilled" || state === "review") return undefined;
  if (state !== "fulfilling") return `The order is ${state}.`;
  return reservedIn(lines).length > 0 ? "The order's codes are being sold to it." : undefined;
}

function planCodes(line: Line, codes: readonly Ticket[]): Result<Part[]> {
  const isThere = line.leaving === undefined && codes.every((code) => line.tickets?.includes(code) === true);
  if (!isThere) return refuse("not_refundable", `Not all of these codes of line ${line.id} are left.`);
  return ok([{ line, pieces: codes.length, tickets: codes }]);
}

function planPieces(lines: readonly Line[], line: Line, pieces: number): Result<Part[]> {
  const wrong = (message: string) =>
    refuse("invalid_request", "So many pieces can't go back.", [{ pointer: "/pieces", message }]);
  if (lines.length > 1) return wrong("is of one line: name it");
  const left = piecesLeft(line);
  if (pieces > left) return refuse("not_refundable", `Of line ${line.id} only ${left} pieces are left.`);
  if (!isDelivered(line) && pieces < left)
    return wrong("is of a line that was not delivered: that goes back as a whole");
  return ok([{ line, pieces }]);
}

/** Tells whether nothing of the order is left when these parts are gone. */
export const isAllThatIsLeft = ({ lines }: Order, parts: readonly Part[]): boolean =>
  lines.every(
    (line) => isGone(line) || parts.some((part) => part.line.id === line.id && part.pieces === piecesLeft(line)),
  );
