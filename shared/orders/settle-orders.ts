import type { Db } from "../aws/dynamo.ts";
import { readAccount } from "../ledger/accounts.ts";
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
    for (let at = 0; at < ofAccount.length; at += ORDERS_PER_WRITE) {
      const some = ofAccount.slice(at, at + ORDERS_PER_WRITE);
      const [first] = some;
      const account = first && (await readAccount(deps, first.channelId, first.total.currency));
      if (account !== undefined) settled += await settle(deps, account, some.map(fundingOf));
    }
  }
  return settled;
}
