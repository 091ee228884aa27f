import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { followEarlier, openCheckout } from "../../../shared/orders/checkout.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { beginPayment } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import type { ByCheckout } from "../../../shared/payments/by-checkout.ts";
import type { Payment } from "../../../shared/payments/model.ts";
import type { DecideDeps } from "../../../shared/review/decide.ts";
import { OrderRefund } from "../../../shared/review/decision.ts";
import { refundOrder } from "../../../shared/review/refund-order.ts";
import { buy, codeProduct, putOnSale } from "../orders/market.ts";
import { makeCodes } from "../orders/shop.ts";
import type { Random } from "../random.ts";
import { anna } from "../review/review-ground.ts";
import { valueOf } from "../value-of.ts";
import type { Cashiers } from "./cashiers/all.ts";
import type { Cashier } from "./cashiers/cashier.ts";
import type { frontDoor } from "./front-door.ts";

/** What becomes of an order, and how it must end. */
const STORIES = {
  "paid in time": "fulfilled",
  "paid late": "fulfilled",
  "paid late, when its code was gone": "refunded",
  "paid after it was cancelled": "cancelled",
  "paid at two providers": "fulfilled",
  "paid another amount": "expired",
  "never paid": "expired",
  "paid, delivered and refunded": "refunded",
} as const satisfies Record<string, Order["state"]>;
export type StoryName = keyof typeof STORIES;
export const STORY_NAMES = Object.keys(STORIES) as [StoryName, ...StoryName[]];

/** Tells whether somebody pays when it is too late for that: the provider's word is the only one about it. */
export const isLate = (story: StoryName): boolean => /^paid (late|after)/.test(story);

type Deps = Awaited<ReturnType<typeof frontDoor>>["deps"];
type PaidAt = { cashier: Cashier; payment: Payment };

/** An order whose buyer pays at providers, with a product of its own: its stock is one code. */
export class NotifiedOrder {
  readonly story: StoryName;
  readonly ends: Order["state"];
  readonly channelId: string;
  readonly key: string;
  /** Its payments, the first one first, each with the provider where it is paid. */
  readonly payments: PaidAt[] = [];
  productId = "";
  orderId = "";
  private readonly cashiers: Cashiers;

  constructor(story: StoryName, channelId: string, key: string, cashiers: Cashiers) {
    this.story = story;
    this.ends = STORIES[story];
    this.channelId = channelId;
    this.key = key;
    this.cashiers = cashiers;
  }

  /** Places it, at a provider by chance; only some can be paid another amount than they ask for. */
  async place(deps: Deps, random: Random): Promise<void> {
    this.productId = await codeProduct(deps, 1500, 1700);
    await putOnSale(deps, this.productId, makeCodes(1));
    const lines = [{ productId: this.productId, quantity: 1 }];
    const placed = await placeOrder(deps, this.channelId, this.key, { lines, payment: this.way(random) }, {});
    await this.begun(deps, valueOf(placed));
    if (this.story !== "paid at two providers") return;
    const begun = valueOf(await beginPayment(deps, this.channelId, this.orderId, this.way(random)));
    await this.begun(deps, begun);
    await followEarlier(deps, begun);
  }

  private way(random: Random): ByCheckout {
    const before = this.payments.at(-1)?.cashier;
    const those = this.cashiers.all.filter(
      (one) => one !== before && (one.takesOtherAmounts || this.story !== "paid another amount"),
    ) as [Cashier, ...Cashier[]];
    return random.pick(random.pick(those).ways);
  }

  private async begun(deps: Deps, placed: Order): Promise<void> {
    const { order, payment } = valueOf(await openCheckout(deps, placed));
    if (payment === undefined) throw new Error(`${placed.id} has no payment`);
    this.orderId = order.id;
    const cashier = this.cashiers.of(payment);
    cashier.open(payment);
    this.payments.push({ cashier, payment });
  }

  /** What its buyer does while there is time, and its channel. */
  async inTime(deps: Deps): Promise<void> {
    for (const { cashier, payment } of this.payments) {
      if (["paid in time", "paid, delivered and refunded", "paid at two providers"].includes(this.story)) {
        // The first of two may be closed already.
        if (!cashier.pay(payment)) cashier.payAllTheSame(payment);
      }
      if (this.story === "paid another amount") cashier.pay(payment, payment.amount.amount - 1);
    }
    if (this.story === "paid after it was cancelled")
      await followEarlier(deps, valueOf(await cancelOrder(deps, this.channelId, this.orderId)));
  }

  /** What happens when its time is over, and its codes are for sale again. */
  async late(deps: Deps): Promise<void> {
    if (this.story === "paid late, when its code was gone")
      valueOf(await buy(deps, this.channelId, `${this.key} gone`, [{ productId: this.productId, quantity: 1 }]));
    if (isLate(this.story))
      for (const { cashier, payment } of this.payments)
        if (!cashier.payAllTheSame(payment)) throw new Error(`${payment.id} can't be paid late`);
  }

  /** An operator gives it back. */
  async giveBack(deps: Deps): Promise<void> {
    if (this.story !== "paid, delivered and refunded") return;
    const asked = OrderRefund.parse({ reason: "it did not work" });
    valueOf(await refundOrder({ ...NOBODY, ...deps }, this.orderId, asked, { ...anna, cause: this.key }));
  }

  async order(deps: Deps): Promise<Order> {
    const order = await readOrder(deps, this.orderId);
    if (order === undefined) throw new Error(`${this.orderId} vanished`);
    return order;
  }

  /** How much of what its buyer has paid must be kept in the end. */
  get kept(): number {
    return this.ends === "fulfilled" ? (this.payments[0]?.payment.amount.amount ?? 0) : 0;
  }
}

/** Nothing was bought from a supplier, and no run waits. */
const NOBODY = {} as DecideDeps;
