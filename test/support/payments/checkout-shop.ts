import { afterAll } from "vitest";
import { advance } from "../../../shared/orders/advance.ts";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { followPayment, type Why } from "../../../shared/orders/follow-payment.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { orderPaymentId, type Payment } from "../../../shared/payments/model.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import type { Domain } from "../engine/domain.ts";
import { type Market, openMarket } from "../orders/market.ts";
import { valueOf } from "../value-of.ts";
import { parameters } from "./parameters.ts";
import { startPaymentSimulator } from "./payment-simulator.ts";

/** The provider's name on the ground of a test, which is its own. */
export const PROVIDER = "simulated";

/** Gives use cases a simulated payment provider, which ends with the file. */
export async function withPayments<D extends Domain>(deps: D, environmentName = "local") {
  const simulator = await startPaymentSimulator();
  afterAll(() => simulator.stop());
  const paying = {
    ...deps,
    ssm: parameters(),
    paymentSecretsPrefix: `/payments/${simulator.url}/`,
    environmentName,
  };
  const provider = { name: PROVIDER, protocol: "simulated", baseUrl: simulator.url, timeoutMs: 2_000 } as const;
  const setFees = async (fees: string[]): Promise<void> => {
    valueOf(await setProvider(paying, { ...provider, credentials: simulator.credentials, fees }));
  };
  await setFees([]);
  return { simulator, deps: paying, setFees };
}

export type Paying = Awaited<ReturnType<typeof withPayments<Domain>>>;

/** Places an order whose buyer pays at the provider, and has the payment begun. */
export async function checkOut(
  { deps }: Pick<Paying, "deps">,
  { channelId, productId }: Market,
  key: string,
  more: Partial<NewOrder> = {},
): Promise<{ order: Order; payment: Payment }> {
  const request: NewOrder = {
    lines: [{ productId, quantity: 1 }],
    payment: { method: "checkout", provider: PROVIDER, flow: "page" },
    ...more,
  };
  const placed = valueOf(await placeOrder(deps, channelId, key, request, {}));
  const { order, payment } = valueOf(await openCheckout(deps, placed));
  if (payment === undefined) throw new Error("the order has no payment");
  return { order, payment };
}

/** A market, and one order of it that waits for its buyer. */
export async function waitingOrder(
  paying: Paying,
  options: Partial<Parameters<typeof openMarket>[1]> & { stock: number },
) {
  const market = await openMarket(paying.deps, { money: 0, ...options });
  return { market, ...(await checkOut(paying, market, "order")) };
}

/** What the queue's consumer does, again until nothing changes any more. */
export async function follow(deps: Paying["deps"], paymentId: string, why: Why = "news"): Promise<Payment> {
  const payment = await followPayment(deps, paymentId, why);
  if (payment === undefined) throw new Error(`${paymentId} vanished`);
  return payment;
}

/** Somebody looks at an order at that time, before anybody has looked at its payment. */
export async function lookAt(deps: Paying["deps"], { id }: Order): Promise<void> {
  const order = await readOrder(deps, id);
  if (order !== undefined) await advance(deps, order);
}

/** What receives a notification can't ask the provider now: the queue does it later. */
export const notNow = (): Promise<never> => Promise.reject(new Error("not now"));

/** An order and one of its payments as they stand now. */
export async function now(
  deps: Paying["deps"],
  orderId: string,
  attempt = 1,
): Promise<{ order: Order; payment: Payment }> {
  const order = await readOrder(deps, orderId);
  const payment = order && (await readPayment(deps, orderPaymentId(orderId, order.epoch, attempt)));
  if (order === undefined || payment === undefined) throw new Error(`${orderId} vanished`);
  return { order, payment };
}
