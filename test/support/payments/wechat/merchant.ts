import { afterAll } from "vitest";
import { newId } from "../../../../shared/kernel/ids.ts";
import { Secret } from "../../../../shared/kernel/secret.ts";
import type { Charge, PaymentMethod, Refund } from "../../../../shared/payments/contract.ts";
import { orderPaymentId } from "../../../../shared/payments/model.ts";
import { wechatAdapter } from "../../../../shared/payments/wechat/adapter.ts";
import { Credentials } from "../../../../shared/payments/wechat/credentials.ts";
import { startWechatSimulator } from "./simulator.ts";

/** The adapter of a merchant, for a server that may be the simulator. */
export function adapterFor(url: string, credentials: Credentials, timeoutMs = 2_000): PaymentMethod {
  const secrets = Object.entries(Credentials.parse(credentials)).map(([name, value]) => [name, new Secret(value)]);
  const settings = { baseUrl: url, timeoutMs, notificationUrl: "http://127.0.0.1:1023/notifications" };
  return wechatAdapter(settings, Object.fromEntries(secrets) as Parameters<typeof wechatAdapter>[1]);
}

/** A simulator that ends with the file, and the adapter that speaks to it. Nobody hears its notices. */
export async function wechatMerchant() {
  const simulator = await startWechatSimulator();
  afterAll(() => simulator.stop());
  simulator.setSilent(true);
  return { simulator, method: adapterFor(simulator.url, simulator.credentials) };
}

/** Charges that go well, unless they are changed. */
export function chargeOf(amount = 100, more: Partial<Charge> = {}): Charge {
  const orderId = newId("ord");
  return {
    id: orderPaymentId(orderId, 1, 1),
    purpose: { kind: "order", orderId, epoch: 1 },
    channelId: "chan_1",
    amount: { amount, currency: "CNY" },
    description: "卡密 ×1",
    createdAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    flow: "native",
    ...more,
  };
}

let refunds = 0;
export function refundOf(amount: number): Refund {
  refunds += 1;
  return { id: `rfd_${refunds}`, cause: `refund:${refunds}`, round: 1, amount, requestedAt: new Date().toISOString() };
}
