import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { operate } from "../orders/shop.ts";

/**
 * Sets a party as a payment provider of a deployed stack, under a name of its own. `named` is what was said of it, and `set` the
 * operators' answer.
 */
export async function providerOn(
  stack: LocalStack,
  protocol: "simulated" | "alipay" | "wechat",
  { url: baseUrl, credentials }: { url: string; credentials: Readonly<Record<string, string>> },
) {
  const provider = `${protocol}-${crypto.randomUUID().slice(0, 8)}`;
  const notificationUrl = `${stack.apiUrl}/v1/payments/${provider}/notifications`;
  const named = { name: provider, protocol, baseUrl, credentials, notificationUrl };
  const set = await operate(stack, { method: "POST", path: "/admin/v1/payment-providers", json: named });
  return { provider, named, set };
}
