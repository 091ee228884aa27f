import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { operate } from "../orders/shop.ts";
import { type SupplierSimulator, startSupplierSimulator } from "./supplier-simulator.ts";

/** A product that is bought from a supplier of its own, which the test can make misbehave. */
export type Topups = { productId: string; supplierId: string; callbackUrl: string; simulator: SupplierSimulator };

/** `settings` go into the supplier: its time-outs, and how long its silence may last; `more` into the product. */
export async function openTopups(
  stack: LocalStack,
  settings: object = {},
  price = 4950,
  more: object = {},
): Promise<Topups> {
  const simulator = await startSupplierSimulator();
  const { url: baseUrl, apiKey, webhookSecret } = simulator;
  const supplier = await operate(stack, {
    method: "POST",
    path: "/admin/v1/suppliers",
    json: {
      name: "Test supplier",
      protocol: "vouchsafe",
      baseUrl,
      credentials: { apiKey, webhookSecret },
      ...settings,
    },
  });
  const callbackUrl = `${stack.apiUrl}/v1/suppliers/${supplier.id}/callbacks`;
  simulator.setCallbackUrl(callbackUrl);
  const product = await operate(stack, {
    method: "POST",
    path: "/admin/v1/products",
    json: {
      kind: "topup",
      name: "Test top-up",
      price: { amount: price, currency: "CNY" },
      sources: [{ supplierId: supplier.id, supplierProductId: "prod_phone_50", unguarded: true }],
      ...more,
    },
  });
  return { productId: product.id, supplierId: supplier.id, callbackUrl, simulator };
}
