import { giveBack } from "../inventory/give-back.ts";
import type { Slot, Ticket } from "../inventory/model.ts";
import { holdSlot } from "../inventory/slots.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { NotDebited } from "../ledger/debit.ts";
import { Busy } from "./busy.ts";
import type { OrderDeps } from "./deps.ts";
import { drawFor } from "./draw.ts";
import { holdEnds, mayHaveBeenPaid } from "./hold.ts";
import { dropping, type Line, type Order, type Reveal, ticketsOf } from "./model.ts";
import { balanceShare, countedPayment, isFree } from "./payers.ts";
import { plan } from "./plan.ts";
import { asSold, freeSale, sellSlots } from "./sale.ts";
import { sellDrawn } from "./sell-drawn.ts";
import { laneNamed, setAside } from "./set-aside.ts";
import { settleOrder } from "./settle-orders.ts";
import { stateFrom } from "./states.ts";
import { type Change, moveOrder, readOrder } from "./table.ts";
import { unwind } from "./unwind.ts";

/**
 * Who helps an order along. `reveal`: the helper hands the goods out, so the write that finishes the sale also records
 * the look. `onSold` gets the slots as they were sold, which saves reading them again.
 */
export type Finder = { reveal?: Omit<Reveal, "at">; onSold?: (slots: ReadonlyMap<Ticket, Slot>) => void };

/**
 * Does everything for an order that we can do ourselves: sells what is open, unwinds what is over. Idempotent, safe to
 * run concurrently, from any state, and safe to interrupt. Returns the order when only a supplier, a person or nobody
 * is due, or when the next step takes longer than one call and the workflow does it.
 */
export async function advance(deps: OrderDeps, order: Order, finder: Finder = {}): Promise<Order> {
  let current = order;
  for (let turn = 0; turn < LIMITS.turnsPerAdvance; turn++) {
    const { step } = plan(current, deps.clock());
    if (step === "hold") {
      const before = current;
      current = await hold(deps, before);
      if (current === before) return current;
    } else if (step === "expire") {
      if (await mayHaveBeenPaid(deps, current, deps.clock())) return current;
      current = await expire(deps, current);
    } else if (step === "give_back") current = await giveBackDropped(deps, current);
    else if (step === "sell")
      current = await (current.state === "open" ? sell(deps, current, finder) : sellDrawn(deps, current));
    else if (step === "unwind") {
      const before = current;
      current = await unwind(deps, before);
      // A part of a large order went back; the next call goes on.
      if (current === before) return current;
    } else return current;
  }
  throw new Busy(`order ${order.id} is contended`);
}

/**
 * Holds the codes on their slots: the sweeper leaves them alone, and nobody else sells them. Where a buyer pays all of it at a provider the
 * order doesn't note that, which would cost a write: the slots say it, who helps the order again holds them again, and who sells it
 * finds out. Then this returns the very order that it was given.
 */
async function hold(deps: OrderDeps, order: Order): Promise<Order> {
  const now = deps.clock();
  const until = holdEnds(order) ?? now.toISOString();
  const tickets = ticketsOf(order.lines);
  const held = await Promise.all(tickets.map((ticket) => holdSlot(deps, ticket, order.id, until)));
  const lost = tickets.filter((_, index) => held[index] === false);
  if (lost.length > 0) return swapTickets(deps, order, lost);
  const heldAt = now.toISOString();
  if (order.checkout === undefined) return (await moveOrder(deps, order, { heldAt })).order;
  if (balanceShare(order) === 0) return order;
  // The part of the balance stands before the buyer pays the other one.
  const set = await setAside(deps, order);
  if (!set.ok) return notPaid(deps, order, set.why);
  return (await moveOrder(deps, order, { heldAt, fundedBy: [set.nonce], fundedLane: laneNamed(set.lane) })).order;
}

/** Moves the order to `expiring`: a payment from now on comes late. Codes, and what was set aside, go back after that. */
async function expire(deps: OrderDeps, order: Order): Promise<Order> {
  const lines = order.lines.map((line): Line => ({ ...line, state: "unwinding" }));
  const unwindingSince = deps.clock().toISOString();
  const change: Change = { state: "expiring", lines, unwindingSince, fundedBy: undefined, fundedLane: undefined };
  return (await moveOrder(deps, order, change)).order;
}

/** Sells an open order: money, slots, finish. Returns the order as it is afterwards, whoever moved it. */
async function sell(deps: OrderDeps, order: Order, finder: Finder): Promise<Order> {
  const now = deps.clock();
  const outside = countedPayment(order);
  const paid = isFree(order) ? undefined : await setAside(deps, order);
  if (paid?.ok === false) return notPaid(deps, order, paid.why);

  const { soldAt, lost } = await sellSlots(deps, order, now);
  if (lost.length > 0) return swapTickets(deps, order, lost);

  const at = now.toISOString();
  const stands = [outside, paid?.nonce].filter((nonce) => nonce !== undefined);
  const reveal = finder.reveal !== undefined && soldAt.size > 0 ? { revealed: { ...finder.reveal, at } } : {};
  const change: Change = { ...asSold(order, soldAt, stands, now), fundedLane: laneNamed(paid?.lane ?? 0), ...reveal };
  // A sale is booked with its pending. Where there is none, it is booked in the write that makes it.
  const alongside = paid === undefined ? await freeSale(deps, { ...order, ...change } as Order) : [];
  const finished = await moveOrder(deps, order, change, alongside);
  if (finished.ok) finder.onSold?.(soldAt);
  // Another helper's debit paid: ours goes back at once, without waiting for the schedule.
  else if (paid?.mine) await settleOrder(deps, finished.order);
  return finished.order;
}

/**
 * Replaces tickets that have no sellable code: the sweeper took their codes because this order slept too long, or they
 * were voided, or will have expired. The order names the new tickets before they are used, so nothing is sold that the
 * order doesn't name.
 */
async function swapTickets(deps: OrderDeps, order: Order, lost: readonly Ticket[]): Promise<Order> {
  const swaps = new Map<Ticket, Ticket>();
  const drawn: Ticket[] = [];
  for (const line of order.lines) {
    const gone = (line.tickets ?? []).filter((ticket) => lost.includes(ticket));
    if (gone.length === 0) continue;
    const fresh = await drawFor(deps, order, line.productId, gone.length);
    drawn.push(...fresh);
    gone.forEach((ticket, index) => {
      const replacement = fresh[index];
      if (replacement !== undefined) swaps.set(ticket, replacement);
    });
  }
  const giveBackDrawn = () => Promise.all(drawn.map((ticket) => giveBack(deps, ticket, "anyone")));
  if (swaps.size < lost.length) {
    await giveBackDrawn();
    return refuseWith(deps, order, "sold_out");
  }
  const lines = order.lines.map((line) =>
    line.tickets === undefined ? line : { ...line, tickets: line.tickets.map((ticket) => swaps.get(ticket) ?? ticket) },
  );
  // A helper with a slow clock may be selling the lost ones. They go back once that helper can't finish any more.
  const swapped = await moveOrder(deps, order, { lines, ...dropping(order, lost) });
  if (!swapped.ok && !names(swapped.order, drawn)) await giveBackDrawn();
  return swapped.order;
}

/** Gives dropped tickets back, then lets the order forget them. The order no longer names them in its lines. */
async function giveBackDropped(deps: OrderDeps, order: Order): Promise<Order> {
  const { dropped = [], lines, state } = order;
  await Promise.all(dropped.map((ticket) => giveBack(deps, ticket, { orderId: order.id })));
  const isPaid = state === "fulfilling" || state === "review";
  return (await moveOrder(deps, order, { dropped: undefined, ...(isPaid ? { state: stateFrom(lines) } : {}) })).order;
}

/** Tells whether the order names all these tickets. After a lost answer our own swap looks like somebody else's. */
function names(order: Order, tickets: readonly Ticket[]): boolean {
  return tickets.every((ticket) => ticketsOf(order.lines).includes(ticket));
}

/**
 * Does the first of the two steps of a refusal. `advance` does the second. What somebody has paid for at a provider is not refused: the
 * money goes back.
 */
async function refuseWith(deps: OrderDeps, order: Order, refusal: NonNullable<Order["refusal"]>): Promise<Order> {
  // A twin may have finished the order, and its debit may be why we are short of money. So read before refusing.
  const current = await readOrder(deps, order.id);
  if (current === undefined || current.version !== order.version) return current ?? order;
  const state = countedPayment(current) === undefined ? "refusing" : "refunding";
  const change: Change = { state, refusal, unwindingSince: deps.clock().toISOString() };
  const lines = order.lines.map((line): Line => ({ ...line, state: "unwinding" }));
  return (await moveOrder(deps, current, { ...change, lines })).order;
}

async function notPaid(deps: OrderDeps, order: Order, why: NotDebited["why"]): Promise<Order> {
  switch (why) {
    case "short":
      return refuseWith(deps, order, "insufficient_funds");
    case "other_amount":
      return freeMoney(deps, order);
    case "busy":
      throw new Busy(`the account of ${order.channelId} is contended`);
  }
}

/** Gives back a pending of another amount, which can never pay. The next turn sets the right amount aside. */
async function freeMoney(deps: OrderDeps, order: Order): Promise<Order> {
  const current = (await readOrder(deps, order.id)) ?? order;
  await settleOrder(deps, current);
  return current;
}
