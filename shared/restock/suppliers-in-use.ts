import type { Db } from "../aws/dynamo.ts";
import { supplierSources } from "../catalog/model.ts";
import { allProducts } from "../catalog/products.ts";
import { allRestocks } from "./table.ts";

/** Gives the suppliers whose catalogues matter: something is bought from them, for an order or ahead. */
export async function suppliersInUse(deps: Db<"catalog" | "operations">): Promise<string[]> {
  const [products, restocks] = await Promise.all([allProducts(deps), allRestocks(deps)]);
  const ahead = restocks.filter(({ rule }) => rule.isOn).map(({ rule }) => rule);
  return [...new Set([...products.flatMap(supplierSources), ...ahead].map(({ supplierId }) => supplierId))];
}
