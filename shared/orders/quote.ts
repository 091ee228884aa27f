import type { Db } from "../aws/dynamo.ts";
import { findSeen, type Viewer } from "../catalog/seen.ts";
import { ok, type Result } from "../kernel/problem.ts";
import { type Priced, price } from "./price.ts";
import type { NewQuote } from "./request.ts";

/** A price, and until when it is known to hold. Absent: until somebody changes it. */
export type Quoted = Priced & { validUntil?: string };

/**
 * Says what an order of these lines would cost a channel now. Takes nothing, and changes nothing. `validUntil` informs: a price may be
 * changed before, and what protects an order is its `maxTotal`.
 */
export async function quoteLines(
  deps: Db<"catalog">,
  viewer: Viewer,
  { lines }: NewQuote,
  now: Date,
): Promise<Result<Quoted>> {
  const productIds = lines.map(({ productId }) => productId);
  const products = await findSeen(deps, viewer, productIds, now);
  const priced = price({ lines }, products);
  if (!priced.ok) return priced;
  const validUntil = products.flatMap(({ priceUntil }) => priceUntil ?? []).sort()[0];
  return ok({ ...priced.value, ...(validUntil === undefined ? {} : { validUntil }) });
}
