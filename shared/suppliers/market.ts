import type { Db } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import type { Money } from "../kernel/money.ts";
import { readOffers } from "./offers.ts";
import { listRates, type RateFinder, recentRates } from "./rates.ts";
import type { Offer, OfferName, SyncState } from "./table.ts";

/** What suppliers said of their goods, our balances there, and the rates between their currencies and ours. */
export type Market = {
  offers: readonly Offer[];
  balances: ReadonlyMap<string, readonly Money[]>;
  rateOf: RateFinder;
};

// Catalogues are read every few minutes. A few seconds more don't matter, and save two reads for each sale.
const remembered = memory<Market>({ lastsMs: LIMITS.supplierCacheSeconds * 1000, most: 1_000 });

/** Reads the market for these sources; it may be a few seconds old. */
export async function readMarket(deps: Db<"operations">, sources: readonly OfferName[], now: Date): Promise<Market> {
  const key = `${deps.tables.operations} ${JSON.stringify(sources.map((one) => [one.supplierId, one.supplierProductId]))}`;
  const known = remembered.recall(key);
  if (known !== undefined) return known;
  const market = await marketNow(deps, sources, now);
  remembered.note(key, market);
  return market;
}

/** Reads the market as it is in the table. */
export async function marketNow(deps: Db<"operations">, sources: readonly OfferName[], now: Date): Promise<Market> {
  const [{ offers, syncs }, rates] = await Promise.all([readOffers(deps, sources), listRates(deps)]);
  const balances = new Map([...syncs].map(([id, sync]) => [id, balancesOf(sync, now)]));
  return { offers, balances, rateOf: recentRates(rates, now) };
}

/**
 * Gives our balances at a supplier, if they were read in the last minutes. An old one would stop orders after we have
 * paid in.
 */
function balancesOf({ balances = [], balancesReadAt }: SyncState, now: Date): readonly Money[] {
  const isKnown = balancesReadAt !== undefined && isWithin(balancesReadAt, LIMITS.balanceFreshSeconds, now);
  return isKnown ? balances : [];
}

const isWithin = (moment: string, seconds: number, now: Date): boolean =>
  after(new Date(moment), seconds) > now.toISOString();

/** Tells whether an offer is recent enough to count. */
export function isFresh({ at }: Offer, now: Date): boolean {
  return isWithin(at, LIMITS.offerFreshSeconds, now);
}

/**
 * Tells whether an offer said lately that there are fewer pieces than these. What a failing catalogue said of stock
 * hours ago counts no more.
 */
export function saysEmpty(offer: Offer, quantity: number, now: Date): boolean {
  return isWithin(offer.at, LIMITS.stockFreshSeconds, now) && (!offer.onSale || (offer.stock ?? quantity) < quantity);
}

/**
 * Tells whether a piece can be had from one of these sources, as far as their catalogues say. A source of which nothing
 * recent is known may have it. `asOf`: when the oldest offer that counts here was said; undefined: nothing was said.
 */
export function reachOf(
  sources: readonly OfferName[],
  { offers }: Pick<Market, "offers">,
  now: Date,
): { isThere: boolean; asOf: string | undefined } {
  const known = sources.map((source) =>
    offers.find(
      (one) =>
        one.supplierId === source.supplierId && one.supplierProductId === source.supplierProductId && isFresh(one, now),
    ),
  );
  const said = known.filter((offer) => offer !== undefined);
  const isThere = known.some((offer) => offer === undefined || !saysEmpty(offer, 1, now));
  return { isThere, asOf: said.map(({ at }) => at).sort()[0] };
}
