import type { NewProduct, SupplierSource } from "../../../shared/catalog/model.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { type Gate, openGate } from "./supplier-gate.ts";
import { type Offered, type SupplierSimulator, startSupplierSimulator } from "./supplier-simulator.ts";

/** A supplier of one's own, behind a gate that can lose or refuse its calls. */
export type SimulatedSource = Simulated & { supplierId: string };
export type Simulated = { simulator: SupplierSimulator; gate: Gate; stop: () => Promise<void> };

export async function simulated(): Promise<Simulated> {
  const simulator = await startSupplierSimulator();
  const gate = await openGate(simulator.url);
  const stop = async (): Promise<void> => {
    await Promise.all([gate.close(), simulator.stop()]);
  };
  return { simulator, gate, stop };
}

/** Makes it known to us, under an id of its own each time: its health begins anew. */
export async function known(deps: Everything["deps"], of: Simulated, settings: object = {}): Promise<SimulatedSource> {
  const { apiKey, webhookSecret } = of.simulator;
  const named = NewSupplier.parse({
    name: "Simulated",
    protocol: "vouchsafe",
    baseUrl: of.gate.url,
    credentials: { apiKey, webhookSecret },
    timeoutMs: 2000,
    inFlightSeconds: 5,
    // However long this machine takes, no order comes before a person for its lateness alone.
    unknownSeconds: 36_000,
    ...settings,
  });
  const made = await createSupplier(deps, named, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return { ...of, supplierId: made.value.id };
}

export async function simulatedSource(deps: Everything["deps"], settings: object = {}): Promise<SimulatedSource> {
  return known(deps, await simulated(), settings);
}

/** A product that is bought from these, in this order. */
export async function boughtProduct(
  deps: Everything["deps"],
  kind: NewProduct["kind"],
  sources: NonNullable<NewProduct["sources"]>,
  more: Partial<NewProduct> = {},
): Promise<string> {
  const price = { amount: 100, currency: "CNY" };
  const made = await createProduct(deps, { kind, name: "Bought", price, sources, ...more }, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
}

export const sourceOf = ({ supplierId }: SimulatedSource, supplierProductId: string): SupplierSource => ({
  supplierId,
  supplierProductId,
  unguarded: true,
});

/** Something in a supplier's catalogue, at this price. */
export const offered = (id: string, amount: number, more: Partial<Offered> = {}): Offered => ({
  id,
  name: id,
  price: { amount, currency: "CNY" },
  availability: "in_stock",
  ...more,
});

/** What a supplier really delivered under an order's references: pieces, and the codes it gave for them. */
export function deliveredBy(source: Simulated, orderId: string): { pieces: number; codes: string[] } {
  const orders = source.simulator.orders().filter(({ reference }) => reference.startsWith(`${orderId}-`));
  return {
    pieces: orders.reduce((sum, { deliveries, delivered }) => sum + deliveries * delivered, 0),
    codes: orders.flatMap(({ codes }) => codes),
  };
}
