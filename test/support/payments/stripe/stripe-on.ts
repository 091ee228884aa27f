import type { LocalStack } from "../../../../infra/local/stack-file.ts";
import { openShop, operate, type Shop } from "../../orders/shop.ts";
import type { StripeSimulator } from "./stripe-simulator.ts";

/** Sets a Stripe as a payment provider of a deployed stack, and says how buyers pay there. */
export async function stripeOn(stack: LocalStack, simulator: StripeSimulator) {
  const provider = `stripe-${crypto.randomUUID().slice(0, 8)}`;
  const notices = `${stack.apiUrl}/v1/payments/${provider}/notifications`;
  const json = { name: provider, protocol: "stripe", baseUrl: simulator.url, credentials: simulator.credentials };
  const set = await operate(stack, { method: "POST", path: "/admin/v1/payment-providers", json });
  simulator.setEndpoint(notices);
  return {
    set,
    provider,
    notices,
    byStripe: {
      payment: { method: "checkout", provider, flow: "checkout", returnUrl: "https://shop.example/orders/1" },
    },
    /** A channel whose buyers come back to its own pages. */
    openOnline: async (): Promise<Shop> => {
      const shop = await openShop(0);
      const path = `/admin/v1/channels/${shop.channelId}/return-hosts`;
      await operate(stack, { method: "POST", path, json: { hosts: ["shop.example"] } });
      return shop;
    },
  };
}
