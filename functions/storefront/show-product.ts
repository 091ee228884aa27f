import type * as z from "zod";
import type { Db } from "../../shared/aws/dynamo.ts";
import { isStocked, type ProductVersion } from "../../shared/catalog/model.ts";
import { availability } from "../../shared/inventory/availability.ts";
import type { Buyer } from "../../shared/inventory/pools.ts";
import type { Product } from "./operations.ts";

/** A product as a channel sees it. What a supplier has in stock is not known yet, so a top-up counts as available. */
export async function showProduct(
  deps: Db<"inventory">,
  { id, kind, name, price }: ProductVersion,
  buyer: Buyer,
  now: Date,
): Promise<z.infer<typeof Product>> {
  return {
    id,
    kind,
    name,
    price,
    availability: isStocked(kind) ? await availability(deps, id, buyer, now) : "in_stock",
  };
}
