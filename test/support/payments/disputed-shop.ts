import { afterAll } from "vitest";
import { deployedStack } from "../engine/deployed-stack.ts";
import { eventually, http, type Json, openShop, operate, order, stockProduct } from "../orders/shop.ts";
import type { Opening } from "./dispute-simulator.ts";
import { startPaymentSimulator } from "./payment-simulator.ts";
import { providerOn } from "./provider-on.ts";

/** A shop on the deployed stack with a payment provider of its own, at which payments are disputed. It ends with the file. */
export async function disputedShop() {
  const stack = deployedStack();
  const simulator = await startPaymentSimulator();
  afterAll(() => simulator.stop());
  const { provider } = await providerOn(stack, "simulated", simulator);
  const get = (path: string): Promise<Json> => operate(stack, { method: "GET", path: `/admin/v1/disputes${path}` });

  /** An order that its buyer has paid, and perhaps looked at. */
  async function sold(isSeen = true) {
    const shop = await openShop(0);
    const { productId } = await stockProduct(stack, 1);
    const payment = { method: "checkout", provider };
    const { body } = await order(shop, [{ productId, quantity: 1 }], crypto.randomUUID(), { payment });
    const { id: paymentId, url } = body.payment as { id: string; url: string };
    await fetch(url, { method: "POST" });
    const see = async (): Promise<Json> => (await http(stack, "GET", `/v1/orders/${body.id}`, { key: shop.key })).body;
    await eventually(async () => ((await see()).state === "fulfilled" ? true : undefined), "the order that was paid");
    const look = () => http(stack, "GET", `/v1/orders/${body.id}/deliverables`, { key: shop.key });
    if (isSeen) await look();
    return { shop, orderId: body.id as string, paymentId, total: body.total as { amount: number }, see, look };
  }

  /** A dispute as we know it, when its news has come. */
  async function disputed(paymentId: string, how?: Opening): Promise<{ id: string; name: string }> {
    const name = simulator.dispute(paymentId, how);
    const found = await eventually(async () => {
      const payment = await operate(stack, { method: "GET", path: `/admin/v1/payments/${paymentId}` });
      for (const id of Object.keys((payment.disputes ?? {}) as object)) {
        const one = await get(`/${id}`);
        if (one.disputeId === name) return one;
      }
      return undefined;
    }, "the dispute");
    return { id: String(found.id), name };
  }

  /** Waits until a dispute is in a state. */
  const becomes = (id: string, state: string): Promise<Json> =>
    eventually(async () => {
      const now = await get(`/${id}`);
      return now.state === state ? now : undefined;
    }, `the dispute ${state}`);

  return { stack, simulator, provider, sold, disputed, becomes, get };
}
