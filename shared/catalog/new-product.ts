import * as z from "zod";
import { Money } from "../kernel/money.ts";
import { ProductLimits } from "../limits/model.ts";
import { description, LONGEST_NAME } from "./description.ts";
import { ProductKind } from "./kinds.ts";
import { supplierSources } from "./model.ts";
import { PriceRule } from "./price-rule.ts";

/** What operators say of products: every rule that a new product, or a change of one, must keep. */

const SOURCES_AT_MOST = 10;
const VIEWERS_AT_MOST = 100;
const LONGEST_PROMISE_SECONDS = 7 * 24 * 3600;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time of day, HH:MM");

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

/** Channels that share prices, and see the same products. The id of a channel names the tier of that channel alone. */
export const Tier = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, "must be a word of small letters, digits, - and _");

/** What an operator says to create a product. Without sources it is sold from our own stock alone. */
export const NewProduct = z
  .strictObject({
    kind: ProductKind,
    name: z.string().trim().min(1).max(LONGEST_NAME),
    /** What one piece costs the channel. */
    price: Money.refine((price) => price.amount > 0, "a price is more than nothing"),
    /** What a buyer pays for one piece at checkout; the difference is the channel's margin. Absent: the price. */
    retailPrice: Money.optional(),
    /** No tier pays less for one piece, whatever its prices say, and no promotion takes off more. */
    floor: Money.optional(),
    /** It may be sold for less than it costs us. Otherwise such a price is refused, or takes it off sale. */
    belowCost: z.boolean().optional(),
    /** How the price follows what suppliers ask: from the next reading of their catalogues on. */
    priceRule: PriceRule.optional(),
    /** The tiers and channels that may know of it. Absent: all. */
    visibleTo: z.array(Tier).min(1).max(VIEWERS_AT_MOST).optional(),
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
  .refine(({ price, floor = price }) => floor.currency === price.currency, {
    path: ["floor", "currency"],
    message: "must be the currency of the price",
  })
  .refine(({ price, floor = price }) => floor.amount <= price.amount, {
    path: ["floor", "amount"],
    message: "must be at most the price",
  })
  .refine(({ redemption }) => redemption?.codeInUrl === undefined || redemption.url !== undefined, {
    path: ["redemption", "codeInUrl"],
    message: "needs the url that takes the code",
  })
  .refine((product) => product.priceRule === undefined || supplierSources(product).length > 0, {
    path: ["priceRule"],
    message: "needs a supplier whose prices it follows",
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
