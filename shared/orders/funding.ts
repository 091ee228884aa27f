import type { Db } from "../aws/dynamo.ts";
import { readAccount } from "../ledger/accounts.ts";
import type { Funding } from "../ledger/settle.ts";
import type { Order } from "./model.ts";
import { isFinal, isUnwinding } from "./states.ts";

/** What the order says of the money set aside for it. */
export function fundingOf(order: Order): Funding {
  return {
    channelId: order.channelId,
    currency: order.total.currency,
    orderId: order.id,
    epoch: order.epoch,
    amount: order.total.amount,
    fundedBy: order.fundedBy,
    fundedAt: order.fundedAt,
    isOver: isFinal(order.state) || isUnwinding(order.state),
  };
}

/** Can the channel pay? Most can, as of a moment ago; who seems not to is looked at again, for a deposit may be new. */
export async function covers(
  deps: Db<"ledger">,
  { channelId, total }: Pick<Order, "channelId" | "total">,
): Promise<boolean> {
  const recently = await readAccount(deps, channelId, total.currency, false);
  if ((recently?.spendable ?? 0) >= total.amount) return true;
  const now = await readAccount(deps, channelId, total.currency);
  return (now?.spendable ?? 0) >= total.amount;
}
