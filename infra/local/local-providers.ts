import { startAlipaySimulator } from "../../test/support/payments/alipay/simulator.ts";
import { startPaymentSimulator } from "../../test/support/payments/payment-simulator.ts";
import { startStripeSimulator } from "../../test/support/payments/stripe/stripe-simulator.ts";
import { startWechatSimulator } from "../../test/support/payments/wechat/simulator.ts";
import type { LocalStack } from "./stack-file.ts";

/** What such a provider keeps of a payment by its contract, so that the books of a demo have fees. */
const FEES = { simulated: ["0.6%"], stripe: ["2.9%"], alipay: ["0.6%"], wechat: ["0.6%"] } as const;

export type LocalProviders = Awaited<ReturnType<typeof startProviders>>;

/** Starts the payment providers of a local stack. Each is a server of its own with keys made for tests. No money moves. */
export async function startProviders() {
  const [simulated, stripe, alipay, wechat] = await Promise.all([
    startPaymentSimulator(),
    startStripeSimulator(),
    startAlipaySimulator(),
    startWechatSimulator(),
  ]);
  const all = { simulated, stripe, alipay, wechat };
  return {
    ...all,
    /** Where a person pays, by the provider's name. */
    pages: Object.fromEntries(Object.entries(all).map(([name, { url }]) => [name, url])),
    stop: async (): Promise<void> => {
      await Promise.all(Object.values(all).map((one) => one.stop()));
    },
  };
}

/** Sets each of them as a payment provider, under its protocol's name, as an operator would. */
export async function setProviders(
  { apiUrl }: Pick<LocalStack, "apiUrl">,
  { simulated, stripe, alipay, wechat }: LocalProviders,
  create: (path: string, json: unknown) => Promise<unknown>,
): Promise<void> {
  const newsOf = (name: string): string => `${apiUrl}/v1/payments/${name}/notifications`;
  for (const [name, { url: baseUrl, credentials }] of Object.entries({ simulated, stripe, alipay, wechat })) {
    // Stripe learns in its dashboard where its notices go; the others, with each payment.
    const toldWhere = name === "stripe" ? {} : { notificationUrl: newsOf(name) };
    const fees = FEES[name as keyof typeof FEES];
    await create("/admin/v1/payment-providers", { name, protocol: name, baseUrl, credentials, fees, ...toldWhere });
  }
  stripe.setEndpoint(newsOf("stripe"));
}
