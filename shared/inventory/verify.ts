import type { Db } from "../aws/dynamo.ts";
import { endOf } from "./count.ts";
import { allDirectories } from "./directory.ts";
import { type Range, ticketFor } from "./model.ts";
import { nameOfPool } from "./pools.ts";
import { readCatalogue, readRanges } from "./ranges.ts";
import { type SlotSeen, slotStates } from "./slots.ts";

type Deps = Db<"inventory">;

/** Something that the counters say and the slots do not, or the other way round. `at` is a range or a slot's place. */
export type Difference = { at: string; is: DifferenceKind; detail: string };

/**
 * - `miscounted`: what is left is not what lies between head and tail
 * - `empty`: for sale, and there is nothing
 * - `sold_ahead`: sold, and for sale again
 * - `stranded`: available, drawn long ago, and looked at by the sweeper: nobody will ever sell it
 * - `unlisted`: codes for sale in a range that no directory names
 * - `dangling`: a directory names a range that does not exist, or is another pool's
 */
type DifferenceKind = "miscounted" | "empty" | "sold_ahead" | "stranded" | "unlisted" | "dangling";

export type Verified = { slots: number; differences: Difference[]; next?: string };

/** Ranges looked at in one page; one of a million slots is a page of its own, some ten seconds long. */
const SLOTS_PER_PAGE = 50_000;

/**
 * Recounts from the slots what the counters say, a page of ranges at a time, and names every difference. At a quiet moment
 * there is none; while orders are sold, one that the next look does not see was a sale in flight.
 */
export async function verifyStock(deps: Deps, productId: string, after?: string): Promise<Verified> {
  const listed = new Map(
    (await allDirectories(deps, productId)).flatMap(({ pool, ranges }) => ranges.map(({ id }) => [id, pool] as const)),
  );
  const differences: Difference[] = [];
  if (after === undefined) differences.push(...(await danglingIn(deps, listed)));
  let slots = 0;
  let at = after;
  do {
    const page = await readCatalogue(deps, productId, 1, at);
    for (const range of await readRanges(
      deps,
      page.entries.map(({ id }) => id),
    )) {
      differences.push(...(await differencesIn(deps, range, listed)));
      slots += endOf(range) - range.first;
    }
    at = page.next;
  } while (at !== undefined && slots < SLOTS_PER_PAGE);
  return { slots, differences, ...(at === undefined ? {} : { next: at }) };
}

async function danglingIn(deps: Deps, listed: ReadonlyMap<string, string>): Promise<Difference[]> {
  const ranges = new Map((await readRanges(deps, [...listed.keys()])).map((range) => [range.id, range]));
  return [...listed].flatMap(([id, pool]) => {
    const range = ranges.get(id);
    if (range?.pool === pool) return [];
    const is = range === undefined ? "does not exist" : `belongs to ${nameOfPool(range.pool)}`;
    return [{ at: id, is: "dangling" as const, detail: `listed in ${nameOfPool(pool)}, ${is}` }];
  });
}

async function differencesIn(deps: Deps, range: Range, listed: ReadonlyMap<string, string>): Promise<Difference[]> {
  const { id, slab, first, head, tail, left, state } = range;
  const found: Difference[] = [];
  if (tail - head !== left)
    found.push({ at: id, is: "miscounted", detail: `left ${left}, head ${head}, tail ${tail}` });
  if (left > 0 && state === "open" && !listed.has(id))
    found.push({ at: id, is: "unlisted", detail: `${left} codes in no directory` });
  let expected = first;
  for await (const slot of slotStates(deps, slab, first, endOf(range))) {
    found.push(...gap(range, expected, slot.number), ...wrongSlot(range, slot));
    expected = slot.number + 1;
  }
  return [...found, ...gap(range, expected, endOf(range))];
}

/** Numbers without a slot. In returns they may be on their way, as long as they are not for sale. */
function gap({ slab, tail, next }: Range, from: number, to: number): Difference[] {
  const end = next === undefined ? to : Math.min(to, tail);
  if (from >= end) return [];
  return [{ at: ticketFor(slab, from), is: "empty", detail: `${end - from} numbers without a code` }];
}

function wrongSlot(
  { slab, start, head, tail, state: rangeState }: Range,
  { number, state, orderId }: SlotSeen,
): Difference[] {
  const at = ticketFor(slab, number);
  if (state === "sold" && number >= head && number < tail && rangeState !== "order")
    return [{ at, is: "sold_ahead", detail: `sold to ${orderId}, and for sale` }];
  if (state === "available" && number < start)
    return [{ at, is: "stranded", detail: "available below the sweeper's mark" }];
  return [];
}
