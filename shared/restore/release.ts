import type { Db } from "../aws/dynamo.ts";
import { endOf } from "../inventory/count.ts";
import { giveBack } from "../inventory/give-back.ts";
import { type Range, ticketFor, WITHHELD } from "../inventory/model.ts";
import { readCatalogue, readRanges } from "../inventory/ranges.ts";
import { slotStates } from "../inventory/slots.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { LIMITS } from "../kernel/limits.ts";

type Deps = Db<"inventory">;

/** `next` is where the next call begins: behind a range, or at the beginning. */
export type Released = { released: number; next: string | null };

const GIVERS_AT_ONCE = 25;

/**
 * Puts withheld codes of a product back on sale, as many as one call has time for. Somebody has made sure that none of
 * them was sold, and has voided those that were.
 */
export async function releaseWithheld(deps: Deps, productId: string, after?: string): Promise<Released> {
  let released = 0;
  let slots = 0;
  let at: string | undefined = after === "" ? undefined : after;
  do {
    const page = await readCatalogue(deps, productId, 1, at);
    for (const range of await readRanges(
      deps,
      page.entries.map(({ id }) => id),
    )) {
      const withheld = await withheldIn(deps, range);
      const some = withheld.slice(0, LIMITS.returnsPerStep - released);
      await inParallel(GIVERS_AT_ONCE, some, ({ number, orderId }) =>
        giveBack(deps, ticketFor(range.slab, number, range.pool), { orderId }),
      );
      released += some.length;
      // The next call does the rest of this range.
      if (some.length < withheld.length) return { released, next: at ?? "" };
      slots += endOf(range) - range.first;
    }
    at = page.next;
  } while (at !== undefined && released < LIMITS.returnsPerStep && slots < LIMITS.slotsPerRestore);
  return { released, next: at ?? null };
}

async function withheldIn(deps: Deps, range: Range): Promise<{ number: number; orderId: string }[]> {
  const withheld = [];
  for await (const { number, state, orderId } of slotStates(deps, range.slab, range.first, endOf(range)))
    if (state === "held" && orderId?.startsWith(WITHHELD) === true) withheld.push({ number, orderId });
  return withheld;
}
