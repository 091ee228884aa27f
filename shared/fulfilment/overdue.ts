import { secondsUntil } from "../kernel/clock.ts";
import type { Line, Order } from "../orders/model.ts";
import { isFinal, isUnwinding } from "../orders/states.ts";
import { type Change, moveOrder } from "../orders/table.ts";
import { settled } from "./outcome.ts";
import { type WakeDeps, wakeUp } from "./wake-up.ts";

/** Was it promised for a moment that is over, and has nobody taken note of that? */
export function isLate({ state, deliverBy, overdue }: Order, now: Date): boolean {
  // What is on its way back is not to be delivered any more.
  const isDue = deliverBy !== undefined && !isFinal(state) && !isUnwinding(state);
  return isDue && overdue === undefined && deliverBy <= now.toISOString();
}

/**
 * Takes note, once, that an order's promise was not kept; where its product says so, a person looks at what is not delivered,
 * which goes on listening for its supplier's definite answer. Returns the order if it was this call that took note.
 */
export async function noteLate(deps: WakeDeps, order: Order): Promise<Order | undefined> {
  const now = deps.clock();
  if (!isLate(order, now)) return undefined;
  const escalated = order.promise?.whenLate === "review" ? beforeAPerson(order, now) : {};
  const moved = await moveOrder(deps, order, { ...escalated, overdue: true });
  if (!moved.ok) return undefined;
  // Whoever waits for the supplier now waits for the decision as well.
  if (escalated.review !== undefined) await wakeUp(deps, order.id);
  return moved.order;
}

/** A large order goes on selling its own codes meanwhile: so it is the order that a person looks at, not a line of it. */
function beforeAPerson(order: Order, now: Date): Change {
  if (!order.lines.some(isBeingSold)) return settled(order, order.lines.map(lineBeforeAPerson), now);
  return { state: "review", review: order.review ?? { reason: "overdue", since: now.toISOString() } };
}

const isBeingSold = ({ state, reserved }: Line): boolean => state === "open" && reserved !== undefined;

function lineBeforeAPerson(line: Line): Line {
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
