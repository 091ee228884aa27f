import { oneName } from "../kernel/one-name.ts";
import type { ProductVersion } from "./model.ts";

/** What products are looked for by. All that is said must be so. */
export type Wanted = {
  kind?: string | undefined;
  category?: string | undefined;
  tag?: string | undefined;
  region?: string | undefined;
  q?: string | undefined;
};

/**
 * Tells whether a product is one of those wanted. Words are compared without capitals, spaces and widths of letters; `q` is a part of the
 * name in any language. What names no region can be redeemed in all of them. Pure.
 */
export function matches(product: ProductVersion, { kind, category, tag, region, q }: Wanted): boolean {
  const { categories = [], tags = [], regions, name, names = {} } = product;
  const has = (words: readonly string[], word: string | undefined): boolean =>
    word === undefined || words.some((one) => oneName(one) === oneName(word));
  const isNamed = [name, names.zh, names.en].some((one) => q === undefined || oneName(one ?? "").includes(oneName(q)));
  const isThere = region === undefined || regions === undefined || regions.includes(region);
  return (kind ?? product.kind) === product.kind && has(categories, category) && has(tags, tag) && isThere && isNamed;
}
