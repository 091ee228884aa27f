import type { Db } from "../../shared/aws/dynamo.ts";
import { isStocked, type ProductVersion } from "../../shared/catalog/model.ts";
import { findProducts } from "../../shared/catalog/products.ts";
import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";

/** Finds a product that can have codes in stock. Refuses one that does not exist, or is of another kind. */
export async function codeProduct(deps: Db<"catalog">, productId: string): Promise<Result<ProductVersion>> {
  const [product] = await findProducts(deps, [productId]);
  if (product === undefined) return refuse("not_found", "There is no such product.");
  return isStocked(product.kind) ? ok(product) : refuse("wrong_kind", "A top-up has no stock.");
}
