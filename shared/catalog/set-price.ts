import * as z from "zod";
import { type Difference, differences } from "../audit/differences.ts";
import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { Money } from "../kernel/money.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import { marketNow } from "../suppliers/market.ts";
import { sourcesWithin } from "./margin.ts";
import { type ProductVersion, supplierSources } from "./model.ts";
import { findCurrent } from "./products.ts";
import type { TierPrice } from "./table.ts";
import { readTierPrice, writeTierPrice } from "./tier-prices.ts";
import { paint } from "./windows.ts";

const Moment = z.iso.datetime().transform((text) => new Date(text).toISOString());

/** What a tier is to pay for a product, and when. */
export const NewTierPrice = z
  .strictObject({
    productId: z.string().regex(/^prod_[0-9a-z]{20,26}$/, "must be a product id"),
    price: Money.refine(({ amount }) => amount > 0, "a price is more than nothing")
      .nullable()
      .optional()
      .meta({ description: "What one piece costs the tier. Null: what it costs everybody." }),
    from: Moment.optional().meta({ description: "From this moment on. Absent: since ever." }),
    until: Moment.optional().meta({ description: "Before this moment. Absent: for ever." }),
    belowCost: z
      .boolean()
      .optional()
      .meta({ description: "Also if that is less than it costs us. Without this such a price is refused." }),
  })
  .refine(({ price }) => price !== undefined, { path: ["price"], message: "is required; null takes it away" })
  .refine(({ from = "", until = "~" }) => from < until, { path: ["until"], message: "must be after from" });
export type NewTierPrice = z.infer<typeof NewTierPrice>;

/** A price to be written: what was before, what is after, and how they differ. */
export type PlannedPrice = { before: TierPrice | undefined; next: TierPrice; changes: Difference[] };

/**
 * Plans the price of a tier for a time; its prices of other times stay as they are. Refuses what there is no product of, what is in
 * another currency, under the product's floor, or below what every supplier asks without `belowCost`.
 */
export async function planTierPrice(
  deps: Db<"catalog" | "operations">,
  tier: string,
  asked: NewTierPrice,
  now: Date,
): Promise<Result<PlannedPrice>> {
  const { productId, price, from, until, belowCost } = asked;
  const [product, before] = await Promise.all([findCurrent(deps, productId), readTierPrice(deps, { tier, productId })]);
  if (product === undefined) return wrong({ pointer: "/productId", message: "is no product of ours" });
  const error = price == null ? undefined : await errorOf(deps, product, { price, belowCost }, now);
  if (error !== undefined) return wrong(error);
  const painted = {
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    ...(belowCost === true && price != null ? ({ belowCost } as const) : {}),
  };
  // Prices in another currency than the product has by now count no more.
  const known = before?.currency === product.price.currency ? before.windows : [];
  const windows = paint(known, { ...painted, amount: price?.amount });
  if (windows.length > LIMITS.windowsOfPrice)
    return wrong({ pointer: "/from", message: `would make more than ${LIMITS.windowsOfPrice} prices in time` });
  const next = { tier, productId, version: (before?.version ?? 0) + 1, currency: product.price.currency, windows };
  return ok({ before, next, changes: differences({ windows: before?.windows ?? [] }, { windows }) });
}

/** Writes a planned price. Of two at once the second is refused: it was planned for prices that are there no more. */
export async function setPlannedPrice(deps: Db<"catalog">, { before, next }: PlannedPrice): Promise<Result<TierPrice>> {
  const written = await writeTierPrice(deps, before, next);
  if (written) return ok(next);
  return refuse("changed_meanwhile", "Somebody else has just set a price of this tier; look at it again.");
}

const wrong = (error: FieldError) => refuse("invalid_request", "The price can't be set.", [error]);

async function errorOf(
  deps: Db<"operations">,
  product: ProductVersion,
  { price, belowCost }: { price: Money; belowCost: boolean | undefined },
  now: Date,
): Promise<FieldError | undefined> {
  if (price.currency !== product.price.currency)
    return { pointer: "/price/currency", message: `must be the product's, ${product.price.currency}` };
  if (product.floor !== undefined && price.amount < product.floor.amount)
    return { pointer: "/price/amount", message: `is less than the product's floor, ${product.floor.amount}` };
  const sources = supplierSources(product);
  if (sources.length === 0) return undefined;
  const sold = { ...product, price, belowCost: belowCost ?? product.belowCost };
  const isAtLoss = sourcesWithin(sold, await marketNow(deps, sources, now), now).length === 0;
  return isAtLoss ? { pointer: "/price/amount", message: "is less than every supplier asks" } : undefined;
}
