import { isListed, isStocked, type ProductVersion } from "../catalog/model.ts";
import { LARGEST_AMOUNT, type Money, sum, times } from "../kernel/money.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { NewOrder } from "./request.ts";

/**
 * Computes what an order costs, or refuses it: a product is not on sale, the currencies differ, a recipient is missing
 * or wrong, or the total is above `maxTotal`.
 */
export function price(request: NewOrder, products: ProductVersion[]): Result<Money> {
  const errors = [];
  const amounts: Money[] = [];
  for (const [index, line] of request.lines.entries()) {
    const product = products.find(({ id }) => id === line.productId);
    const pointer = `/lines/${index}`;
    if (product === undefined || !isListed(product))
      errors.push({ pointer: `${pointer}/productId`, message: "is unknown or not on sale" });
    else amounts.push(times(product.price, line.quantity));
    if (product?.kind === "topup" && line.recipient === undefined)
      return refuse("recipient_required", "A top-up needs the account to fill.", [
        { pointer: `${pointer}/recipient`, message: "is required" },
      ]);
    if (product !== undefined && isStocked(product.kind) && line.recipient !== undefined)
      return refuse("invalid_request", "A code is delivered to the caller and has no recipient.", [
        { pointer: `${pointer}/recipient`, message: "is not for this product" },
      ]);
  }
  if (errors.length > 0) return refuse("unknown_product", "Some products are unknown or not on sale.", errors);
  const currency = amounts[0]?.currency ?? "";
  if (amounts.some((amount) => amount.currency !== currency))
    return refuse("mixed_currencies", "The lines' prices are in different currencies.");
  const total = sum(amounts, currency);
  if (total.amount > LARGEST_AMOUNT)
    return refuse("invalid_request", "The order costs more than an order may.", [
      { pointer: "/lines", message: `must cost at most ${LARGEST_AMOUNT} in minor units` },
    ]);
  const { maxTotal } = request;
  if (maxTotal !== undefined && (maxTotal.currency !== currency || maxTotal.amount < total.amount))
    return refuse("price_changed", `The order costs ${total.amount} ${currency} in minor units.`);
  return ok(total);
}
