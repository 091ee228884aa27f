import type { ProductVersion, SupplierSource } from "../catalog/model.ts";
import { supplierSources } from "../catalog/model.ts";
import { after } from "../kernel/clock.ts";
import type { Rate } from "../kernel/convert.ts";
import { sha256 } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import type { Attempt, Line } from "../orders/model.ts";
import { paidInAll } from "../orders/shares.ts";
import { isFresh, type Market, saysEmpty } from "../suppliers/market.ts";
import { inCurrency } from "../suppliers/rates.ts";
import { opensAt } from "./hours.ts";

/** All that the choice depends on. */
export type Situation = Market & {
  /** Sick suppliers, and when each may be called again. */
  sickUntil: ReadonlyMap<string, string>;
  /** How many pieces each supplier's protocol takes in one order. */
  mostPieces: ReadonlyMap<string, number>;
};

export type Choice =
  /**
   * `cost`: what one piece is expected to cost there, in the supplier's currency, if that is known. `rate`: by which it
   * was compared with the price, if that is in another currency.
   */
  | { kind: "source"; source: SupplierSource; cost?: Money; rate?: Rate }
  /** The sources that are left can't be called now. `patiently`: it is known until when, so waiting has an end. */
  | { kind: "later"; until: string; patiently: boolean }
  /** All have refused, or none may sell this. */
  | { kind: "none" };

/**
 * Chooses the next source for a line, or none. Pure: the same order always gets the same answer. A source is out if it
 * has refused this line, would sell at a loss, or takes no order of this size. It waits while nobody knows what it
 * costs, and while its supplier is sick, closed, short of our money, or has asked us to wait. What a catalogue says of
 * stock may be old, so a source that seems empty is asked last, not never.
 */
export function chooseSource(
  product: ProductVersion,
  line: Line,
  sale: { orderId: string; currency: string },
  market: Situation,
  now: Date,
): Choice {
  const costOf = costs(market, sale.currency, now);
  const candidates = supplierSources(product).filter(
    (source) => !hasRefused(line, source) && takes(source, line.quantity, market) && !isWrong(costOf(source), line),
  );
  const ranked = rank(product, candidates, { ...sale, lineId: line.id }, costOf).sort(
    (a, b) => Number(seemsEmpty(a, line, market, now)) - Number(seemsEmpty(b, line, market, now)),
  );
  // Its catalogue or a rate may say what it costs within the hour. Until then nothing is bought there.
  const soon = { until: after(now, LIMITS.probePauseSeconds), patiently: false };
  const waits = ranked.map((source) => ({
    source,
    ...(mayCost(source, costOf(source)) ? waitOf(source, line, market, now) : soon),
  }));
  const free = waits.find(({ until }) => until === undefined);
  if (free !== undefined) {
    const cost = costAt(free.source, market, now);
    const rate = cost && market.rateOf(cost.currency, sale.currency);
    return {
      kind: "source",
      source: free.source,
      ...(cost === undefined ? {} : { cost }),
      ...(rate === undefined ? {} : { rate }),
    };
  }
  const [soonest] = waits
    .flatMap(({ until, patiently }) => (until === undefined ? [] : [{ until, patiently }]))
    .sort((a, b) => a.until.localeCompare(b.until));
  return soonest === undefined ? { kind: "none" } : { kind: "later", ...soonest };
}

const isOf = (
  source: SupplierSource,
  { supplierId, supplierProductId }: Pick<Attempt, "supplierId" | "supplierProductId">,
) => source.supplierId === supplierId && source.supplierProductId === supplierProductId;

/**
 * Tells whether a source has refused this line: by a definite no, or by a part after which no more comes. Attempts
 * before an operator's retry don't count.
 */
function hasRefused({ history = [], forgiven = 0 }: Line, source: SupplierSource): boolean {
  return history
    .slice(forgiven)
    .some((attempt) => isOf(source, attempt) && (attempt.outcome === "rejected" || attempt.outcome === "partly"));
}

const takes = ({ maxPerOrder, supplierId }: SupplierSource, quantity: number, { mostPieces }: Situation): boolean =>
  quantity <= Math.min(maxPerOrder ?? quantity, mostPieces.get(supplierId) ?? quantity);

type CostOf = (source: SupplierSource) => number | undefined;

/** Gives what one piece costs: as the supplier says now, otherwise as agreed. */
function costAt(source: SupplierSource, { offers }: Pick<Situation, "offers">, now: Date): Money | undefined {
  return offers.find((one) => isOf(source, one) && isFresh(one, now))?.cost ?? source.cost;
}

/** Gives the same in minor units of the sale's currency. */
function costs(market: Situation, currency: string, now: Date): CostOf {
  return (source) => {
    const cost = costAt(source, market, now);
    return cost === undefined ? undefined : inCurrency(cost, currency, market.rateOf)?.amount;
  };
}

/**
 * Tells whether we know what we would pay, or a person wants it bought without knowing. An agreed cost counts also
 * without a rate for its currency, because a person has named it beside the price.
 */
const mayCost = ({ cost: agreed, unguarded }: SupplierSource, cost: number | undefined): boolean =>
  cost !== undefined || agreed !== undefined || unguarded === true;

/**
 * Tells whether a source would sell at a loss, or costs nothing, which is a mistake that we would pay for later. What
 * all payers together pay for the line is compared with its cost, unless it was sold by a price that may be below.
 */
function isWrong(cost: number | undefined, line: Line): boolean {
  return cost !== undefined && ((cost * line.quantity > paidInAll(line) && line.belowCost !== true) || cost === 0);
}

/**
 * Sorts sources by the product's strategy. Sorting is stable: sources that the strategy can't tell apart stay in the
 * order of priority.
 */
function rank(
  { strategy = "priority" }: ProductVersion,
  sources: SupplierSource[],
  { orderId, lineId }: { orderId: string; lineId: string },
  costOf: CostOf,
): SupplierSource[] {
  switch (strategy) {
    case "priority":
      return sources;
    case "cheapest":
      return sources.toSorted((a, b) => (costOf(a) ?? Number.MAX_VALUE) - (costOf(b) ?? Number.MAX_VALUE));
    case "weighted":
      return sources.toSorted((a, b) => ticketOf(a) - ticketOf(b));
  }

  /**
   * Each source draws −ln(u) / weight, and the smallest comes first. So each is first in proportion to its weight
   * (Efraimidis and Spirakis, 2006). The random number u comes from the order, so a repeat draws the same.
   */
  function ticketOf({ supplierId, supplierProductId, weight = 1 }: SupplierSource): number {
    const luck = Number.parseInt(sha256([orderId, lineId, supplierId, supplierProductId].join(" ")).slice(0, 12), 16);
    return weight === 0 ? Number.MAX_VALUE : -Math.log((luck + 1) / 2 ** 48) / weight;
  }
}

function seemsEmpty(source: SupplierSource, { quantity }: Line, { offers }: Situation, now: Date): boolean {
  const offer = offers.find((one) => isOf(source, one) && isFresh(one, now));
  return offer !== undefined && saysEmpty(offer, quantity, now);
}

function waitOf(
  source: SupplierSource,
  line: Line,
  { sickUntil, balances, offers }: Situation,
  now: Date,
): { until: string | undefined; patiently: boolean } {
  const at = now.toISOString();
  const opens = opensAt(source.hours, now);
  if (opens !== undefined) return { until: opens, patiently: true };
  const cost = costAt(source, { offers }, now);
  const balance = balances.get(source.supplierId)?.find(({ currency }) => currency === cost?.currency);
  const isShort = cost !== undefined && balance !== undefined && balance.amount < cost.amount * line.quantity;
  if (isShort) return { until: after(now, LIMITS.probePauseSeconds), patiently: false };
  const sick = sickUntil.get(source.supplierId);
  const asked = [...(line.history ?? []), line.attempt].findLast(
    (attempt) => attempt !== undefined && isOf(source, attempt) && attempt.retryAt !== undefined,
  )?.retryAt;
  const until = [sick, asked]
    .filter((moment) => moment !== undefined && moment > at)
    .sort((a = "", b = "") => b.localeCompare(a))[0];
  return { until, patiently: false };
}
