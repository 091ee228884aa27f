import * as z from "zod";

/** How much of a product is left, as storefronts see it: never a number. */
export const Availability = z.enum(["in_stock", "low", "sold_out"]);
export type Availability = z.infer<typeof Availability>;

/** Fewer codes than this left is "low". */
export const LOW_BELOW = 10;

export function availabilityOf(left: number): Availability {
  if (left <= 0) return "sold_out";
  return left < LOW_BELOW ? "low" : "in_stock";
}
