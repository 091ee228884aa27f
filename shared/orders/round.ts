import type { Cost } from "../inventory/model.ts";
import type { Money } from "../kernel/money.ts";
import type { Line } from "./model.ts";
import type { Places } from "./places.ts";
import { amountBack, marginBack, type Part, partsBack } from "./shares.ts";

/** A round of giving back: its number, and when it began. These name its entries. */
export type Round = { round: number; at: string };

/**
 * The money of a round: what goes back of the order's total and of the channel's margin, in minor units, and what codes have cost us that
 * come back into stock.
 */
export type MoneyBack = { amount: number; margin: number; costs: Money[] };

/** Gives the money that goes back with the lines, or pieces of them, that are on their way back. */
export function moneyBackOf(lines: readonly Line[]): MoneyBack {
  const parts = partsBack(lines);
  return { amount: amountBack(parts), margin: marginBack(parts), costs: parts.flatMap(costsBack) };
}

/** What was seen is void, so its cost stays ours. */
function costsBack({ line }: Part): Money[] {
  const { state, cost = [], back, leaving, swapped } = line;
  if (state !== "unwinding") return leaving?.cost ?? [];
  const before = (back?.cost ?? []).map(({ amount, currency }) => ({ amount: 0 - amount, currency }));
  return [...cost, ...before, ...(swapped?.cost ?? [])];
}

/** Gives a line as it is when what was on its way back is back. */
export function afterRound(line: Line): Line {
  if (line.state === "unwinding") return { ...line, state: "returned" };
  const { leaving, back: before = { pieces: 0 }, ...rest } = line;
  if (leaving === undefined) return line;
  const { pieces: left, places = {}, cost = [], isSeen } = leaving;
  const pieces = before.pieces + left;
  const costs = added([...(before.cost ?? []), ...cost]);
  const gone = isSeen === undefined ? {} : { void: together(before.void, places) };
  const back = { ...before, pieces, ...(costs.length === 0 ? {} : { cost: costs }), ...gone };
  return { ...without(rest, places), back, state: pieces === line.quantity ? "returned" : line.state };
}

function added(costs: readonly Cost[]): Cost[] {
  const each = Map.groupBy(costs, ({ currency }) => currency);
  return [...each].map(([currency, alike]) => ({
    amount: alike.reduce((sum, { amount }) => sum + amount, 0),
    currency,
    pieces: alike.reduce((sum, { pieces }) => sum + pieces, 0),
  }));
}

const together = (before: Places = {}, more: Places): Places => ({
  ...before,
  ...(more.tickets === undefined ? {} : { tickets: [...(before.tickets ?? []), ...more.tickets] }),
  ...(more.reserved === undefined ? {} : { reserved: [...(before.reserved ?? []), ...more.reserved] }),
});

/** Takes places off a line. What leaves a run is always its end. */
export function without(line: Line, places: Places = {}): Line {
  const gone = new Set(places.tickets);
  const ends = new Map((places.reserved ?? []).map(({ range, first }) => [range, first]));
  const kept = (line.reserved ?? []).flatMap((run) => {
    const quantity = Math.min(run.quantity, (ends.get(run.range) ?? Infinity) - run.first);
    return quantity > 0 ? [{ ...run, quantity }] : [];
  });
  return {
    ...line,
    ...(line.tickets === undefined ? {} : { tickets: line.tickets.filter((ticket) => !gone.has(ticket)) }),
    ...(line.reserved === undefined ? {} : { reserved: kept }),
  };
}

/** Gives the lines without what is on its way back: nobody may look at that any more. */
export const staying = (lines: readonly Line[]): Line[] => lines.map((line) => without(line, line.leaving?.places));
