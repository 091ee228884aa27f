import { expect } from "vitest";
import { dayAfter } from "../../../shared/kernel/clock.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import type { ProviderDeps } from "../../../shared/payments/providers.ts";
import type { Reconciliation } from "../../../shared/reconciliation/model.ts";
import { reconcile } from "../../../shared/reconciliation/reconcile.ts";
import type { Domain } from "../engine/domain.ts";
import { fakeBucket } from "../engine/fake-aws.ts";
import { openMarket } from "../orders/market.ts";
import { checkOut, follow, PROVIDER, type withPayments } from "./checkout-shop.ts";

/** A day that is over, in which buyers pay in these tests. */
export const DAY = "2026-03-10";
export const at = (time: string, day = DAY): string => `${day}T${time}.000Z`;

/** What reconciles the days of a provider, with a bucket of its own. */
export function reconciler<D extends Domain>(paying: D & ProviderDeps) {
  const { s3, files } = fakeBucket();
  const deps = { ...paying, s3, statements: "statements" };

  /** Reconciles a day as on the noon of the day after, or so many days later, or at a moment. */
  async function look(
    day = DAY,
    later = 1,
    clock = () => new Date(at("12:00:00", dayAfter(day, later))),
  ): Promise<Reconciliation> {
    const done = await reconcile({ ...deps, clock }, PROVIDER, day);
    if (done.kind !== "looked") expect.unreachable(`it is ${done.kind}`);
    return done.is;
  }

  return { deps, files, look };
}

/** A shop whose buyers have paid at the simulated provider on a day, and what reconciles that. */
export async function reconciledShop(paying: Awaited<ReturnType<typeof withPayments<Domain>>>) {
  const { simulator } = paying;
  const { deps, files, look } = reconciler(paying.deps);
  const market = await openMarket(deps, { money: 0, stock: 40 });
  let orders = 0;

  /** A buyer pays at a moment. Gives the payment's name. */
  async function sell(when: string): Promise<string> {
    const { payment } = await checkOut(paying, market, `order ${++orders}`);
    simulator.setTime(when);
    simulator.pay(payment.id);
    simulator.setTime();
    await follow(deps, payment.id);
    return payment.id;
  }

  /** A buyer pays, and gets all of it back at another moment. Gives the names of both. */
  async function sellAndRefund(when: string, back: string): Promise<{ paid: string; refunded: string }> {
    const { order, payment } = await checkOut(paying, market, `order ${++orders}`);
    await cancelOrder(deps, market.channelId, order.id);
    simulator.setTime(when);
    simulator.payAllTheSame(payment.id);
    simulator.setTime(back);
    await follow(deps, payment.id);
    simulator.setTime();
    const [refund] = simulator.refunds(payment.id);
    if (refund === undefined) expect.unreachable("nothing went back");
    return { paid: payment.id, refunded: refund.reference };
  }

  return { deps, files, market, sell, sellAndRefund, look };
}
