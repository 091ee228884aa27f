import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import { marketNow } from "../suppliers/market.ts";
import type { ProductEvent } from "./events.ts";
import { markTold, readUnlisting, unlist } from "./listing.ts";
import { wrongPrice } from "./margin.ts";
import { isListed, type ProductVersion, supplierSources } from "./model.ts";
import { allProducts } from "./products.ts";

type Deps = Db<"catalog" | "operations"> & EventDeps;

/**
 * Checks margins after a supplier's prices changed. Takes every product off sale that would be sold at a loss, or of
 * which nobody knows the cost, and tells so, once each. After a crash between the two the next look tells it. Returns
 * the products that were told of.
 */
export async function checkMargins(deps: Deps, supplierId: string, now: Date): Promise<ProductVersion[]> {
  const told: ProductVersion[] = [];
  const products = (await allProducts(deps)).filter((product) =>
    supplierSources(product).some((source) => source.supplierId === supplierId),
  );
  for (const product of products) {
    const wrong = wrongPrice(product, await marketNow(deps, supplierSources(product), now), now);
    if (wrong !== undefined && isListed(product)) await unlist(deps, product.id, wrong, now);
    const unlisting = wrong === undefined ? undefined : await readUnlisting(deps, product.id);
    if (unlisting === undefined || unlisting.told) continue;
    const { reason, at } = unlisting;
    const facts = { productId: product.id, reason };
    const event: ProductEvent = { type: "product.unlisted", occasion: `${product.id}@${at}`, at, facts };
    await emit(deps, { subject: product.id, events: [event] });
    await markTold(deps, product.id, unlisting);
    told.push(product);
  }
  return told;
}
