import { afterAll } from "vitest";
import { newId } from "../../../../shared/kernel/ids.ts";
import { Secret } from "../../../../shared/kernel/secret.ts";
import type { Charge, PaymentMethod, Refund } from "../../../../shared/payments/contract.ts";
import { orderPaymentId, refundIdFor } from "../../../../shared/payments/model.ts";
import { stripeAdapter } from "../../../../shared/payments/stripe/adapter.ts";
import type { Credentials } from "../../../../shared/payments/stripe/credentials.ts";
import { type StripeSimulator, startStripeSimulator } from "./stripe-simulator.ts";

/** A Stripe that ends with the file, and our adapter for it. */
export async function withStripe(): Promise<{ simulator: StripeSimulator; stripe: PaymentMethod }> {
  const simulator = await startStripeSimulator();
  afterAll(() => simulator.stop());
  return { simulator, stripe: methodFor(simulator) };
}

export const methodFor = (
  { url, credentials }: StripeSimulator,
  more: Partial<Credentials> & { timeoutMs?: number } = {},
) => {
  const { timeoutMs = 2_000, ...others } = more;
  const { apiKey, webhookSecret, previousWebhookSecret } = {
    ...credentials,
    previousWebhookSecret: undefined,
    ...others,
  };
  return stripeAdapter(
    { baseUrl: url, timeoutMs },
    {
      apiKey: new Secret(apiKey),
      webhookSecret: new Secret(webhookSecret),
      ...(previousWebhookSecret === undefined ? {} : { previousWebhookSecret: new Secret(previousWebhookSecret) }),
    },
  );
};

/** A charge of an order that is held for ten minutes. */
export function chargeFor(amount: number, currency = "CNY", more: Partial<Charge> = {}): Charge {
  const orderId = newId("ord");
  return {
    id: orderPaymentId(orderId, 1, 1),
    purpose: { kind: "order", orderId, epoch: 1 },
    channelId: "chan_1",
    amount: { amount, currency },
    description: "Video, one month",
    returnUrl: "https://shop.example/orders/1",
    createdAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    ...more,
  };
}

/** A charge that was begun; and paid, if nothing else is said. */
export async function begun(
  { simulator, stripe }: Awaited<ReturnType<typeof withStripe>>,
  charge = chargeFor(1500),
  isPaid = true,
): Promise<Charge> {
  const started = await stripe.start(charge);
  if (started.kind !== "pending" || started.providerPaymentId === undefined) throw new Error(`it is ${started.kind}`);
  if (isPaid) simulator.pay(charge.id);
  return { ...charge, providerPaymentId: started.providerPaymentId };
}

let refunds = 0;
export function refundOf(charge: Charge, amount: number): Refund {
  refunds += 1;
  const cause = `return:${charge.id}#${refunds}`;
  return { id: refundIdFor(charge.id, cause), cause, round: refunds, amount, requestedAt: new Date().toISOString() };
}
