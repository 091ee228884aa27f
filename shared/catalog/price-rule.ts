import * as z from "zod";
import { LARGEST_AMOUNT } from "../kernel/money.ts";

const WHOLE = 10_000n;

/**
 * How a price follows the cost: a share of it in basis points (10,500 is × 1.05), rounded up, and so much more in minor units; then up to
 * the next amount whose last digits are these (`last: 90, of: 100` ends in .90).
 */
export const PriceRule = z.strictObject({
  basisPoints: z.int().min(1).max(1_000_000),
  plus: z.int().min(0).max(1_000_000_000).optional(),
  ending: z
    .strictObject({ last: z.int().min(0).max(99_999), of: z.literal([10, 100, 1_000, 10_000, 100_000]) })
    .refine(({ last, of }) => last < of, { path: ["last"], message: "has more digits than it may" })
    .optional(),
});
type PriceRule = z.infer<typeof PriceRule>;

/**
 * Computes the price for a cost, both in minor units. Exact: whole numbers only, of any size. Undefined: it would be nothing, or more than
 * a price may be.
 */
export function priceByRule({ basisPoints, plus = 0, ending }: PriceRule, cost: number): number | undefined {
  const share = (BigInt(cost) * BigInt(basisPoints) + WHOLE - 1n) / WHOLE;
  const price = upTo(share + BigInt(plus), ending);
  return price > 0n && price <= BigInt(LARGEST_AMOUNT) ? Number(price) : undefined;
}

function upTo(amount: bigint, ending: PriceRule["ending"]): bigint {
  if (ending === undefined) return amount;
  const of = BigInt(ending.of);
  return amount + ((((BigInt(ending.last) - amount) % of) + of) % of);
}
