import type { Db } from "../aws/dynamo.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { marketNow } from "../suppliers/market.ts";
import { wrongPrice } from "./margin.ts";
import { type NewProduct, supplierSources } from "./model.ts";

/**
 * Refuses a product whose buyers would pay less than every source asks, as far as that is known. The price itself is guarded later: a
 * supplier's next catalogue may make it right. `at`: the pointer to what is asked for.
 */
export async function checkRetailFloor(
  deps: Db<"operations">,
  product: NewProduct,
  now: Date,
  at = "",
): Promise<Result<undefined>> {
  const { retailPrice } = product;
  const sources = supplierSources(product);
  if (retailPrice === undefined || sources.length === 0) return ok(undefined);
  const wrong = wrongPrice({ ...product, price: retailPrice }, await marketNow(deps, sources, now), now);
  if (wrong !== "cost_above_price") return ok(undefined);
  return refuse("invalid_request", "Buyers would pay less than any supplier asks.", [
    { pointer: `${at}/retailPrice/amount`, message: "is less than every source costs" },
  ]);
}
