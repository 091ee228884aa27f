import { placeOf, type Ticket, ticketFor } from "../inventory/model.ts";
import { after } from "../kernel/clock.ts";
import type { LogObject, SalesEntry } from "./sales-log.ts";

/** A part of what one entry of the log names: its places from `from` up to `to`. */
export type Part = { entry: SalesEntry; at: string; from: number; to: number };

/**
 * One place that an order took. `kept`: it is the order's, by the last that is known · `held`: the same, but not paid
 * yet · `left`: the order gave it back, or took another one instead. `isLast`: no later entry is about the order.
 */
export type Place = {
  orderId: string;
  productId: string;
  ticket: Ticket;
  is: "kept" | "held" | "left";
  isLast: boolean;
};

/**
 * Cuts as many places off the log as one step has time for, and says where the next one begins: behind an object, and
 * so many places of the object after it.
 */
export function cutTo(
  objects: readonly LogObject[],
  after: string,
  skip: number,
  atMost: number,
): { parts: Part[]; next: string } {
  const parts: Part[] = [];
  let room = atMost;
  let done = after;
  let skipped = skip;
  for (const { name, at, entries } of objects) {
    let passed = 0;
    for (const entry of entries) {
      const size = sizeOf(entry);
      const from = Math.min(size, Math.max(0, skipped - passed));
      const to = Math.min(size, from + room);
      if (to > from) parts.push({ entry, at, from, to });
      room -= to - from;
      if (to < size) return { parts, next: `log ${done} ${passed + to}` };
      passed += size;
    }
    done = name;
    skipped = 0;
  }
  return { parts, next: `log ${done} 0` };
}

const sizeOf = ({ taken }: SalesEntry): number =>
  taken.reduce((sum, { tickets, runs }) => sum + tickets.length + runs.reduce((all, run) => all + run.quantity, 0), 0);

/** DynamoDB's own clocks write both times. They differ by less than a minute. */
const SKEW_SECONDS = 60;

/**
 * Gives the places of a part, by the latest that is known of their order. A place that was left before the moment of
 * the restore has moved in the restored table too; others may have it by now, so nothing is said of it.
 */
export function placesOf({ entry, at, from, to }: Part, latest: SalesEntry, since: string): Place[] {
  const isNews = at >= after(new Date(since), -SKEW_SECONDS);
  const { orderId } = entry;
  const isLast = entry.version >= latest.version;
  return ticketsIn(entry)
    .slice(from, to)
    .flatMap(({ productId, ticket, isInRun }): Place[] => {
      // Codes of a run are not held one by one. If this table doesn't know the run as cut off, selling its codes to the
      // order keeps them.
      const kept = latest.state === "awaiting_payment" && !isInRun ? "held" : "kept";
      if (keeps(latest, ticket)) return [{ orderId, productId, ticket, is: kept, isLast }];
      return isNews ? [{ orderId, productId, ticket, is: "left", isLast }] : [];
    });
}

/** Keeps each place once, as the last entry that names it says. An order says in each entry what it said before. */
export function distinct(places: readonly Place[]): Place[] {
  return [...new Map(places.map((place) => [`${place.orderId} ${place.ticket}`, place])).values()];
}

/** Gives the tickets of an entry, always in the same order. */
function ticketsIn({ taken }: SalesEntry): { productId: string; ticket: Ticket; isInRun: boolean }[] {
  return taken.flatMap(({ productId, tickets, runs }) => {
    const inRuns = runs.flatMap(({ slab, pool, first, quantity }) =>
      Array.from({ length: quantity }, (_, index) => ticketFor(slab, first + index, pool)),
    );
    return [
      ...tickets.map((ticket) => ({ productId, ticket, isInRun: false })),
      ...inRuns.map((ticket) => ({ productId, ticket, isInRun: true })),
    ];
  });
}

/** Tells whether the order has this place, or will have it. */
export function keeps({ taken }: SalesEntry, ticket: Ticket): boolean {
  const { slab, number } = placeOf(ticket);
  const isIn = (run: { slab: string; first: number; quantity: number }): boolean =>
    run.slab === slab && number >= run.first && number < run.first + run.quantity;
  return taken.some(({ kept, tickets, runs }) => kept && (tickets.includes(ticket) || runs.some(isIn)));
}
