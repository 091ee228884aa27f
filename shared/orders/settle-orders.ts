import type { Db } from "../aws/dynamo.ts";
import { readAccounts } from "../ledger/accounts.ts";
import type { BookDeps } from "../ledger/books.ts";
import { laneFor, lanesOf, readLane, readLanes } from "../ledger/lanes.ts";
import { level } from "../ledger/level.ts";
import type { Lane, LaneName, Pending } from "../ledger/model.ts";
import { settle } from "../ledger/settle.ts";
import { fundingOf } from "./funding.ts";
import type { Order } from "./model.ts";
import { isFinal } from "./states.ts";
import { readOrder } from "./table.ts";

/** Orders settled in one write. An expression may be 4 KB long, and each pending takes about 60 bytes of it. */
const ORDERS_PER_WRITE = 25;

/**
 * Settles the money of orders that were read before: one lane at a time, many orders to a write. A pending that a late
 * helper put into another lane is left to that helper, and to the schedule, which looks at all lanes.
 */
export async function settleOrders(deps: BookDeps, orders: readonly Order[]): Promise<number> {
  const decided = orders.filter((order) => order.fundedAt !== undefined || isFinal(order.state));
  const placed = await Promise.all(decided.map(async (order) => ({ order, lane: await laneOf(deps, order) })));
  const byLane = Map.groupBy(placed, ({ order, lane }) => `${order.channelId} ${order.total.currency} ${lane}`);
  let settled = 0;
  for (const ofLane of byLane.values()) {
    const [first] = ofLane;
    if (first === undefined) continue;
    const { channelId, total } = first.order;
    const name = { channelId, currency: total.currency, lane: first.lane };
    settled += await settleOn(
      deps,
      name,
      ofLane.map(({ order }) => order),
    );
  }
  return settled;
}

/**
 * Gives the lane of an order's money: the one that the order names if it was paid, otherwise the one where it would be
 * set aside.
 */
async function laneOf(deps: Db<"ledger">, { id, channelId, total, fundedAt, fundedLane = 0 }: Order): Promise<number> {
  if (fundedAt !== undefined) return fundedLane;
  return laneFor(id, await lanesOf(deps, { channelId, currency: total.currency }));
}

/**
 * Settles what lies in this lane for orders that were read before. It may be in another currency than an order has by
 * now: the price was changed and the order tried again.
 */
export async function settleOn(deps: BookDeps, name: LaneName, orders: readonly Order[]): Promise<number> {
  let settled = 0;
  for (let at = 0; at < orders.length; at += ORDERS_PER_WRITE) {
    const some = orders.slice(at, at + ORDERS_PER_WRITE);
    const lane = await readLane(deps, name);
    if (lane !== undefined) settled += await settle(deps, lane, some.map(fundingOf));
  }
  return settled;
}

/** Settles one order, which was read before, in all lanes: two of its helpers may have debited in two of them. */
export async function settleOrder(deps: BookDeps, order: Order): Promise<void> {
  const account = { channelId: order.channelId, currency: order.total.currency };
  for (const lane of await readLanes(deps, account)) await settle(deps, lane, [fundingOf(order)]);
}

/**
 * Settles a channel's money for the schedule: all pendings older than `olderThan`, in every lane; then levels the
 * lanes. An order that is still `open` was forgotten half-way, and is told to `stuck`.
 */
export async function settleChannel(
  deps: Db<"orders"> & BookDeps,
  channelId: string,
  olderThan: Date,
  stuck: (order: Order) => Promise<void> = async () => undefined,
): Promise<{ accounts: number; pendings: number }> {
  const accounts = await readAccounts(deps, channelId);
  let pendings = 0;
  for (const { currency, lanes } of accounts) {
    for (const lane of lanes) pendings += await settleOld(deps, lane, olderThan, stuck);
    if (lanes.length > 1) await level(deps, { channelId, currency });
  }
  return { accounts: accounts.length, pendings };
}

async function settleOld(
  deps: Db<"orders"> & BookDeps,
  seen: Lane,
  olderThan: Date,
  stuck: (order: Order) => Promise<void>,
): Promise<number> {
  const { channelId, currency, lane = 0 } = seen;
  const isOld = ({ at }: Pending): boolean => at < olderThan.toISOString();
  const old = Object.entries(seen.pending).filter(([, pending]) => isOld(pending));
  const ids = [...new Set(old.map(([key]) => key.slice(0, key.indexOf("@"))))];
  // Orders are read before the lane is read again and settled.
  const orders = (await Promise.all(ids.map((id) => readOrder(deps, id)))).filter((order) => order !== undefined);
  const settled = await settleOn(deps, { channelId, currency, lane }, orders);
  for (const order of orders) if (order.state === "open") await stuck(order);
  return settled;
}
