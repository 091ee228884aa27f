import type { Db } from "../aws/dynamo.ts";
import type { Money } from "../kernel/money.ts";
import { type Refusal, refuse } from "../kernel/problem.ts";
import { hasRoom, readAccount, readLaneFor } from "../ledger/lanes.ts";
import type { Funding } from "../ledger/settle.ts";
import type { Order } from "./model.ts";
import { balanceShare, outsideOf } from "./payers.ts";
import { isFinal, isUnwinding } from "./states.ts";

/** Gives what the order says of the money set aside for it. */
export function fundingOf(order: Order): Funding {
  return {
    channelId: order.channelId,
    currency: order.total.currency,
    orderId: order.id,
    epoch: order.epoch,
    amount: balanceShare(order),
    outside: outsideOf(order),
    // What stands before the sale may still have to go back.
    fundedBy: order.fundedAt === undefined ? undefined : order.fundedBy,
    fundedAt: order.fundedAt,
    isOver: isFinal(order.state) || isUnwinding(order.state),
    cost: soldAtOnce(order),
  };
}

/** What has cost us that was sold in the write that paid. What is sold later is booked by that later write. */
const soldAtOnce = ({ lines }: Order): Money[] =>
  lines.flatMap(({ cost = [], costAt }) => (costAt === undefined ? cost : []));

/**
 * Tells whether the channel can pay for an order. A read that is a moment old is enough for a yes. For a no, all lanes
 * are read strongly, because a deposit may be new. `busy`: the lanes have no room for more pendings, or money moves
 * between them too fast to be counted.
 */
export async function covers(
  deps: Db<"ledger">,
  { id, channelId, ...order }: Pick<Order, "id" | "channelId" | "total" | "checkout">,
): Promise<"yes" | "short" | "busy"> {
  const amount = balanceShare(order);
  if (amount === 0) return "yes";
  const { currency } = order.total;
  const account = { channelId, currency };
  const recently = await readLaneFor(deps, account, id);
  if (recently !== undefined && hasRoom(recently) && recently.spendable >= amount) return "yes";
  const now = await readAccount(deps, channelId, currency);
  if (now === undefined || now.spendable < amount) return now?.isSteady === false ? "busy" : "short";
  return now.lanes.some(hasRoom) ? "yes" : "busy";
}

/** Makes the refusal of an order that the account doesn't cover, or can't take at this moment. */
export const notCovered = (why: "short" | "busy"): Refusal =>
  why === "short"
    ? refuse("insufficient_funds", "The balance does not cover the order.")
    : refuse("busy", "So many of the channel's orders wait to be booked; repeat the request in a moment.");
