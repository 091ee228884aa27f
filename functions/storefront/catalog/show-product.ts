import type * as z from "zod";
import type { Db } from "../../../shared/aws/dynamo.ts";
import { description } from "../../../shared/catalog/description.ts";
import { sourcesWithin } from "../../../shared/catalog/margin.ts";
import { type ProductVersion, retailPriceOf, sellsFromStock, supplierSources } from "../../../shared/catalog/model.ts";
import { availability } from "../../../shared/inventory/availability.ts";
import type { Availability } from "../../../shared/inventory/available.ts";
import type { Buyer } from "../../../shared/inventory/pools.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { reachOf, readMarket } from "../../../shared/suppliers/market.ts";
import type { Product } from "./shown.ts";

/**
 * Shows a product as a channel sees it. `asOf`: when its suppliers' catalogues were read, if its availability depends
 * on them.
 */
export async function showProduct(
  deps: Db<"inventory" | "catalog" | "operations">,
  product: ProductVersion,
  buyer: Buyer,
  now: Date,
): Promise<z.infer<typeof Product>> {
  const { id, kind, name, price } = product;
  return {
    id,
    kind,
    name,
    price,
    retailPrice: retailPriceOf(product),
    ...(await whatThereIs(deps, product, buyer, now)),
    ...pick(product, DESCRIBES),
  };
}

const DESCRIBES = Object.keys(description) as (keyof typeof description)[];

async function whatThereIs(
  deps: Db<"inventory" | "catalog" | "operations">,
  product: ProductVersion,
  buyer: Buyer,
  now: Date,
): Promise<{ availability: Availability; asOf?: string }> {
  const stocked = sellsFromStock(product) ? await availability(deps, product.id, buyer, now) : "sold_out";
  const sources = supplierSources(product);
  if (stocked !== "sold_out" || sources.length === 0) return { availability: stocked };
  const market = await readMarket(deps, sources, now);
  const { isThere, asOf } = reachOf(sourcesWithin(product, market, now), market, now);
  return { availability: isThere ? "in_stock" : "sold_out", ...(asOf === undefined ? {} : { asOf }) };
}
