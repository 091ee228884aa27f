import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
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

/** Erases again what was erased from a moment on: the orders' table was restored to a time before. Gives how many had something. */
export async function replayErasures(deps: EraseDeps, since: Date): Promise<{ looked: number; erased: number }> {
  let [looked, erased] = [0, 0];
  for await (const orderId of erasedSince(deps, since, deps.clock())) {
    looked += 1;
    const order = await readOrder(deps, orderId);
    if (order === undefined || (order.contact === undefined && !hasRecipient(order))) continue;
    await eraseNow(deps, orderId);
    erased += 1;
  }
  return { looked, erased };
}

/**
 * Erases what is kept no longer: of orders that are old enough, today or on one of the days before. What an open case holds up stays
 * noted, and is looked at again. `failed` hears of an order that can't be erased. Gives how many were.
 */
export async function eraseDue(deps: EraseDeps, failed: (orderId: string, error: unknown) => void): Promise<number> {
  let erased = 0;
  const today = deps.clock().getTime();
  for (let back = LIMITS.erasureDaysBack; back >= 0; back--) {
    const day = new Date(today - back * 24 * 3600 * 1000).toISOString().slice(0, "2026-11-30".length);
    for (const place of placesDue(day))
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
