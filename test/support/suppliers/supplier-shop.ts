import { deployedStack } from "../engine/deployed-stack.ts";
import { openShop, operate, type Shop } from "../orders/shop.ts";
import { type Gate, openGate } from "./supplier-gate.ts";
import { type SupplierSimulator, startSupplierSimulator } from "./supplier-simulator.ts";

/**
 * How patient we are with the supplier. By default an answer is late after 3 s, so that the supplier is asked soon; and however slow this
 * machine is, nothing comes before a person because it is unknown for too long.
 */
export type Patience = {
  timeoutMs?: number;
  answerWithinSeconds?: number;
  unknownSeconds?: number;
  inFlightSeconds?: number;
};

const hasty = { timeoutMs: 1000, answerWithinSeconds: 3, unknownSeconds: 600, inFlightSeconds: 1 };

/** What is unknown soon comes before a person. */
export const impatient: Patience = { unknownSeconds: 5 };

/** Enough for a supplier's answer to come by callback or not at all: no limit ends within a test. */
export const patient: Patience = { timeoutMs: 5000, answerWithinSeconds: 600, unknownSeconds: 600 };

export const TOPUP_PRICE = 4950;
export const DEPOSIT = 1_000_000;

export type SupplierShop = Shop & { supplierId: string; productId: string; supplier: SupplierSimulator; gate: Gate };

const open: SupplierShop[] = [];

/** A channel with money, and a top-up product of a supplier that is simulated for this shop alone. */
export async function supplierShop(patience: Patience = {}): Promise<SupplierShop> {
  const stack = deployedStack();
  const supplier = await startSupplierSimulator();
  const gate = await openGate(supplier.url);
  const { apiKey, webhookSecret } = supplier;
  const create = (path: string, json: object) => operate(stack, { method: "POST", path, json });
  const named = await create("/admin/v1/suppliers", {
    name: "Simulated supplier",
    protocol: "vouchsafe",
    baseUrl: gate.url,
    credentials: { apiKey, webhookSecret },
    ...hasty,
    ...patience,
  });
  const supplierId: string = named.id;
  supplier.setCallbackUrl(`${stack.apiUrl}/v1/suppliers/${supplierId}/callbacks`);
  const [product, shop] = await Promise.all([
    create("/admin/v1/products", {
      kind: "topup",
      name: "Phone credit 50",
      price: { amount: TOPUP_PRICE, currency: "CNY" },
      sources: [{ supplierId, supplierProductId: "prod_phone_50", unguarded: true }],
    }),
    openShop(DEPOSIT, stack),
  ]);
  const made = { ...shop, supplierId, productId: product.id as string, supplier, gate };
  open.push(made);
  return made;
}

/** Ends the simulated suppliers of this file's tests. */
export async function closeSuppliers(): Promise<void> {
  await Promise.all(open.splice(0).flatMap(({ supplier, gate }) => [gate.close(), supplier.stop()]));
}
