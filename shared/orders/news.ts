import type { News } from "../events/event.ts";
import { type ChargeDiffers, chargeDiffers, differenceOf } from "../suppliers/charges.ts";
import { eventsOf } from "./events.ts";
import type { Attempt, Line, Order } from "./model.ts";

/** One change of an order: what lay in the table before and after it, and when that was. */
export type OrderStep = { before: Order | undefined; after: Order; at: string };

/**
 * Gives the news of some changes, one for each order, so that an order and a batch are one entry on the bus. The changes
 * of one order must follow each other, as they do in a stream.
 */
export function newsOf(changes: readonly OrderStep[]): News[] {
  const steps = new Map<string, OrderStep[]>();
  for (const change of changes) steps.set(change.after.id, [...(steps.get(change.after.id) ?? []), change]);
  const ofOrders = [...steps].flatMap(([subject, some]) =>
    runsOf(some).map((run) => ({ subject, ...run, ...reachable(some) })),
  );
  const ofCharges = changes.flatMap(chargesIn).map((event) => ({ subject: event.occasion, events: [event] }));
  return [...ofOrders.filter(({ events }) => events.length > 0), ...ofCharges];
}

/** Says of an order whose buyer can be reached that this is so: who tells buyers hears of no other. */
const reachable = (steps: readonly OrderStep[]): { hasContact?: true } =>
  steps.at(-1)?.after.contact === undefined ? {} : { hasContact: true };

/**
 * Gives the events of an order's changes, in runs whose numbers follow each other. During a deployment an earlier version
 * may have written a change without counting its events, or counted fewer than we find. What was not counted has no
 * number, so that no two events have the same one.
 */
function runsOf(steps: readonly OrderStep[]): Omit<News, "subject">[] {
  const runs: Omit<News, "subject">[] = [];
  for (const { before, after, at } of steps) {
    const told = before?.told ?? 0;
    const events = eventsOf(before, after).map((event) => ({ ...event, at }));
    const counted = Math.min((after.told ?? 0) - told, events.length);
    const [numbered, others] = [events.slice(0, counted), events.slice(counted)];
    const last = runs.at(-1);
    if (last?.first !== undefined && last.first + last.events.length === told + 1)
      runs.splice(-1, 1, { first: last.first, events: [...last.events, ...numbered] });
    else if (numbered.length > 0) runs.push({ first: told + 1, events: numbered });
    if (others.length > 0) runs.push({ events: others });
  }
  return runs;
}

/**
 * Gives events of new charges that are not as agreed. The rest of a line that was delivered in part carries the same
 * attempt; the line before it has told of its charge.
 */
export function chargesIn({ before, after, at }: OrderStep): ChargeDiffers[] {
  if (before === undefined) return [];
  const known = new Set(before.lines.flatMap(attemptsOf).flatMap((one) => (one.charged ? one.reference : [])));
  const events: ChargeDiffers[] = [];
  for (const { attempt, quantity } of after.lines) {
    if (attempt?.charged === undefined || known.has(attempt.reference)) continue;
    known.add(attempt.reference);
    const how = differenceOf(attempt.cost, quantity, attempt.charged);
    if (how !== undefined) events.push(chargeDiffers(attempt, how, at));
  }
  return events;
}

const attemptsOf = ({ attempt, history = [] }: Line): Attempt[] => [
  ...history,
  ...(attempt === undefined ? [] : [attempt]),
];
