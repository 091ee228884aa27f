import { afterAll } from "vitest";
import { createChannel, setReturnHosts } from "../../../../shared/channels/keys.ts";
import { newId } from "../../../../shared/kernel/ids.ts";
import { setProvider } from "../../../../shared/payments/set-provider.ts";
import type { Domain } from "../../engine/domain.ts";
import { openMarket } from "../../orders/market.ts";
import { valueOf } from "../../value-of.ts";
import { checkOut } from "../checkout-shop.ts";
import { parameters } from "../parameters.ts";
import { startStripeSimulator } from "./stripe-simulator.ts";

/** Gives use cases a Stripe, which ends with the file. */
export async function withStripeShop<D extends Domain>(deps: D) {
  const simulator = await startStripeSimulator();
  afterAll(() => simulator.stop());
  const paying = {
    ...deps,
    ssm: parameters(),
    paymentSecretsPrefix: `/payments/${simulator.url}/`,
    environmentName: "local",
  };
  const { url: baseUrl, credentials } = simulator;
  valueOf(
    await setProvider(paying, { name: "stripe", protocol: "stripe", baseUrl, timeoutMs: 2_000, fees: [], credentials }),
  );
  return { simulator, deps: paying };
}

/** A market, and an order of it that its buyer pays on Stripe's page. */
export async function waitingAtStripe(
  paying: Awaited<ReturnType<typeof withStripeShop<Domain>>>,
  stock: number,
  key = "order",
) {
  const opened = await openMarket(paying.deps, { money: 0, stock, price: 1500 });
  const { id: channelId } = valueOf(await createChannel(paying.deps, { name: "Shop" }, newId("evt"), new Date()));
  await setReturnHosts(paying.deps, channelId, ["shop.example"]);
  const market = { ...opened, channelId };
  return { market, ...(await checkOut(paying, market, key, { payment: BY_STRIPE })) };
}

export const BY_STRIPE = {
  method: "checkout",
  provider: "stripe",
  flow: "checkout",
  returnUrl: "https://shop.example/orders/1",
} as const;
