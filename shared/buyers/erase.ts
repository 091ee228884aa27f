import type { Db } from "../aws/dynamo.ts";
import { type Clock, dayAfter, utcDay } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { isEnd } from "../orders/cases.ts";
import { eraseContact } from "../orders/erase-contact.ts";
import type { Line, Order } from "../orders/model.ts";
import { forgetDue, forgetPerson, idsDue, placesDue } from "../orders/people.ts";
import { isFinal } from "../orders/states.ts";
import { moveOrder, readOrder } from "../orders/table.ts";
import { ordersOf } from "./find.ts";
import { erasedSince, noteErasure } from "./table.ts";

export type EraseDeps = Db<"orders" | "operations"> & { clock: Clock };

const hasOpenCase = ({ cases = [] }: Order): boolean => cases.some(({ state }) => !isEnd(state));

/**
 * Erases how the buyer of an order can be reached and, once the order is over, which accounts it was for. The trade stays, without them.
 * Refused while a case of the order is open: its buyer is to be told. Noted before, so that it is done again after a restore. Erasing
 * again finds nothing to erase. `channelId`: only if the order is this channel's.
 */
export async function erasePersonalData(deps: EraseDeps, orderId: string, channelId?: string): Promise<Result<Order>> {
  const order = await readOrder(deps, orderId);
  if (order === undefined || (channelId !== undefined && order.channelId !== channelId))
    return refuse("not_found", "There is no such order.");
  if (hasOpenCase(order)) return refuse("case_open", "A case of the order has not ended: its buyer is to be told.");
  if (order.contact === undefined && !hasRecipient(order)) return ok(order);
  await noteErasure(deps, orderId, deps.clock());
  return eraseNow(deps, orderId);
}

const hasRecipient = ({ state, lines }: Order): boolean =>
  isFinal(state) && lines.some(({ recipient }) => recipient !== undefined);

/** Erases, whatever else. An order that changes meanwhile is read again. */
async function eraseNow(deps: EraseDeps, orderId: string): Promise<Result<Order>> {
  for (;;) {
    const erased = await eraseContact(deps, orderId);
    if (!erased.ok || !hasRecipient(erased.value)) return erased;
    const lines = erased.value.lines.map(({ recipient: _gone, ...line }): Line => line);
    const moved = await moveOrder(deps, erased.value, { lines });
    if (moved.ok) return ok(moved.order);
  }
}

/** What came of an erasure. `kept`: orders with an open case: ask again when that has ended. */
export type Erasure = { erased: string[]; kept: string[] };

/** Erases the personal data of all orders of somebody, by the name of one of their addresses. */
export async function eraseBuyer(deps: EraseDeps, name: string): Promise<Erasure> {
  const result: Erasure = { erased: [], kept: [] };
  for (const { id } of await ordersOf(deps, name)) {
    const erased = await erasePersonalData(deps, id);
    if (!erased.ok) {
      result.kept.push(id);
      continue;
    }
    await forgetPerson(deps, name, id);
    result.erased.push(id);
  }
  return result;
}

/** What a step of doing erasures again came to. `next`: where the next step starts; null after the last. */
export type ReplayedErasures = { looked: number; erased: number; next: string | null };

/**
 * Erases again what was erased from a day on, because the orders' table was restored to a time in it. One step does as many as one call
 * has time for. `after`: the `next` of the step before. Refused if `since` is before anything that is still known to be erased.
 */
export async function replayErasures(deps: EraseDeps, since: Date, after?: string): Promise<Result<ReplayedErasures>> {
  const now = deps.clock();
  if (since.getTime() < now.getTime() - LIMITS.erasuresKeptSeconds * 1000)
    return refuse("invalid_request", "It is not known any more what was erased so long ago.", [
      { pointer: "/since", message: `must not be more than ${LIMITS.erasuresKeptSeconds / (24 * 3600)} days ago` },
    ]);
  const step: ReplayedErasures = { looked: 0, erased: 0, next: null };
  for await (const { orderId, place } of erasedSince(deps, since, now, after)) {
    step.looked += 1;
    if (await isThereAgain(deps, orderId)) {
      await eraseNow(deps, orderId);
      step.erased += 1;
    }
    if (step.looked === LIMITS.erasuresPerReplay) return ok({ ...step, next: place });
  }
  return ok(step);
}

/** Tells whether an order holds something that an erasure takes away. */
async function isThereAgain(deps: EraseDeps, orderId: string): Promise<boolean> {
  const order = await readOrder(deps, orderId);
  return order !== undefined && (order.contact !== undefined || hasRecipient(order));
}

/**
 * Erases what is kept no longer: of orders that are old enough, today or on one of the days before. What an open case holds up stays
 * noted, and is looked at again. `failed` hears of an order that can't be erased. Gives how many were.
 */
export async function eraseDue(deps: EraseDeps, failed: (orderId: string, error: unknown) => void): Promise<number> {
  let erased = 0;
  const today = utcDay(deps.clock());
  for (let back = LIMITS.erasureDaysBack; back >= 0; back--) {
    for (const place of placesDue(dayAfter(today, 0 - back)))
      for (const orderId of await idsDue(deps, place)) {
        try {
          const done = await erasePersonalData(deps, orderId);
          if (!done.ok && done.code === "case_open") continue;
          await forgetDue(deps, place, orderId);
          if (done.ok) erased += 1;
        } catch (error) {
          failed(orderId, error);
        }
      }
  }
  return erased;
}
