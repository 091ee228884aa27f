import type { Db } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import { marketNow } from "../suppliers/market.ts";
import type { ProductEvent } from "./events.ts";
import { costsOf } from "./margin.ts";
import { type ProductVersion, supplierSources } from "./model.ts";
import { priceByRule } from "./price-rule.ts";
import { allProducts, createVersion } from "./products.ts";

type Deps = Db<"catalog" | "operations"> & EventDeps;

/**
 * Has prices follow the costs of a supplier whose catalogue was read. A product that has a rule gets another version when the rule makes
 * another price of the dearest cost that is known of its sources, so that each of them may be bought from. A cost of nothing is a mistake
 * and moves no price. It looks at what is, so a run that dies loses nothing: the next one does the rest. A change that somebody makes at
 * the same moment wins, and the next run follows. Returns the products that have another price now.
 */
export async function followCosts(deps: Deps, supplierId: string, now: Date): Promise<ProductVersion[]> {
  const followed: ProductVersion[] = [];
  const ruled = (await allProducts(deps)).filter(
    (product) =>
      product.priceRule !== undefined &&
      product.listing !== "ended" &&
      supplierSources(product).some((source) => source.supplierId === supplierId),
  );
  for (const product of ruled) {
    const amount = ruledPrice(product, costsOf(product, await marketNow(deps, supplierSources(product), now), now));
    if (amount === undefined || amount === product.price.amount) continue;
    const made = await createVersion(
      deps,
      product.id,
      priced(product, amount),
      keyOf(product, amount),
      product.version,
    );
    if (!made.ok) continue;
    const facts = { productId: product.id, action: "version" as const };
    const occasion = `${product.id} version ${made.value.version}`;
    const event: ProductEvent = { type: "product.changed", occasion, at: now.toISOString(), facts };
    await emit(deps, { subject: product.id, events: [event] });
    followed.push(made.value);
  }
  return followed;
}

/** Gives the price that a product's rule makes of its costs, no less than its floor. Undefined: none can be made. Pure. */
export function ruledPrice({ priceRule, floor }: ProductVersion, costs: readonly number[]): number | undefined {
  if (priceRule === undefined || costs.length === 0 || costs.includes(0)) return undefined;
  const price = priceByRule(priceRule, Math.max(...costs));
  return price === undefined ? undefined : Math.max(price, floor?.amount ?? 0);
}

/** The product at another price. A buyer never pays less than the channel. */
function priced({ id: _id, version: _version, listing: _listing, ...product }: ProductVersion, amount: number) {
  const { retailPrice, price } = product;
  const retail =
    retailPrice === undefined ? {} : { retailPrice: { ...retailPrice, amount: Math.max(retailPrice.amount, amount) } };
  return { ...product, price: { ...price, amount }, ...retail };
}

const keyOf = ({ version }: ProductVersion, amount: number): string => `follows the cost from ${version} to ${amount}`;
