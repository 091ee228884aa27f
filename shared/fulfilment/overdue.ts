import { secondsUntil } from "../kernel/clock.ts";
import type { Line, Order } from "../orders/model.ts";
import { isFinal, isUnwinding } from "../orders/states.ts";
import { type Change, moveOrder } from "../orders/table.ts";
import { settled } from "./outcome.ts";
import { type WakeDeps, wakeUp } from "./wake-up.ts";

/** Tells whether an order's promise was missed and nobody has noted that yet. */
export function isLate({ state, deliverBy, overdue }: Order, now: Date): boolean {
  // What is on its way back will not be delivered.
  const isDue = deliverBy !== undefined && !isFinal(state) && !isUnwinding(state);
  return isDue && overdue === undefined && deliverBy <= now.toISOString();
}

/**
 * Notes, once, that an order's promise was missed. If its product says so, a person looks at what is not delivered;
 * such a line still hears its supplier's definite answer. Returns the order if this call has noted it.
 */
export async function noteLate(deps: WakeDeps, order: Order): Promise<Order | undefined> {
  const now = deps.clock();
  if (!isLate(order, now)) return undefined;
  const escalated = order.promise?.whenLate === "review" ? beforeAPerson(order, now) : {};
  const moved = await moveOrder(deps, order, { ...escalated, overdue: true });
  if (!moved.ok) return undefined;
  // The run that waits for the supplier now also waits for the decision.
  if (escalated.review !== undefined) await wakeUp(deps, order.id);
  return moved.order;
}

/**
 * Puts a late order before a person. A large order goes on selling its codes meanwhile, so its review is about the
 * order and not about a line.
 */
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

/** Gives the seconds until the promise ends, if it can still be kept. */
export function secondsToKeepPromise({ deliverBy, overdue }: Order, now: Date): number | undefined {
  return deliverBy === undefined || overdue ? undefined : secondsUntil(deliverBy, now);
}

/**
 * Gives the seconds from payment to delivery, for the change by which an order was delivered that was not sold in its
 * answer.
 */
export function paidToDelivered(before: Order | undefined, after: Order, at: string): number | undefined {
  const isDelivery =
    after.state === "fulfilled" && before !== undefined && !isFinal(before.state) && !isSoldByIt(before);
  if (!isDelivery || after.fundedAt === undefined) return undefined;
  return Math.max(0, (Date.parse(at) - Date.parse(after.fundedAt)) / 1000);
}

/** Tells whether a change that delivers an order is also the one that sells it. */
const isSoldByIt = ({ state }: Order): boolean => state === "open" || state === "awaiting_payment";
