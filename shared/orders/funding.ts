import type { Db } from "../aws/dynamo.ts";
import { type Refusal, refuse } from "../kernel/problem.ts";
import { hasRoom, readAccount, readLaneFor } from "../ledger/lanes.ts";
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

/**
 * Can the channel pay? Most can, as of a moment ago; for one that seems not to, all lanes are read strongly, for a deposit may be new.
 * `busy`: more waits to be booked than lanes may hold, or the money moves between them too fast to be counted.
 */
export async function covers(
  deps: Db<"ledger">,
  { id, channelId, total }: Pick<Order, "id" | "channelId" | "total">,
): Promise<"yes" | "short" | "busy"> {
  const account = { channelId, currency: total.currency };
  const recently = await readLaneFor(deps, account, id);
  if (recently !== undefined && hasRoom(recently) && recently.spendable >= total.amount) return "yes";
  const now = await readAccount(deps, channelId, total.currency);
  if (now === undefined || now.spendable < total.amount) return now?.isSteady === false ? "busy" : "short";
  return now.lanes.some(hasRoom) ? "yes" : "busy";
}

/** Why an order is not placed for want of money, or of a moment's time. */
export const notCovered = (why: "short" | "busy"): Refusal =>
  why === "short"
    ? refuse("insufficient_funds", "The balance does not cover the order.")
    : refuse("busy", "So many of the channel's orders wait to be booked; repeat the request in a moment.");
