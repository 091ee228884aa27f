import type { Market } from "../suppliers/market.ts";
import { isFresh } from "../suppliers/market.ts";
import { type ProductVersion, type SupplierSource, sellsFromStock, supplierSources } from "./model.ts";

/** What is wrong with what a source costs: it would be sold at a loss, or its supplier does not say what it costs. */
export type WrongCost = "cost_above_price" | "cost_of_zero" | "cost_unknown";

/**
 * The reason for which a product must not be sold any more: all of its sources cost more than it does, or nothing, which is
 * no price but a mistake. Undefined while one source is right, our own stock among them. Pure.
 */
export function wrongPrice(product: ProductVersion, market: Pick<Market, "offers" | "convert">, now: Date) {
  if (sellsFromStock(product)) return undefined;
  const wrongs = supplierSources(product).map((source) => wrongCost(product, source, market, now));
  return wrongs.length > 0 && wrongs.every((wrong) => wrong !== undefined) ? wrongs[0] : undefined;
}

function wrongCost(
  { price }: ProductVersion,
  { supplierId, supplierProductId, cost: agreed, unguarded }: SupplierSource,
  { offers, convert }: Pick<Market, "offers" | "convert">,
  now: Date,
): WrongCost | undefined {
  const offer = offers.find((one) => one.supplierId === supplierId && one.supplierProductId === supplierProductId);
  const cost = (offer !== undefined && isFresh(offer, now) ? offer.cost : undefined) ?? agreed;
  const isTaken = agreed !== undefined || unguarded === true;
  // Its catalogue names the product and no cost that can be read. Where nothing was heard lately, that is no reason yet.
  if (cost === undefined) return isTaken || offer === undefined || !isFresh(offer, now) ? undefined : "cost_unknown";
  if (cost.amount === 0) return "cost_of_zero";
  const ours = convert(cost, price.currency);
  return ours !== undefined && ours.amount > price.amount ? "cost_above_price" : undefined;
}
