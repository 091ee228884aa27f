import { giveBack } from "../inventory/give-back.ts";
import { releaseReserved } from "../inventory/release-reserved.ts";
import { takeBack, voidSold } from "../inventory/void-sold.ts";
import { LIMITS } from "../kernel/limits.ts";
import { nameOf } from "../ledger/entries.ts";
import { balance } from "../payments/balance.ts";
import type { OrderDeps } from "./deps.ts";
import { type Order, reservedFor, reservedIn, ticketsOf } from "./model.ts";
import { chargeOf, countedPayment } from "./payers.ts";
import { giveBackOutside } from "./refund-outside.ts";
import { afterRound, type MoneyBack, moneyBackOf, type Round } from "./round.ts";
import { settleOrder } from "./settle-orders.ts";
import { isUnwinding, type OrderState, stateFrom } from "./states.ts";
import { moveOrder } from "./table.ts";

/**
 * Does the second step of a refusal, cancellation, refund or expiry: money back to the account, goods back to stock, or void if they were
 * seen, then the final state. Every part is named or conditional, so it is safe to repeat and to run concurrently. Money
 * comes first: it must not wait for codes that find no room. Of a large order one call gives back a part, and then
 * returns the very order that it was given.
 */
export async function unwind(deps: OrderDeps, order: Order): Promise<Order> {
  const { state } = order;
  if (!isUnwinding(state)) return order;
  await settleOrder(deps, order);
  const at = order.unwindingSince ?? order.placedAt;
  const rounds = [...(order.refundedAt ?? []), at];
  const back = await giveMoneyBack(deps, order, { round: rounds.length, at }, moneyBackOf(order.lines));
  if (!(await takeGoodsBack(deps, order))) return order;
  const lines = order.lines.map(afterRound);
  const money = back === undefined ? {} : { refunded: order.refunded + back, refundedAt: rounds };
  const done = await moveOrder(deps, order, {
    state: finalOf({ ...order, state, lines }),
    lines,
    unwindingSince: undefined,
    reopened: undefined,
    dropped: undefined,
    ...money,
  });
  return done.order;
}

type Unwinding = Omit<Order, "state"> & { state: "expiring" | "refusing" | "refunding" | "cancelling" };

function finalOf({ state, lines, review }: Unwinding): OrderState {
  if (state === "expiring") return "expired";
  if (state === "refusing") return "refused";
  if (state === "cancelling") return "cancelled";
  const reached = stateFrom(lines);
  // A run of it has broken, and nobody has decided about that.
  return reached === "fulfilling" && review !== undefined && review.refundId === undefined ? "review" : reached;
}

/** Takes back the codes of all that is on its way back. False: this was a part of them. */
async function takeGoodsBack(deps: OrderDeps, order: Order): Promise<boolean> {
  const { id: orderId, lines, dropped = [] } = order;
  const unwinding = lines.filter((line) => line.state === "unwinding");
  const leaving = lines.flatMap(({ leaving }) => leaving ?? []);
  const [seen, unseen] = [true, false].map((isSeen) => leaving.filter((one) => (one.isSeen === true) === isSeen));
  const ticketsIn = (some = leaving) => some.flatMap(({ places }) => places?.tickets ?? []);
  const returning = [...ticketsOf(unwinding), ...dropped, ...ticketsIn(unseen)];
  await Promise.all([
    ...returning.map((ticket) => giveBack(deps, ticket, { orderId })),
    ...ticketsIn(seen).map((ticket) => voidSold(deps, ticket, orderId)),
  ]);
  for (const reserved of reservedIn(unwinding))
    if (!(await releaseReserved(deps, reservedFor(order), reserved, LIMITS.returnsPerStep))) return false;
  for (const { places, isSeen = false } of leaving)
    for (const run of places?.reserved ?? [])
      if (!(await takeBack(deps, orderId, run, isSeen, LIMITS.returnsPerStep))) return false;
  return true;
}

/**
 * Gives the money of lines back to those who paid, once for each round. Returns how much; undefined: nobody had paid. An order that was
 * paid at a provider and never sold gives all of that back.
 */
async function giveMoneyBack(
  deps: OrderDeps,
  order: Order,
  { round, at }: Round,
  money: MoneyBack,
): Promise<number | undefined> {
  if (countedPayment(order) !== undefined) return giveBackOutside(deps, order, { round, at }, money);
  if (order.fundedAt === undefined) return undefined;
  const { amount, costs } = money;
  const cause = nameOf({ kind: "refund", orderId: order.id, epoch: order.epoch, round });
  await balance(deps, costs).refund(chargeOf(order), { id: cause, cause, round, amount, requestedAt: at });
  return amount;
}
