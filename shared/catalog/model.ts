import * as z from "zod";
import { Money } from "../kernel/money.ts";

export const ProductKind = z.enum(["code", "topup"]);
export type ProductKind = z.infer<typeof ProductKind>;

/** Where a top-up is bought: a supplier, and what that supplier calls it. */
export const Source = z.strictObject({
  supplierId: z.string().regex(/^sup_[0-9a-z]{20,26}$/),
  supplierProductId: z.string().min(1).max(100),
});
export type Source = z.infer<typeof Source>;

/** What an operator says to create a product. Codes come from our own stock, so only a top-up names a source. */
export const NewProduct = z
  .strictObject({
    kind: ProductKind,
    name: z.string().trim().min(1).max(200),
    price: Money.refine((price) => price.amount > 0, "a price is more than nothing"),
    source: Source.optional(),
  })
  .refine((product) => (product.kind === "topup") === (product.source !== undefined), {
    path: ["source"],
    message: "a top-up needs a source, a code has none",
  });
export type NewProduct = z.infer<typeof NewProduct>;

/** One immutable version of a product. An order names the version it bought, so later changes never rewrite a sale. */
export type ProductVersion = NewProduct & { id: string; version: number };

export const Availability = z.enum(["in_stock", "low", "sold_out"]);
export type Availability = z.infer<typeof Availability>;

/** Fewer codes than this left is "low". */
const LOW_BELOW = 10;

export function availabilityOf(left: number): Availability {
  if (left <= 0) return "sold_out";
  return left < LOW_BELOW ? "low" : "in_stock";
}
