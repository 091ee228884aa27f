import { followDispute } from "../../../shared/disputes/follow.ts";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { stockLeftInTotal } from "../../../shared/inventory/availability.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { Busy } from "../../../shared/orders/busy.ts";
import { followEarlier, openCheckout } from "../../../shared/orders/checkout.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { followNews, followPayment } from "../../../shared/orders/follow-payment.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { beginPayment } from "../../../shared/orders/pay.ts";
import { PaymentNotKnown } from "../../../shared/orders/payment-not-known.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { retryRefund, settleRefund } from "../../../shared/orders/see-to-refund.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { SHOWN } from "../../../shared/orders/states.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { ByCheckout } from "../../../shared/payments/by-checkout.ts";
import { carePayments } from "../../../shared/payments/due.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import type { PaymentMessage } from "../../../shared/payments/queue.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import type { LineFault } from "../faults/bad-line.ts";
import type { Calls } from "../faults/calls.ts";
import { Doomed } from "../faults/crash.ts";
import { codeProduct, type Market, putOnSale } from "../orders/market.ts";
import { makeCodes } from "../orders/shop.ts";
import { valueOf } from "../value-of.ts";
import { type AnyProvider, onlineMarket } from "./any-provider.ts";
import type { Cashier } from "./cashiers/cashier.ts";
import { ALL, LINES, PRICE, RETAIL } from "./payment-life.ts";

export type LifeDeps = Everything["deps"] & AnyProvider["deps"];
export type Ground = {
  deps: LifeDeps;
  born: (calls: Calls) => LifeDeps;
  cashiers: AnyProvider["cashiers"];
  sent: AnyProvider["sent"];
  /** The next call to any provider goes wrong; and none any more. */
  trouble: (fault: LineFault) => void;
  mend: () => void;
  passes: (seconds: number) => void;
};
/** How an act is disturbed: its process dies after so many calls to tables; the next call to a provider goes wrong. */
export type Disturbed = { crash: number | undefined; fault: LineFault | undefined };
export type Attempt = { number: number; cashier: Cashier; payment: Payment };

const KEY = "order";
const ROUNDS = 6;

/** One order, whose buyer pays at any of the providers, and all that channels, providers, machines and persons do with it. */
export class LifeShop {
  readonly orderId: string;
  readonly market: Market;
  readonly other: string;
  readonly ways: readonly ByCheckout[];
  readonly ground: Ground;
  /** What the bank took although it had gone back since the bank first asked. */
  takenTwice = 0;
  private disputed: { attempt: Attempt; id: string; amount: number } | undefined;

  private constructor(ground: Ground, market: Market, other: string) {
    this.ground = ground;
    this.market = market;
    this.other = other;
    this.orderId = orderIdFor(market.channelId, KEY);
    this.ways = ground.cashiers.all.flatMap(({ ways }) => ways);
  }

  static async open(ground: Ground): Promise<LifeShop> {
    const { deps } = ground;
    const market = await onlineMarket(deps, { stock: LINES["1"], money: 10_000, price: PRICE, retail: RETAIL });
    const other = await codeProduct(deps, PRICE, RETAIL);
    await putOnSale(deps, other, makeCodes(LINES["2"]));
    return new LifeShop(ground, market, other);
  }

  /** A caller whose process dies asks again: it gets what stands. */
  async asked<T>({ crash, fault }: Disturbed, path: (deps: LifeDeps) => Promise<T>): Promise<T> {
    const { deps, born, trouble, mend } = this.ground;
    if (fault !== undefined) trouble(fault);
    const ran =
      crash === undefined
        ? ({ ended: false } as const)
        : await new Doomed({ call: crash, when: "after" }, "calls", born).run(path);
    const value = ran.ended ? ran.value : await path(deps);
    mend();
    return value;
  }

  /** What machines do: it may die, or hear nothing, and is done again some time. */
  async worked({ crash, fault }: Disturbed, path: (deps: LifeDeps) => Promise<unknown>): Promise<void> {
    const { deps, born, trouble, mend } = this.ground;
    if (fault !== undefined) trouble(fault);
    try {
      await (crash === undefined ? path(deps) : new Doomed({ call: crash, when: "after" }, "calls", born).run(path));
    } catch (error) {
      if (!(error instanceof PaymentNotKnown || error instanceof Busy)) throw error;
    }
    mend();
  }

  place(way: ByCheckout, how: Disturbed): Promise<unknown> {
    const lines = [
      { productId: this.market.productId, quantity: LINES["1"] },
      { productId: this.other, quantity: LINES["2"] },
    ];
    return this.asked(how, async (deps) => {
      let placed = await placeOrder(deps, this.market.channelId, KEY, { lines, payment: way }, {});
      if (!placed.ok && how.crash !== undefined) {
        // A request that dies before it has written its order down keeps the codes that it drew until they are swept.
        await this.sweep();
        placed = await placeOrder(deps, this.market.channelId, KEY, { lines, payment: way }, {});
      }
      return openCheckout(deps, valueOf(placed));
    });
  }

  /** Brings codes back that no order names, as the schedule does when their time is over. */
  private async sweep(): Promise<void> {
    for (const productId of [this.market.productId, this.other])
      for (let again = 1; again < 5; again++)
        await sweepProduct(this.ground.deps, productId, new Date(Date.now() + again * (LIMITS.holdSeconds + 1) * 1000));
  }

  begin(way: ByCheckout, how: Disturbed) {
    return this.asked(how, async (deps) => {
      const begun = await beginPayment(deps, this.market.channelId, this.orderId, way);
      if (!begun.ok) return begun;
      await followEarlier(deps, begun.value);
      return openCheckout(deps, begun.value);
    });
  }

  async order(): Promise<Order> {
    const order = await readOrder(this.ground.deps, this.orderId);
    if (order === undefined) throw new Error("the order vanished");
    return order;
  }
  shown = async (): Promise<string> => SHOWN[(await this.order()).state];

  async attempts(): Promise<Attempt[]> {
    const { payments = 0 } = await this.order();
    const ids = Array.from({ length: payments }, (_, at) => orderPaymentId(this.orderId, 1, at + 1));
    const read = await Promise.all(ids.map((id) => readPayment(this.ground.deps, id)));
    return read.flatMap((payment, at) =>
      payment === undefined ? [] : [{ number: at + 1, cashier: this.ground.cashiers.of(payment), payment }],
    );
  }

  /** A provider tells of a payment; the message that this brings is worked off, perhaps twice. */
  async tell({ cashier, payment }: Attempt, which: number, times: number, how: Disturbed): Promise<void> {
    if (!cashier.knows(payment.id)) return;
    const news = cashier.news(payment.id);
    const delivery = news[which % news.length] ?? { body: "", headers: {} };
    for (let time = 0; time < times; time++) {
      await this.worked(how, (deps) => {
        const receiving = { ...deps, follow: (found: Payment) => followNews(deps, found) };
        return receiveNotification(receiving, cashier.provider, delivery.body, delivery.headers);
      });
      await this.drain(how);
    }
  }

  look({ payment }: Attempt, how: Disturbed): Promise<void> {
    return this.worked(how, (deps) => processMessage(deps, { paymentId: payment.id, isChanged: true }));
  }

  /** Works off what lies in the queue. What dies of it comes again with the schedule. */
  async drain(how: Disturbed): Promise<void> {
    for (const { MessageBody } of this.ground.sent.splice(0)) {
      const message = JSON.parse(MessageBody) as PaymentMessage;
      await this.worked(how, (deps) => processMessage(deps, message));
    }
  }

  /** Tells whether all that the order wants is on sale. What a process has drawn or given back, and died, is not until it is swept. */
  async isInStock(): Promise<boolean> {
    const { deps } = this.ground;
    const left = (productId: string) => stockLeftInTotal(deps, productId, deps.clock(), ALL);
    const [first, second] = await Promise.all([left(this.market.productId), left(this.other)]);
    return first >= LINES["1"] && second >= LINES["2"];
  }

  /** The schedules' minute. */
  async care(how: Disturbed): Promise<void> {
    for (const productId of [this.market.productId, this.other])
      await this.worked(how, (deps) => sweepProduct(deps, productId, deps.clock()));
    await this.worked(how, (deps) => expireUnpaid(deps));
    await this.worked(how, (deps) => carePayments(deps));
    await this.drain(how);
  }

  /** Its time is over, and the ten minutes for providers that can't say. */
  async expire(how: Disturbed): Promise<void> {
    this.ground.passes(LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 60);
    for (let again = 0; again < 2; again++) await this.care(how);
  }

  /** The payer goes to the bank: which takes all that is there. False: nothing is, or the provider knows no disputes. */
  async dispute(isInquiry: boolean, how: Disturbed): Promise<"inquiry" | "opened" | undefined> {
    const { simulated, stripe } = this.ground.cashiers;
    const counted = (await this.attempts()).find(({ payment }) => payment.counted === true);
    if (counted === undefined || this.disputed !== undefined) return undefined;
    const { id } = counted.payment;
    const amount = counted.cashier.holdsOf(id);
    if (amount === 0 || (counted.cashier !== simulated && counted.cashier !== stripe)) return undefined;
    const isAsked = isInquiry && counted.cashier === simulated;
    const name =
      counted.cashier === simulated
        ? simulated.simulator.dispute(id, { amount, state: isAsked ? "inquiry" : "opened" })
        : stripe.simulator.dispute(id, { amount }).id;
    this.disputed = { attempt: counted, id: name, amount };
    await this.hear(how);
    return isAsked ? "inquiry" : "opened";
  }

  /** The bank decides, or takes what it had only asked about. */
  async decide(what: "opened" | "won" | "lost", how: Disturbed): Promise<void> {
    const { simulated, stripe } = this.ground.cashiers;
    if (this.disputed === undefined) return;
    const { attempt, id, amount } = this.disputed;
    if (what === "opened") this.takenTwice = amount - attempt.cashier.holdsOf(attempt.payment.id);
    if (what === "opened") simulated.simulator.disputes.withdraw(id);
    else if (attempt.cashier === simulated) simulated.simulator.disputes.decide(id, what);
    else stripe.simulator.decideDispute(attempt.payment.id, what);
    await this.hear(how);
  }

  /** We hear of the dispute, whatever disturbs it at first. */
  private async hear(how: Disturbed): Promise<void> {
    const { attempt, id: disputeId } = this.disputed ?? {};
    if (attempt === undefined || disputeId === undefined) return;
    const name = { provider: attempt.cashier.provider, disputeId };
    for (const each of [how, UNDISTURBED]) await this.worked(each, (deps) => followDispute(deps, name, true));
    await this.drain(UNDISTURBED);
  }

  /** A bank sends a refund back that had arrived. False: there is none, or the provider does not say so. */
  async bounce(how: Disturbed): Promise<boolean> {
    const { simulated, stripe, wechat } = this.ground.cashiers;
    for (const attempt of await this.attempts()) {
      const { cashier, payment } = attempt;
      const last = cashier.refundsOf(payment.id).findLast(({ isDone }) => isDone);
      const isKnown = last !== undefined && payment.refunds[last.id]?.state === "refunded";
      if (last === undefined || !isKnown || cashier.provider === "alipay") continue;
      if (cashier === simulated) simulated.simulator.turnRefund(payment.id, last.id, "failed");
      if (cashier === stripe) stripe.simulator.endRefund(payment.id, "failed");
      if (cashier === wechat) wechat.simulator.endRefund(last.id, "ABNORMAL");
      for (const each of [how, UNDISTURBED]) await this.worked(each, (deps) => followPayment(deps, payment.id, "news"));
      return true;
    }
    return false;
  }

  /** A person sees to each refund that its provider can't make. Gives what was paid in another way. */
  async seeTo(isPaidElsewhere: boolean, how: Disturbed): Promise<number> {
    let elsewhere = 0;
    for (const { payment, cashier } of await this.attempts())
      for (const { id, amount } of Object.values(payment.refunds).filter(({ state }) => state === "refused")) {
        // WeChat Pay makes no other refund of what could not arrive: a person has to send it.
        const isSettled = isPaidElsewhere || cashier.provider === "wechat";
        if (isSettled) elsewhere += amount;
        const act = isSettled ? settleRefund : retryRefund;
        valueOf(await this.asked(how, (deps) => act(deps, payment.id, id)));
        await this.drain(UNDISTURBED);
      }
    return elsewhere;
  }

  /** Nobody does anything new, everybody can be reached, and all that is due is done. Gives what persons have paid in another way. */
  async settleDown(): Promise<number> {
    let elsewhere = 0;
    const { deps, passes, mend } = this.ground;
    mend();
    for (let round = 0; round < ROUNDS; round++) {
      passes(round === 0 ? LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds : LIMITS.longestPaymentAskSeconds + 60);
      await this.care(UNDISTURBED);
      for (const attempt of await this.attempts()) {
        await this.tell(attempt, 0, 2, UNDISTURBED);
        await this.look(attempt, UNDISTURBED);
      }
      await this.worked(UNDISTURBED, async () => advance(deps, await this.order()));
      await this.hear(UNDISTURBED);
      elsewhere += await this.seeTo(false, UNDISTURBED);
    }
    await settleChannel(deps, this.market.channelId, new Date(Date.now() + 1));
    await this.sweep();
    return elsewhere;
  }
}

export const UNDISTURBED: Disturbed = { crash: undefined, fault: undefined };
