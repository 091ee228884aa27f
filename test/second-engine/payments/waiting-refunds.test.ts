import { expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { followPayment } from "../../../shared/orders/follow-payment.ts";
import type { PaymentRefund } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { waitingFor, withAllProviders } from "../../support/payments/any-provider.ts";
import type { Cashier } from "../../support/payments/cashiers/cashier.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// We have too little money at a provider: refunds wait there, a person is told until they have gone back, and nothing goes back twice.

const ground = await sceneGround();
const shop = await withAllProviders(ground.deps);
const { deps, cashiers } = shop;

/** How much later than now it is at the next look. */
let later = 0;

/** A look at a payment when it is due, and how often a person is told. */
async function look(paymentId: string): Promise<{ refund: PaymentRefund | undefined; told: number }> {
  let told = 0;
  later += 2 * LIMITS.longestPaymentAskSeconds * 1000;
  const clock = () => new Date(Date.now() + later);
  await followPayment({ ...deps, clock, onRefundWaits: () => (told += 1) }, paymentId, "due");
  const [refund] = Object.values((await readPayment(deps, paymentId))?.refunds ?? {});
  return { refund, told };
}

/** Makes that a provider has too little of our money for any refund, and then enough. */
type Poverty = {
  begins: (paymentId: string) => void;
  /** The provider takes the refund first, and says later why it is not made. */
  shows?: (paymentId: string) => Promise<void>;
  ends: (paymentId: string) => void;
};
const POVERTY: Record<string, Poverty> = {
  wechat: {
    begins: () => cashiers.wechat.simulator.setBalance(0),
    ends: () => cashiers.wechat.simulator.setBalance(Number.POSITIVE_INFINITY),
  },
  alipay: {
    begins: () => cashiers.alipay.simulator.misbehave("alipay.trade.refund", ...[1, 2].map(() => TOO_LITTLE)),
    ends: () => undefined,
  },
  stripe: {
    begins: () => cashiers.stripe.simulator.setRefunds("pending"),
    shows: async (paymentId) => {
      await look(paymentId);
      cashiers.stripe.simulator.lackMoney(paymentId);
    },
    ends: (paymentId) => cashiers.stripe.simulator.endRefund(paymentId, "succeeded"),
  },
};
const TOO_LITTLE = { kind: "sub_code", code: "ACQ.SELLER_BALANCE_NOT_ENOUGH" } as const;

test.for(["wechat", "alipay", "stripe"])(
  "%s has too little of our money: the refund waits, and says why",
  async (name) => {
    const cashier: Cashier = cashiers.of({ provider: name });
    const { market, order, payment } = await waitingFor(shop, cashier.ways[0]);
    valueOf(await cancelOrder(deps, market.channelId, order.id));
    cashier.open(payment);
    expect(cashier.payAllTheSame(payment)).toBe(true);
    const poverty = POVERTY[name];
    poverty?.begins(payment.id);
    await poverty?.shows?.(payment.id);
    for (let again = 0; again < 2; again++) {
      const { told, refund } = await look(payment.id);
      expect([told, refund?.reason]).toEqual([1, "balance_too_low"]);
      expect(cashier.holdsOf(payment.id)).toBe(1500);
    }
    poverty?.ends(payment.id);
    const { told, refund } = await look(payment.id);
    expect([told, refund?.state, refund?.reason]).toEqual([0, "refunded", undefined]);
    expect(cashier.refundsOf(payment.id).map(({ amount }) => amount)).toEqual([1500]);
  },
);
