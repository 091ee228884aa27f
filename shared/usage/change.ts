import type { Money } from "../kernel/money.ts";
import type { UsageLimits } from "./model.ts";

/** What an operator says of limits. What is absent stays; null takes a limit away. */
export type LimitsSaid = {
  requests?: number | null | undefined;
  windowSeconds?: number | undefined;
  ordersPerDay?: number | null | undefined;
  codesPerDay?: number | null | undefined;
  revealsPerDay?: number | null | undefined;
  /** In one currency; null takes away those of all. */
  amountPerDay?: Money | null | undefined;
};

/**
 * Gives the limits as they are after this. `requests: null` says of a channel that nobody counts its requests; a key then has no pace of
 * its own, and shares its channel's. Pure.
 */
export function limitsAfter(before: UsageLimits, said: LimitsSaid, whose: "channel" | "key"): UsageLimits {
  const { requests, windowSeconds = 60, amountPerDay, ...counts } = said;
  const after: UsageLimits = { ...before };
  if (requests === null) {
    if (whose === "channel") after.requests = null;
    else delete after.requests;
  } else if (requests !== undefined) after.requests = { quota: requests, windowSeconds };
  for (const name of ["ordersPerDay", "codesPerDay", "revealsPerDay"] as const) {
    const count = counts[name];
    if (count === null) delete after[name];
    else if (count !== undefined) after[name] = count;
  }
  if (amountPerDay === null) delete after.amountPerDay;
  else if (amountPerDay !== undefined)
    after.amountPerDay = { ...before.amountPerDay, [amountPerDay.currency]: amountPerDay.amount };
  return after;
}

/** Gives the limits after one product has another limit of codes a day; null: none. Pure. */
export function productLimitAfter(before: UsageLimits, productId: string, codesPerDay: number | null): UsageLimits {
  const { [productId]: _, ...others } = before.productPerDay ?? {};
  return { ...before, productPerDay: codesPerDay === null ? others : { ...others, [productId]: codesPerDay } };
}

/** Limits in words and numbers, as they go on record. Pure. */
export function limitFacts({
  requests,
  amountPerDay,
  productPerDay,
  ...counts
}: UsageLimits): Record<string, string | number> {
  const listed = (some: Record<string, number> | undefined): string | undefined =>
    some === undefined
      ? undefined
      : Object.keys(some)
          .toSorted((a, b) => a.localeCompare(b))
          .map((name) => `${name} ${some[name]}`)
          .join(" ");
  const facts = {
    requests: requests === null ? "uncounted" : requests && `${requests.quota} in ${requests.windowSeconds} s`,
    ...counts,
    amountPerDay: listed(amountPerDay),
    productPerDay: listed(productPerDay),
  };
  return Object.fromEntries(
    Object.entries(facts).filter((fact): fact is [string, string | number] => fact[1] !== undefined),
  );
}
