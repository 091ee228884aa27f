import type { Market } from "../suppliers/market.ts";
import { isFresh } from "../suppliers/market.ts";
import { inCurrency } from "../suppliers/rates.ts";
import { type NewProduct, type SupplierSource, sellsFromStock, supplierSources } from "./model.ts";

/** What is wrong with a source's cost: it would sell at a loss, costs nothing, or is unknown. */
export type WrongCost = "cost_above_price" | "cost_of_zero" | "cost_unknown";

/**
 * Gives the reason why a product must not be sold any more: all of its sources cost more than its price, or nothing
 * (which is a mistake and no price), or an unknown amount. Undefined while one source is right, our own stock among
 * them. Pure.
 */
export function wrongPrice(product: NewProduct, market: Pick<Market, "offers" | "rateOf">, now: Date) {
  if (sellsFromStock(product)) return undefined;
  const wrongs = supplierSources(product).map((source) => wrongCost(product, source, market, now));
  return wrongs.length > 0 && wrongs.every((wrong) => wrong !== undefined) ? wrongs[0] : undefined;
}

/** Gives the suppliers' sources that a product is not sold at a loss from, as far as their costs are known. Pure. */
export const sourcesWithin = (product: NewProduct, market: Pick<Market, "offers" | "rateOf">, now: Date) =>
  supplierSources(product).filter((source) => wrongCost(product, source, market, now) !== "cost_above_price");

/** Gives what one piece costs at each of a product's suppliers of which that is known, in minor units of its price's currency. Pure. */
export const costsOf = (product: NewProduct, market: Pick<Market, "offers" | "rateOf">, now: Date): number[] =>
  supplierSources(product).flatMap((source) => {
    const cost = costAt(source, market, now) ?? source.cost;
    const ours = cost && inCurrency(cost, product.price.currency, market.rateOf);
    return ours === undefined ? [] : [ours.amount];
  });

/** What a supplier's catalogue said lately that one piece costs. */
const costAt = (source: SupplierSource, { offers }: Pick<Market, "offers">, now: Date) =>
  offers.find(
    (one) =>
      one.supplierId === source.supplierId && one.supplierProductId === source.supplierProductId && isFresh(one, now),
  )?.cost;

function wrongCost(
  { price, belowCost }: NewProduct,
  { supplierId, supplierProductId, cost: agreed, unguarded }: SupplierSource,
  { offers, rateOf }: Pick<Market, "offers" | "rateOf">,
  now: Date,
): WrongCost | undefined {
  const offer = offers.find((one) => one.supplierId === supplierId && one.supplierProductId === supplierProductId);
  const cost = (offer !== undefined && isFresh(offer, now) ? offer.cost : undefined) ?? agreed;
  const isTaken = agreed !== undefined || unguarded === true;
  // Its catalogue names the product, but no cost that can be read. If nothing was heard lately, that is no reason yet.
  if (cost === undefined) return isTaken || offer === undefined || !isFresh(offer, now) ? undefined : "cost_unknown";
  if (cost.amount === 0) return "cost_of_zero";
  const ours = inCurrency(cost, price.currency, rateOf);
  return ours !== undefined && ours.amount > price.amount && belowCost !== true ? "cost_above_price" : undefined;
}
