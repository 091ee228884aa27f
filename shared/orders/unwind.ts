import { giveBack } from "../inventory/give-back.ts";
import { releaseReserved } from "../inventory/release-reserved.ts";
import { LIMITS } from "../kernel/limits.ts";
import { nameOf } from "../ledger/entries.ts";
import { balance } from "../payments/balance.ts";
import type { OrderDeps } from "./deps.ts";
import { type Line, type Order, reservedFor, reservedIn, ticketsOf } from "./model.ts";
import { chargeOf, countedPayment } from "./payers.ts";
import { giveBackOutside } from "./refund-outside.ts";
import { settleOrder } from "./settle-orders.ts";
import { paidByChannel } from "./shares.ts";
import { isUnwinding, type OrderState, stateFrom } from "./states.ts";
import { moveOrder } from "./table.ts";

/**
 * Does the second step of a refusal, cancellation, refund or expiry: money back to the account, goods back to stock,
 * then the final state. Every part is named or conditional, so it is safe to repeat and to run concurrently. Money
 * comes first: it must not wait for codes that find no room. Of a large order one call gives back a part, and then
 * returns the very order that it was given.
 */
export async function unwind(deps: OrderDeps, order: Order): Promise<Order> {
  const { state } = order;
  if (!isUnwinding(state)) return order;
  const leaving = order.lines.filter((line) => line.state === "unwinding");
  await settleOrder(deps, order);
  const amount = leaving.reduce((total, line) => total + paidByChannel(line), 0);
  const at = order.unwindingSince ?? order.placedAt;
  const rounds = [...(order.refundedAt ?? []), at];
  const round = { round: rounds.length, at };
  const back = await giveMoneyBack(deps, order, round, amount, leaving);

  const tickets = [...ticketsOf(leaving), ...(order.dropped ?? [])];
  await Promise.all(tickets.map((ticket) => giveBack(deps, ticket, { orderId: order.id })));
  for (const reserved of reservedIn(leaving))
    if (!(await releaseReserved(deps, reservedFor(order), reserved, LIMITS.returnsPerStep))) return order;

  const lines = order.lines.map((line): Line => (line.state === "unwinding" ? { ...line, state: "returned" } : line));
  const money = back === undefined ? {} : { refunded: order.refunded + back, refundedAt: rounds };
  const done = await moveOrder(deps, order, {
    state: finalOf(state, lines),
    lines,
    unwindingSince: undefined,
    dropped: undefined,
    ...money,
  });
  return done.order;
}

function finalOf(state: "expiring" | "refusing" | "refunding" | "cancelling", lines: readonly Line[]): OrderState {
  if (state === "expiring") return "expired";
  if (state === "refusing") return "refused";
  return state === "cancelling" ? "cancelled" : stateFrom(lines);
}

/**
 * Gives the money of lines back to those who paid, once for each round. Returns how much; undefined: nobody had paid. An order that was
 * paid at a provider and never sold gives all of that back.
 */
async function giveMoneyBack(
  deps: OrderDeps,
  order: Order,
  { round, at }: { round: number; at: string },
  amount: number,
  leaving: readonly Line[],
): Promise<number | undefined> {
  if (countedPayment(order) !== undefined) return giveBackOutside(deps, order, { round, at }, amount, leaving);
  if (order.fundedAt === undefined) return undefined;
  const cause = nameOf({ kind: "refund", orderId: order.id, epoch: order.epoch, round });
  const costs = leaving.flatMap(({ cost = [] }) => cost);
  await balance(deps, costs).refund(chargeOf(order), { id: cause, cause, round, amount, requestedAt: at });
  return amount;
}
