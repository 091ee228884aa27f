import { randomBytes } from "node:crypto";
import { magicAccount, type SupplierSimulator } from "../../test/support/suppliers/supplier-simulator.ts";
import type { OperatorCall } from "../ops/client.ts";
import { operate } from "./call-stack.ts";
import { type LocalProviders, setProviders } from "./local-providers.ts";
import type { LocalStack } from "./stack-file.ts";

const STOCK = 200;
const PRICE = { amount: 1500, currency: "CNY" };
const RETAIL_PRICE = { amount: 1800, currency: "CNY" };
const DEPOSIT = { amount: 1_000_000, currency: "CNY" };

/** An account at the simulated supplier that is filled a moment after the supplier has accepted. */
export const topupAccount = magicAccount("callbackAfter", 300);

/** The page of the demo's shop to which its buyers come back. Nobody is there. */
export const RETURN_URL = "https://shop.example/thanks";

/** Makes what a shop needs, by the calls that an operator makes: a supplier, payment providers, two products, stock, a channel with money. */
export async function makeDemoData(
  stack: LocalStack,
  simulator: SupplierSimulator,
  providers: LocalProviders,
): Promise<LocalStack> {
  const call = (request: OperatorCall) => operate<Record<string, string>>(stack, request);
  const create = (path: string, json: unknown): Promise<Record<string, string>> => call({ method: "POST", path, json });

  const { url: baseUrl, apiKey: supplierKey, webhookSecret } = simulator;
  const supplier = await create("/admin/v1/suppliers", {
    name: "Simulated supplier",
    protocol: "vouchsafe",
    baseUrl,
    credentials: { apiKey: supplierKey, webhookSecret },
  });
  simulator.setCallbackUrl(`${stack.apiUrl}/v1/suppliers/${supplier["id"]}/callbacks`);

  await setProviders(stack, providers, create);

  const [code, topup, channel] = await Promise.all([
    create("/admin/v1/products", { kind: "code", name: "Music, one month", price: PRICE, retailPrice: RETAIL_PRICE }),
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
    create(`/admin/v1/channels/${channelId}/return-hosts`, { hosts: [new URL(RETURN_URL).host] }),
  ]);
  const products = { code: code["id"] ?? "", topup: topup["id"] ?? "" };
  return {
    ...stack,
    channelId,
    apiKey,
    products,
    supplierSimulatorUrl: baseUrl,
    paymentPages: providers.pages,
  };
}
