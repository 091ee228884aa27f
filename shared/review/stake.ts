import type { Db } from "../aws/dynamo.ts";
import { type ProductVersion, supplierSources } from "../catalog/model.ts";
import { findProducts } from "../catalog/products.ts";
import { type Money, times } from "../kernel/money.ts";
import type { Line, Order } from "../orders/model.ts";
import { readOffers } from "../suppliers/offers.ts";
import type { Decision, ReplaceDecision, Replacement } from "./decision.ts";
import { largestOfEach, paidFor, type Stake } from "./second-person.ts";

/**
 * Gives what a decision gives away. A replacement counts as the larger of what was paid for the line and what the buyer
 * gets instead, at today's price: an expensive product in place of a cheap one is a gift.
 */
export async function stakeOf(deps: Db<"catalog" | "operations">, order: Order, decision: Decision): Promise<Stake> {
  const paid = paidFor(order, decision);
  if (decision.action !== "replace") return { amounts: [paid], isKnown: true };
  const line = order.lines.find(({ id }) => id === decision.lineId);
  const given = line === undefined ? [] : await worthOf(deps, line, decision);
  return { amounts: largestOfEach([paid, ...(given ?? [])]), isKnown: given !== undefined };
}

/** Gives what the goods for a line are worth, in all amounts that are known. Undefined: nobody knows. */
async function worthOf(
  deps: Db<"catalog" | "operations">,
  line: Line,
  { with: replacement }: ReplaceDecision,
): Promise<Money[] | undefined> {
  const [product] = await findProducts(deps, [replacement.productId ?? line.productId]);
  // The replacement will be refused anyway.
  if (product === undefined) return [];
  const price = times(product.price, line.quantity);
  if (replacement.from !== "supplier") return [price];
  const cost = await costOf(deps, product, replacement);
  return cost === undefined ? undefined : [price, ...cost.map((one) => times(one, line.quantity))];
}

/**
 * Gives what a supplier asks for a piece. Empty: the product is bought there anyway, so its price says what it is
 * worth. Undefined: the operator named something else, and no catalogue says what that costs.
 */
async function costOf(
  deps: Db<"catalog" | "operations">,
  product: ProductVersion,
  { supplierId, supplierProductId }: Extract<Replacement, { from: "supplier" }>,
): Promise<Money[] | undefined> {
  const { offers } = await readOffers(deps, [{ supplierId, supplierProductId }]);
  const cost = offers.flatMap((offer) => offer.cost ?? []);
  const isItsSource = supplierSources(product).some(
    (source) => source.supplierId === supplierId && source.supplierProductId === supplierProductId,
  );
  return cost.length > 0 || isItsSource ? cost : undefined;
}
