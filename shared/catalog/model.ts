import * as z from "zod";
import { Money } from "../kernel/money.ts";
import { ProductLimits } from "../limits/model.ts";
import { description, LONGEST_NAME } from "./description.ts";

export type { Redemption } from "./description.ts";

const SOURCES_AT_MOST = 10;
const LONGEST_PROMISE_SECONDS = 7 * 24 * 3600;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, HH:MM");

/**
 * All kinds but one are handed to the buyer, one secret for each piece, and may lie in stock; a `topup` is loaded onto the recipient's
 * account by a supplier. `licence`: the key of a program · `qr`: a text that a terminal reads as a QR code.
 */
export const ProductKind = z.enum(["code", "topup", "link", "booking", "licence", "qr"]);
export type ProductKind = z.infer<typeof ProductKind>;

/** Tells whether a kind has something to hand over, which can lie in stock. */
export function isStocked(kind: ProductKind): boolean {
  return kind !== "topup";
}

/** A supplier that a product may be bought from, and the supplier's name for the goods. */
export const SupplierSource = z.strictObject({
  supplierId: z.string().regex(/^sup_[0-9a-z]{20,26}$/, "must be a supplier id"),
  supplierProductId: z.string().min(1).max(100),
  /** What one piece costs us, as agreed. What the supplier's catalogue says later counts more. */
  cost: Money.optional(),
  /** Buy from it also while nobody knows what it costs. It may then cost more than the buyer pays. */
  unguarded: z.boolean().optional(),
  /** Its share when the strategy is `weighted`; 1 unless said. */
  weight: z.int().min(0).max(1000).optional(),
  /** When it may be used, as times of day in UTC; `from` after `to` spans midnight. */
  hours: z.strictObject({ from: TimeOfDay, to: TimeOfDay }).optional(),
  /** The most pieces in one order to it. */
  maxPerOrder: z.int().min(1).max(100_000).optional(),
});
export type SupplierSource = z.infer<typeof SupplierSource>;

/** Where the goods come from: our own stock, or a supplier. */
export const Source = z.union([z.strictObject({ stock: z.literal(true) }), SupplierSource]);
export type Source = z.infer<typeof Source>;

/** `priority`: in the order given · `cheapest`: by cost, in one currency · `weighted`: by chance, in proportion. */
export const Strategy = z.enum(["priority", "cheapest", "weighted"]);
export type Strategy = z.infer<typeof Strategy>;

/** What an operator says to create a product. Without sources it is sold from our own stock alone. */
export const NewProduct = z
  .strictObject({
    kind: ProductKind,
    name: z.string().trim().min(1).max(LONGEST_NAME),
    /** What one piece costs the channel. */
    price: Money.refine((price) => price.amount > 0, "a price is more than nothing"),
    /** What a buyer pays for one piece at checkout; the difference is the channel's margin. Absent: the price. */
    retailPrice: Money.optional(),
    sources: z.array(Source).max(SOURCES_AT_MOST).optional(),
    strategy: Strategy.optional(),
    /** How long a deferred order holds its codes, in seconds. The shortest of an order's products counts. */
    holdSeconds: z.int().min(60).max(3600).optional(),
    /** Its codes may be in stock of other products too: imports don't compare them with theirs. */
    sharesCodes: z.boolean().optional(),
    /** How much of it may be bought, by whom and when. */
    limits: ProductLimits.optional(),
    /** The promise to the buyer: delivered so long after payment, in seconds. */
    deliverWithinSeconds: z.int().min(1).max(LONGEST_PROMISE_SECONDS).optional(),
    /** What happens to a late order: it only shows as overdue, or a person looks at it at once. */
    whenLate: z.enum(["wait", "review"]).optional(),
    ...description,
  })
  .refine(({ price, retailPrice = price }) => retailPrice.currency === price.currency, {
    path: ["retailPrice", "currency"],
    message: "must be the currency of the price",
  })
  .refine(({ price, retailPrice = price }) => retailPrice.amount >= price.amount, {
    path: ["retailPrice", "amount"],
    message: "must be at least the price, which is what we get of it",
  })
  .refine(({ redemption }) => redemption?.codeInUrl === undefined || redemption.url !== undefined, {
    path: ["redemption", "codeInUrl"],
    message: "needs the url that takes the code",
  })
  .refine((product) => product.kind !== "topup" || supplierSources(product).length > 0, {
    path: ["sources"],
    message: "a top-up needs a supplier",
  })
  .refine((product) => product.kind !== "topup" || supplierSources(product).length === product.sources?.length, {
    path: ["sources"],
    message: "a top-up has no stock",
  });
export type NewProduct = z.infer<typeof NewProduct>;

/** Gives what a buyer pays for one piece at checkout. */
export const retailPriceOf = ({ price, retailPrice = price }: Pick<NewProduct, "price" | "retailPrice">): Money =>
  retailPrice;

/** Gives the suppliers among a product's sources, in their order. */
export function supplierSources({ sources = [] }: { sources?: readonly Source[] | undefined }): SupplierSource[] {
  return sources.filter((source): source is SupplierSource => "supplierId" in source);
}

/** Tells whether a product is sold from our own stock: by default, and if stock is named among its sources. */
export function sellsFromStock({ kind, sources = [] }: Pick<NewProduct, "kind" | "sources">): boolean {
  return isStocked(kind) && (sources.length === 0 || sources.some((source) => "stock" in source));
}

/** `draft`: not yet on sale · `listed` · `paused`: not on sale for now, by a person or by rule · `ended`: never again. */
export const Listed = z.enum(["draft", "listed", "paused", "ended"]);
export type Listed = z.infer<typeof Listed>;

/**
 * One immutable version of a product. An order names the version that it bought, so later changes never rewrite a sale.
 * `listing` belongs to the product and to no version; absent: listed.
 */
export type ProductVersion = NewProduct & { id: string; version: number; listing?: Listed };

export const isListed = ({ listing = "listed" }: Pick<ProductVersion, "listing">): boolean => listing === "listed";
