import { expect } from "vitest";
import { createProduct } from "../../../shared/catalog/products.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { magicAccount, type SupplierSimulator } from "../suppliers/supplier-simulator.ts";
import { violations } from "./invariants.ts";
import { buy, openMarket, settleMoney } from "./market.ts";

export type Behaviour = Parameters<typeof magicAccount>[0];

/** Something that a supplier tops up, for 50. */
export type Topup = { supplierId: string; topupId: string };

async function topupFrom(deps: Everything["deps"], simulator: SupplierSimulator): Promise<Topup> {
  const { url: baseUrl, apiKey, webhookSecret } = simulator;
  const settings = { name: "S", protocol: "vouchsafe", baseUrl, credentials: { apiKey, webhookSecret } };
  const supplier = await createSupplier(deps, NewSupplier.parse(settings), newId("evt"));
  if (!supplier.ok) throw new Error(supplier.detail);
  const supplierId = supplier.value.id;
  const source = { supplierId, supplierProductId: "prod_phone_50", unguarded: true };
  const price = { amount: 50, currency: "CNY" };
  const topup = await createProduct(deps, { kind: "topup", name: "T", price, sources: [source] }, newId("evt"));
  if (!topup.ok) throw new Error(topup.detail);
  return { supplierId, topupId: topup.value.id };
}

/** A paid order of a code for 100 and a top-up for 50, its own unless one is given, of which the supplier behaves like this. */
export async function orderMixed(
  deps: Everything["deps"],
  simulator: SupplierSimulator,
  behaviour: Behaviour,
  topup?: Topup,
) {
  const { supplierId, topupId } = topup ?? (await topupFrom(deps, simulator));
  const { productId, channelId } = await openMarket(deps, { stock: 1, money: 1000 });
  const lines = [
    { productId, quantity: 1 },
    { productId: topupId, quantity: 1, recipient: { account: magicAccount(behaviour) } },
  ];
  const placed = await buy(deps, channelId, "mixed", lines, "keep sealed");
  if (!placed.ok) throw new Error(placed.detail);
  const orderId = placed.value.order.id;
  const stateOf = async () => (await readOrder(deps, orderId))?.state;
  /** Settles, then looks whether all is in order. */
  const end = async (): Promise<void> => {
    await settleMoney(deps, orderId);
    const scope = { products: [productId], channels: [channelId], orders: [orderId] };
    expect(await violations(deps, { ...scope, stock: "unswept" })).toEqual([]);
  };
  return { deps, orderId, channelId, supplierId, topupId, lineId: "2", stateOf, end };
}
