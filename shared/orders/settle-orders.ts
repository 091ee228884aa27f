import type { Db } from "../aws/dynamo.ts";
import { readAccount } from "../ledger/accounts.ts";
import type { Account } from "../ledger/model.ts";
import { settle } from "../ledger/settle.ts";
import { fundingOf } from "./funding.ts";
import type { Order } from "./model.ts";
import { isFinal } from "./states.ts";

/** Orders settled in one write: an expression may be 4 KB long, and each pending takes about 60 bytes of it. */
const ORDERS_PER_WRITE = 25;

/** Settles the money of these orders, which were read before: one account at a time, many orders to a write. */
export async function settleOrders(deps: Db<"ledger">, orders: readonly Order[]): Promise<number> {
  const decided = orders.filter((order) => order.fundedBy !== undefined || isFinal(order.state));
  const byAccount = Map.groupBy(decided, ({ channelId, total }) => `${channelId} ${total.currency}`);
  let settled = 0;
  for (const ofAccount of byAccount.values()) {
    const [first] = ofAccount;
    if (first === undefined) continue;
    const { channelId, total } = first;
    settled += await settleOn(deps, { channelId, currency: total.currency }, ofAccount);
  }
  return settled;
}

/**
 * Settles what lies on this account for these orders, which were read before. It may be in another currency than an order is in
 * by now: the price was changed, and the order tried again.
 */
export async function settleOn(
  deps: Db<"ledger">,
  { channelId, currency }: Pick<Account, "channelId" | "currency">,
  orders: readonly Order[],
): Promise<number> {
  let settled = 0;
  for (let at = 0; at < orders.length; at += ORDERS_PER_WRITE) {
    const some = orders.slice(at, at + ORDERS_PER_WRITE);
    const account = await readAccount(deps, channelId, currency);
    if (account !== undefined) settled += await settle(deps, account, some.map(fundingOf));
  }
  return settled;
}
