import type { Money } from "../kernel/money.ts";
import { isStocked, type Listed } from "./kinds.ts";
import type { NewProduct, Source, SupplierSource } from "./new-product.ts";

export type { Redemption } from "./description.ts";
export type { NewProduct, Source, SupplierSource } from "./new-product.ts";

/** Nothing here is a schema: the sale knows what products are, and not what operators may say of them. */

/** Gives what a buyer pays for one piece at checkout. */
export const retailPriceOf = ({ price, retailPrice = price }: Pick<NewProduct, "price" | "retailPrice">): Money =>
  retailPrice;

/** Gives the suppliers among a product's sources, in their order. */
export function supplierSources({ sources = [] }: { sources?: readonly Source[] | undefined }): SupplierSource[] {
  return sources.filter((source): source is SupplierSource => "supplierId" in source);
}

/** Tells whether a product is sold from our own stock: by default, and if stock is named among its sources. */
export function sellsFromStock({ kind, sources = [] }: Pick<NewProduct, "kind" | "sources">): boolean {
  return isStocked(kind) && (sources.length === 0 || sources.some((source) => "stock" in source));
}

/**
 * One immutable version of a product. An order names the version that it bought, so later changes never rewrite a sale.
 * `listing` belongs to the product and to no version; absent: listed.
 */
export type ProductVersion = NewProduct & { id: string; version: number; listing?: Listed };

export const isListed = ({ listing = "listed" }: Pick<ProductVersion, "listing">): boolean => listing === "listed";
