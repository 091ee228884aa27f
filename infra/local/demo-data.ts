import { randomBytes } from "node:crypto";
import type { PaymentSimulator } from "../../test/support/payments/payment-simulator.ts";
import { magicAccount, type SupplierSimulator } from "../../test/support/suppliers/supplier-simulator.ts";
import { type OperatorCall, operatorClient } from "../ops/client.ts";
import { credentials } from "./deploy.ts";
import { Problem } from "./problems.ts";
import type { LocalStack } from "./stack-file.ts";

const STOCK = 200;
const DEPOSIT = { amount: 1_000_000, currency: "CNY" };

/** An account at the simulated supplier that is filled a moment after the supplier has accepted. */
export const topupAccount = magicAccount("callbackAfter", 300);

/** Makes what a shop needs, by the calls that an operator makes: a supplier, a payment provider, two products, stock, a channel with money. */
export async function makeDemoData(
  stack: LocalStack,
  simulator: SupplierSimulator,
  payments: PaymentSimulator,
): Promise<LocalStack> {
  const send = operatorClient({ apiUrl: stack.apiUrl, region: stack.region, credentials });
  const call = async (request: OperatorCall): Promise<Record<string, string>> => {
    const answer = await send(request);
    if (!answer.ok)
      throw new Problem(`${request.method} ${request.path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as Record<string, string>;
  };
  const create = (path: string, json: unknown): Promise<Record<string, string>> => call({ method: "POST", path, json });

  const { url: baseUrl, apiKey: supplierKey, webhookSecret } = simulator;
  const supplier = await create("/admin/v1/suppliers", {
    name: "Simulated supplier",
    protocol: "vouchsafe",
    baseUrl,
    credentials: { apiKey: supplierKey, webhookSecret },
  });
  simulator.setCallbackUrl(`${stack.apiUrl}/v1/suppliers/${supplier["id"]}/callbacks`);

  await create("/admin/v1/payment-providers", {
    name: "simulated",
    protocol: "simulated",
    baseUrl: payments.url,
    credentials: payments.credentials,
    notificationUrl: `${stack.apiUrl}/v1/payments/simulated/notifications`,
  });

  const [code, topup, channel] = await Promise.all([
    create("/admin/v1/products", { kind: "code", name: "Music, one month", price: { amount: 1500, currency: "CNY" } }),
    create("/admin/v1/products", {
      kind: "topup",
      name: "Phone credit 50",
      price: { amount: 4950, currency: "CNY" },
      sources: [
        { supplierId: supplier["id"], supplierProductId: "prod_phone_50", cost: { amount: 4800, currency: "CNY" } },
      ],
    }),
    create("/admin/v1/channels", { name: "Demo shop" }),
  ]);
  const { id: channelId = "", apiKey = "" } = channel;
  const codes = Array.from(
    { length: STOCK },
    (_, index) => `${1000 + index},DEMO-${randomBytes(8).toString("hex").toUpperCase()}`,
  );
  await Promise.all([
    call({
      method: "POST",
      path: `/admin/v1/products/${code["id"]}/stock-imports`,
      csv: ["number,secret", ...codes, ""].join("\n"),
    }),
    create(`/admin/v1/channels/${channelId}/deposits`, { money: DEPOSIT, reference: "demo-deposit" }),
  ]);
  const products = { code: code["id"] ?? "", topup: topup["id"] ?? "" };
  return {
    ...stack,
    channelId,
    apiKey,
    products,
    supplierSimulatorUrl: baseUrl,
    paymentSimulatorUrl: payments.url,
  };
}
