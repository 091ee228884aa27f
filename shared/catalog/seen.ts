import type { Db } from "../aws/dynamo.ts";
import { type ProductVersion, retailPriceOf } from "./model.ts";
import { findProducts } from "./products.ts";
import { findTierPrices } from "./tier-prices.ts";
import { nextChange, type Window, windowAt } from "./windows.ts";

/** Who looks at products: a channel, and its tiers, of which the first that has a price of its own counts. */
export type Viewer = { channelId: string; tiers?: readonly string[] | undefined };

/** A product as a channel sees it, with the channel's own price. `priceUntil`: when that price ends or changes, if that is known. */
export type SeenProduct = ProductVersion & { priceUntil?: string };

/** Tells whether a channel may know of a product. What it may not know of is nowhere for it. */
export const isSeenBy = (
  { visibleTo }: Pick<ProductVersion, "visibleTo">,
  { channelId, tiers = [] }: Viewer,
): boolean => visibleTo === undefined || visibleTo.some((one) => one === channelId || tiers.includes(one));

/**
 * Gives a product with the price that a tier pays at this moment: the first tier's that has one, and no less than the product's floor.
 * A buyer at checkout pays what everybody's buyers do, and never less than the channel. Pure.
 */
export function seenAt(product: ProductVersion, windows: readonly (readonly Window[])[], now: Date): SeenProduct {
  const at = now.toISOString();
  const priceUntil = nextChange(windows.flat(), at);
  const until = priceUntil === undefined ? {} : { priceUntil };
  const window = windows.map((ofTier) => windowAt(ofTier, at)).find((one) => one !== undefined);
  if (window === undefined) return { ...product, ...until };
  const { currency } = product.price;
  const amount = Math.max(window.amount, product.floor?.amount ?? 0);
  const retail = Math.max(retailPriceOf(product).amount, amount);
  return {
    ...product,
    price: { amount, currency },
    ...(retail === amount && product.retailPrice === undefined ? {} : { retailPrice: { amount: retail, currency } }),
    ...(window.belowCost === true ? { belowCost: true } : {}),
    ...until,
  };
}

/** Gives those of these products that a channel sees, at its prices of this moment. One read, and none for a channel without tiers. */
export async function seenOf(
  deps: Db<"catalog">,
  viewer: Viewer,
  products: readonly ProductVersion[],
  now: Date,
): Promise<SeenProduct[]> {
  const seen = products.filter((product) => isSeenBy(product, viewer));
  const { tiers = [] } = viewer;
  if (tiers.length === 0) return seen;
  const windowsOf = await findTierPrices(
    deps,
    tiers,
    seen.map(({ id }) => id),
  );
  return seen.map((product) => seenAt(product, windowsOf(product.id), now));
}

/**
 * Reads products as a channel sees them: current versions up to five seconds old, without those that it may not know of, at its prices of
 * this moment. Products and prices are read at once.
 */
export async function findSeen(
  deps: Db<"catalog">,
  viewer: Viewer,
  ids: readonly string[],
  now: Date,
): Promise<SeenProduct[]> {
  const { tiers = [] } = viewer;
  const [products] = await Promise.all([
    findProducts(deps, ids),
    // Remembered by then: it costs no time of its own.
    tiers.length === 0 ? undefined : findTierPrices(deps, tiers, [...new Set(ids)]),
  ]);
  return seenOf(deps, viewer, products, now);
}
