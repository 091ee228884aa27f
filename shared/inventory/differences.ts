import { after } from "../kernel/clock.ts";
import { type Range, ticketFor } from "./model.ts";
import type { NumberedSlot } from "./slots.ts";

/** A contradiction between counters and slots. `at` is a range, a slot's place or a batch. */
export type Difference = { at: string; is: DifferenceKind; detail: string };

/**
 * The kinds of differences:
 * - `miscounted`: what is left is not what lies between head and tail, or the marks are out of order
 * - `empty`: for sale, but there is no code
 * - `sold_ahead`: an order has it, and it is for sale again
 * - `stranded`: available, drawn long ago, and passed by the sweeper: nobody will ever sell it
 * - `overdue`: still held for an order that was not paid in time
 * - `unlisted`: codes in a range that no directory names, for sale or on their way to it
 * - `dangling`: a directory names a range that does not exist, is another pool's, or is named already
 * - `uncatalogued`: a directory names a range that is not in the list of ranges, so no count and no void would find it
 * - `lost`: the list of ranges names a range that does not exist
 * - `missing`, `surplus`: fewer codes of a batch than were imported, or more
 */
export type DifferenceKind =
  | "miscounted"
  | "empty"
  | "sold_ahead"
  | "stranded"
  | "overdue"
  | "unlisted"
  | "dangling"
  | "uncatalogued"
  | "lost"
  | "missing"
  | "surplus";

/** Finds what is wrong with a range by its own counters. */
export function wrongRange(range: Range, isListed: boolean): Difference[] {
  const { id, first, start, head, tail, left, next, state } = range;
  const found: Difference[] = [];
  const marks = [first, start, head, tail, ...(next === undefined ? [] : [next])];
  if (tail - head !== left || marks.some((mark, index) => mark < (marks[index - 1] ?? 0)))
    found.push({ at: id, is: "miscounted", detail: `left ${left}, marks ${marks.join(" ")}` });
  // Nobody draws from a void range, and a run of a large order is for that order only.
  const isIdle = state === "void" || state === "order" || (left === 0 && start === head);
  const awaits = (next ?? tail) - tail;
  if (!isListed && (!isIdle || awaits > 0 || range.listed === true))
    found.push({ at: id, is: "unlisted", detail: `${left} codes, ${head - start} drawn, ${awaits} coming back` });
  return found;
}

/** Finds numbers without a slot. In a returns range they may be on their way, if they are not for sale. */
export function gap({ slab, tail, next }: Range, from: number, to: number): Difference[] {
  const end = next === undefined ? to : Math.min(to, tail);
  if (from >= end) return [];
  return [{ at: ticketFor(slab, from), is: "empty", detail: `${end - from} numbers without a code` }];
}

/**
 * An unpaid order expires at its very second; if that fails, the schedule expires it. After this many seconds more,
 * something is wrong.
 */
const OVERDUE_SECONDS = 120;

export function wrongSlot(
  { slab, start, head, tail, state: rangeState }: Range,
  { number, state, orderId, until }: NumberedSlot,
  now: Date,
): Difference[] {
  const at = ticketFor(slab, number);
  const isTaken = state === "sold" || state === "held";
  if (isTaken && number >= head && number < tail && rangeState !== "order")
    return [{ at, is: "sold_ahead", detail: `${state} to ${orderId}, and for sale` }];
  if (state === "available" && number < start)
    return [{ at, is: "stranded", detail: "available below the sweeper's mark" }];
  if (state === "held" && until !== undefined && until < after(now, -OVERDUE_SECONDS))
    return [{ at, is: "overdue", detail: `held for ${orderId} until ${until}` }];
  return [];
}

/** How many codes of a batch were found. */
export type BatchCodes = { batchId: string; codes: number };

/**
 * Compares the codes that were found over all pages with what was imported, batch by batch. Ranges that overlap are
 * counted twice.
 */
export function wrongTotals(
  found: readonly BatchCodes[],
  batches: readonly { batchId: string; imported: number }[],
): Difference[] {
  const sums = new Map<string, number>(batches.map(({ batchId }) => [batchId, 0]));
  for (const { batchId, codes } of found) sums.set(batchId, (sums.get(batchId) ?? 0) + codes);
  const imported = new Map(batches.map((batch) => [batch.batchId, batch.imported]));
  return [...sums].flatMap(([at, codes]) => {
    const expected = imported.get(at) ?? 0;
    const is = codes < expected ? "missing" : "surplus";
    return codes === expected ? [] : [{ at, is, detail: `imported ${expected}, found ${codes}` } as const];
  });
}
