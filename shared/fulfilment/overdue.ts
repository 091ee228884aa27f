import { secondsUntil } from "../kernel/clock.ts";
import type { Line, Order } from "../orders/model.ts";
import { isFinal } from "../orders/states.ts";
import { moveOrder } from "../orders/table.ts";
import { settled } from "./outcome.ts";
import { type WakeDeps, wakeUp } from "./wake-up.ts";

/** Was it promised for a moment that is over, and has nobody taken note of that? */
export function isLate({ state, deliverBy, overdue }: Order, now: Date): boolean {
  return deliverBy !== undefined && overdue === undefined && !isFinal(state) && deliverBy <= now.toISOString();
}

/**
 * Takes note, once, that an order's promise was not kept; where its product says so, a person looks at what is not delivered,
 * which goes on listening for its supplier's definite answer. Returns the order if it was this call that took note.
 */
export async function noteLate(deps: WakeDeps, order: Order): Promise<Order | undefined> {
  const now = deps.clock();
  if (!isLate(order, now)) return undefined;
  const escalated = order.promise?.whenLate === "review" ? settled(order, order.lines.map(beforeAPerson), now) : {};
  const moved = await moveOrder(deps, order, { ...escalated, overdue: true });
  if (!moved.ok) return undefined;
  // Whoever waits for the supplier now waits for the decision as well.
  if (escalated.review !== undefined) await wakeUp(deps, order.id);
  return moved.order;
}

function beforeAPerson(line: Line): Line {
  const isOnItsWay = line.state === "open" || line.state === "accepted" || line.state === "unknown";
  if (!isOnItsWay) return line;
  const late = line.attempt === undefined ? {} : { attempt: { ...line.attempt, reason: "overdue" } };
  return { ...line, ...late, state: "review" };
}

/** How long until the promise ends, if it is still to be kept. */
export function secondsToKeepPromise({ deliverBy, overdue }: Order, now: Date): number | undefined {
  return deliverBy === undefined || overdue ? undefined : secondsUntil(deliverBy, now);
}

/** Seconds from payment to delivery, of the change with which an order that was not sold inline got delivered. */
export function paidToDelivered(before: Order | undefined, after: Order, at: string): number | undefined {
  const isDelivery =
    after.state === "fulfilled" && before !== undefined && before.state !== "open" && !isFinal(before.state);
  if (!isDelivery || after.fundedAt === undefined) return undefined;
  return Math.max(0, (Date.parse(at) - Date.parse(after.fundedAt)) / 1000);
}
