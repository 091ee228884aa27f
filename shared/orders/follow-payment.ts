import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { deposit } from "../ledger/deposits.ts";
import type { PaymentMethod } from "../payments/contract.ts";
import {
  isOpenRefund,
  isOver,
  type Payment,
  type PaymentStep,
  planPayment,
  type ReturnReason,
  wrongIn,
} from "../payments/model.ts";
import { movePayment, newRefund, type PaymentChange, readPayment } from "../payments/payments.ts";
import type { ProviderDeps } from "../payments/providers.ts";
import { reachProvider } from "../payments/reach.ts";
import { holdBack, recordAnswer } from "../payments/record.ts";
import { advance } from "./advance.ts";
import { Busy } from "./busy.ts";
import type { OrderDeps } from "./deps.ts";
import { followEnded, followRefund } from "./follow-refund.ts";
import { type Line, type Order, reservedIn } from "./model.ts";
import { countedPayment } from "./payers.ts";
import { PaymentNotKnown } from "./payment-not-known.ts";
import { isLookedAfter } from "./queues.ts";
import { isToNote, noteSold, paidBy, sellPaid } from "./sell-paid.ts";
import { isFinal } from "./states.ts";
import { moveOrder, readOrder } from "./table.ts";

/**
 * `onRefundRefused`: a provider can't give money back, so a person has to. `onRefundWaits`: it does not, until a person does something
 * about that. `onUnknown`: a provider can't say whether somebody has paid, long after that could be done.
 */
export type FollowDeps = OrderDeps &
  ProviderDeps & { onRefundRefused?: () => void; onRefundWaits?: () => void; onUnknown?: () => void };

/**
 * Why a payment is looked at. `due`: its time has come · `changed`: what it is for has changed, so its provider is asked now · `news`: the
 * same, because the provider says that something has happened.
 */
export type Why = "due" | "changed" | "news";

/**
 * Does everything that is due for a payment: asks its provider, books what was paid, lets the order have it or sends it back, and sees
 * refunds through. `refundId`: there is news of a refund that may have ended. Idempotent, safe to run concurrently, and safe to interrupt. Returns the payment as it is then; undefined: there is none.
 */
export async function followPayment(
  deps: FollowDeps,
  id: string,
  why: Why = "due",
  refundId?: string,
): Promise<Payment | undefined> {
  return followKnown(deps, id, await readPayment(deps, id), why, refundId);
}

/** Follows a payment of whose order a verified notification has come, as it was read just now. */
export const followNews = (deps: FollowDeps, payment: Payment): Promise<Payment | undefined> =>
  followKnown(deps, payment.id, payment, "news");

async function followKnown(
  deps: FollowDeps,
  id: string,
  known: Payment | undefined,
  why: Why,
  refundId?: string,
): Promise<Payment | undefined> {
  let payment = known;
  if (why === "news" && payment !== undefined && Object.keys(payment.refunds).length > 0) {
    await followEnded(deps, payment, refundId, (one) => methodOf(deps, one));
    payment = await readPayment(deps, id);
  }
  let isAsked = why === "due";
  for (let turn = 0; turn < LIMITS.turnsPerPayment; turn++) {
    if (payment === undefined) return undefined;
    const next = planPayment(payment, deps.clock(), !isAsked);
    if (next.step === "done" || next.step === "wait") return payment;
    if (next.step !== "decide") isAsked = true;
    const moved = await takeStep(deps, payment, next, why);
    payment = moved ?? (await readPayment(deps, id));
  }
  throw new Busy(`payment ${id} is contended`);
}

/** Takes one step with a payment. Returns the payment as this has left it; undefined: somebody has to read it again. */
async function takeStep(
  deps: FollowDeps,
  payment: Payment,
  next: Exclude<PaymentStep, { step: "done" | "wait" }>,
  why: Why,
): Promise<Payment | undefined> {
  switch (next.step) {
    case "ask":
      try {
        return await ask(deps, payment, await methodOf(deps, payment), why);
      } catch (error) {
        // Codes are not kept for a payment that can't be asked about.
        if (isLate(deps, payment)) await giveUp(deps, payment);
        throw error;
      }
    case "decide":
      await decide(deps, payment);
      return undefined;
    case "hold_back":
      return holdBack(deps, payment);
    case "refund":
    case "ask_refund":
      await followRefund(deps, payment, next, await methodOf(deps, payment));
      return undefined;
  }
}

async function methodOf(deps: FollowDeps, { provider }: Payment): Promise<PaymentMethod> {
  const reached = await reachProvider(deps, provider);
  if (reached === undefined) throw new Error(`the payment provider ${provider} vanished`);
  return reached.method;
}

/**
 * Asks what became of a payment; one that nothing waits for any more is closed, so that nobody can pay it. Where an order waits for it that
 * can be sold at once, it is sold in one write, and what was paid is booked and noted after that.
 */
async function ask(deps: FollowDeps, payment: Payment, method: PaymentMethod, why: Why): Promise<Payment | undefined> {
  const asked = await wants(deps, payment);
  // Its order is sold by it, and somebody died before this was noted.
  if (isToNote(asked.order, payment)) return noteSold(deps, asked.order, payment);
  const isInTime = !isOver(payment) && payment.expiresAt > deps.clock().toISOString();
  // Its order is written after it, if it is. Until the time is over it is not closed: that order's buyer could not pay.
  const isEarly = payment.state === "created" && (asked.order?.payments ?? 0) < payment.attempt;
  const isLeft = isOver(payment) || (isInTime && (asked.wish === "yes" || isEarly));
  const closed = isLeft ? undefined : await method.close(payment);
  const outcome = closed === undefined || closed.kind === "paid" ? await method.query(payment) : closed;
  if (outcome.kind === "stands") throw new Error(`${payment.id} stands by itself, and a provider's can't`);
  if (outcome.kind === "paid" && isInTime && asked.order !== undefined && takes(asked.wish)) {
    const sold = await sellPaid(deps, asked.order, payment, outcome.received);
    if (sold !== undefined) return sold;
  }
  const recorded = await recordAnswer(deps, payment, outcome, method.inFlightSeconds, () => leave(deps, payment));
  if (recorded !== undefined && isOver(recorded)) return endOf(deps, recorded);
  if (isLate(deps, payment) && outcome.kind !== "paid") await giveUp(deps, payment);
  if (isLate(deps, payment) && outcome.kind === "unknown") deps.onUnknown?.();
  if (why === "news" && outcome.kind === "unknown") throw new PaymentNotKnown(outcome.reason);
  return recorded;
}

/** Tells whether the order of a payment must not wait for it any longer, whatever becomes of it. */
const isLate = ({ clock }: FollowDeps, { expiresAt }: Payment): boolean =>
  after(new Date(expiresAt), LIMITS.unknownPaymentSeconds) <= clock().toISOString();

/** Ends a payment that can't be made any more. It may have been due until what it is for was seen to. */
async function endOf(deps: FollowDeps, payment: Payment): Promise<Payment | undefined> {
  await leave(deps, payment);
  await giveUp(deps, payment);
  return payment.dueAt === undefined ? payment : movePayment(deps, payment, { dueAt: undefined });
}

/**
 * An order that still waits is left by its newest payment: from now on it stands among the unpaid ones itself, until another payment is
 * begun. Called before the payment is due no more.
 */
async function leave(deps: FollowDeps, { purpose, attempt }: Payment): Promise<void> {
  if (purpose.kind !== "order") return;
  for (let turn = 0; turn < LIMITS.turnsPerPayment; turn++) {
    const order = await readOrder(deps, purpose.orderId);
    if (order === undefined || order.epoch !== purpose.epoch || order.payments !== attempt) return;
    if (!isLookedAfter(order) || (await moveOrder(deps, order, { alone: true })).ok) return;
  }
  throw new Busy(`order ${purpose.orderId} is contended`);
}

/** An order that nobody paid in time gives up its codes as soon as none of its payments can be made any more. */
async function giveUp(deps: FollowDeps, { purpose }: Payment): Promise<void> {
  if (purpose.kind !== "order") return;
  const order = await readOrder(deps, purpose.orderId);
  if (order?.state === "awaiting_payment" && order.epoch === purpose.epoch) await advance(deps, order);
}

/** What the thing that is paid for says to a payment. `superseded`: another one was begun since; if this one is paid it counts all the same. */
type Wish = "yes" | "superseded" | "counts" | ReturnReason;

/** What a payment is told. `order`: what it is for, as it stood then. */
type Answer = { wish: Wish; order?: Order };

/** Tells whether the money is taken for what the payment is for. */
const takes = (wish: Wish): wish is "yes" | "superseded" => wish === "yes" || wish === "superseded";

/** Asks the thing that a payment is for whether it wants the money. An order that is on its way to an end is helped there first. */
async function wants(deps: FollowDeps, payment: Payment): Promise<Answer> {
  const { purpose } = payment;
  switch (purpose.kind) {
    case "deposit":
      return { wish: "yes" };
    case "renewal":
      // No subscription exists that could be renewed.
      return { wish: "nobody_waits" };
    case "order": {
      const order = await readOrder(deps, purpose.orderId);
      return order === undefined ? { wish: "nobody_waits" } : orderWants(deps, order, payment, purpose.epoch);
    }
  }
}

async function orderWants(deps: FollowDeps, order: Order, payment: Payment, epoch: number): Promise<Answer> {
  const says = (wish: Wish): Answer => ({ wish, order });
  if (order.epoch !== epoch) return says("order_over");
  const counted = countedPayment(order);
  if (counted === payment.id) return says("counts");
  if (counted !== undefined) return says("second");
  if (mayBePaid(order)) return says(order.payments === payment.attempt ? "yes" : "superseded");
  if (isFinal(order.state) || order.fundedAt !== undefined)
    return says(order.fundedAt === undefined ? "order_over" : "second");
  // Somebody is at work on it: it is brought to where it can say.
  const moved = await advance(deps, order);
  return moved.version === order.version ? says("order_over") : orderWants(deps, moved, payment, epoch);
}

/** An expired order can still be paid, if it is sold piece by piece: what a large one had cut off is back among the others. */
const mayBePaid = (order: Order): boolean =>
  order.checkout !== undefined &&
  (order.state === "awaiting_payment" || (order.state === "expired" && reservedIn(order.lines).length === 0));

/** Lets the order, or the channel's balance, have what was paid; or sends it back. Each is noted at the payment, once. */
async function decide(deps: FollowDeps, payment: Payment): Promise<void> {
  const wrong = wrongIn(payment);
  if (wrong !== undefined) return sendBack(deps, payment, wrong);
  const { purpose, amount, channelId, provider, id } = payment;
  if (purpose.kind === "deposit") {
    const paidIn = await deposit(deps, channelId, amount, id, deps.clock(), provider);
    // Nobody else has payments' names for references.
    if (!paidIn.ok) throw new Error(`${id} can't be paid in: ${paidIn.code}`);
    return note(deps, payment, { counted: true });
  }
  const { wish, order } = await wants(deps, payment);
  if (takes(wish)) return order === undefined ? undefined : fund(deps, order, payment);
  if (wish !== "counts") return sendBack(deps, payment, wish);
  if (order !== undefined) await advance(deps, order);
  await note(deps, payment, { counted: true });
}

/** The order takes the payment: the first of two steps. The next look finds that it counts, sells, and notes that. */
async function fund(deps: FollowDeps, order: Order, payment: Payment): Promise<void> {
  if (!mayBePaid(order) || countedPayment(order) !== undefined) return;
  // What had expired went back to stock: new tickets are drawn when it is sold.
  const lines = order.lines.map((line): Line => (line.state === "returned" ? { ...line, state: "open" } : line));
  const fundedBy = [payment.id, ...(order.fundedBy ?? [])];
  await moveOrder(deps, order, { state: "open", lines, fundedBy, checkout: paidBy(order, payment) });
}

/** Notes what became of the money. If the payment was changed meanwhile, the next look notes it. */
async function note(deps: FollowDeps, payment: Payment, change: PaymentChange): Promise<void> {
  const isAnyOpen = Object.values(payment.refunds).some(isOpenRefund);
  await movePayment(deps, payment, { ...change, ...(isAnyOpen ? {} : { dueAt: undefined }) });
}

/** Sends back all that was paid. The refund is named by the payment, so that two calls that decide it send the money back once. */
async function sendBack(deps: FollowDeps, payment: Payment, returned: ReturnReason): Promise<void> {
  const { received } = payment;
  if (received === undefined) return;
  const requestedAt = deps.clock().toISOString();
  const refund = newRefund(payment.id, {
    cause: `return:${payment.id}`,
    round: 1,
    amount: received.amount,
    requestedAt,
  });
  const refunds = { ...payment.refunds, [refund.id]: refund };
  await leave(deps, payment);
  await movePayment(deps, payment, { returned, refunds, dueAt: requestedAt });
}
