import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { sha256 } from "../kernel/ids.ts";
import { StoredMoney } from "../kernel/money.ts";
import { Per } from "../limits/period.ts";
import { Listed, ProductKind } from "./kinds.ts";
import type { NewProduct } from "./model.ts";

/** All products lie in one partition: a catalogue is thousands of items, read a page at a time. */
export const PRODUCTS = "products";
export const listKey = (id: string): Key => ({ pk: PRODUCTS, sk: id });

/** How the keys of a product's versions and changes begin. */
export const PRODUCT = "product#";
export const VERSIONS = "version#";
export const CHANGES = "change#";
export const versionKey = (id: string, version: number): Key => ({
  pk: `${PRODUCT}${id}`,
  sk: `${VERSIONS}${String(version).padStart(6, "0")}`,
});
/**
 * The key of the note that says which version an idempotency key has made. A repeat finds that version, also if there
 * are later ones.
 */
export const changeKey = (id: string, key: string): Key => ({ pk: `${PRODUCT}${id}`, sk: `${CHANGES}${sha256(key)}` });

/** What a tier pays for a product lies with the tier's other prices: as a list, a page at a time, and one by one. */
export const PRICES = "prices#";
export const pricesOf = (tier: string): string => `${PRICES}${tier}`;
export const tierPriceKey = ({ tier, productId }: { tier: string; productId: string }): Key => ({
  pk: pricesOf(tier),
  sk: productId,
});

const window = z.object({
  amount: z.int(),
  from: z.string().exactOptional(),
  until: z.string().exactOptional(),
  belowCost: z.literal(true).exactOptional(),
});
const tierPrice = z.object({
  tier: z.string(),
  productId: z.string(),
  version: z.int().min(1),
  currency: z.string(),
  windows: z.array(window),
});
/** What a tier pays for a product, and when. No two windows have a moment in common. */
export type TierPrice = z.infer<typeof tierPrice>;
export const tierPrices = stored("price of a tier", tierPrice);

const texts = z.object({ zh: z.string().optional(), en: z.string().optional() });
const words = z.array(z.string());
const source = z.object({
  supplierId: z.string(),
  supplierProductId: z.string(),
  cost: StoredMoney.optional(),
  unguarded: z.boolean().optional(),
  weight: z.int().optional(),
  hours: z.object({ from: z.string(), to: z.string() }).optional(),
  maxPerOrder: z.int().optional(),
});
const counted = z.object({ quantity: z.int(), per: Per });

/**
 * What a version holds. It was checked when it came in, by the rules of that day: a rule that is narrower by now must not make what was
 * sold unreadable.
 */
const said = z.object({
  kind: ProductKind,
  name: z.string(),
  price: StoredMoney,
  retailPrice: StoredMoney.optional(),
  floor: StoredMoney.optional(),
  belowCost: z.boolean().optional(),
  visibleTo: words.optional(),
  priceRule: z
    .object({
      basisPoints: z.int(),
      plus: z.int().optional(),
      ending: z.object({ last: z.int(), of: z.literal([10, 100, 1_000, 10_000, 100_000]) }).optional(),
    })
    .optional(),
  sources: z.array(z.union([z.object({ stock: z.literal(true) }), source])).optional(),
  strategy: z.enum(["priority", "cheapest", "weighted"]).optional(),
  holdSeconds: z.int().optional(),
  sharesCodes: z.boolean().optional(),
  limits: z
    .object({
      perOrder: z.int().optional(),
      perBuyer: counted.optional(),
      perChannel: counted.optional(),
      total: counted.optional(),
      utcOffset: z.string().optional(),
    })
    .optional(),
  deliverWithinSeconds: z.int().optional(),
  whenLate: z.enum(["wait", "review"]).optional(),
  names: texts.optional(),
  description: texts.optional(),
  redemption: z
    .object({
      instructions: texts.optional(),
      url: z.string().optional(),
      codeInUrl: z.string().optional(),
    })
    .optional(),
  categories: words.optional(),
  tags: words.optional(),
  regions: words.optional(),
  validity: z.union([z.object({ days: z.int() }), z.object({ until: z.string() })]).optional(),
  refundRule: z.object({ buyer: z.enum(["never", "unseen", "always"]), days: z.int().optional() }).optional(),
  id: z.string(),
  version: z.int().min(1),
} satisfies Record<keyof NewProduct | "id" | "version", z.ZodType>);

/** A product as it is now, as all may see it. */
export const products = stored("product", said.extend({ listing: Listed.exactOptional() }));
export const versions = stored("version of a product", said);

/** Why a product was taken off sale without a person. `told` once the others know. */
const unlisting = z.object({ reason: z.string(), at: z.string(), told: z.boolean() });
export type Unlisting = z.infer<typeof unlisting>;

/** What stands beside a product, or a version of one, and is for nobody else. `madeBy` is an idempotency key. */
const beside = z.object({
  requestHash: z.string().exactOptional(),
  madeBy: z.string().exactOptional(),
  unlisting: unlisting.exactOptional(),
});
export const besideProducts = stored("product", beside);

/** Which version a key has made, and what it asked for. Earlier versions of the software did not note what it asked for. */
export const changes = stored(
  "change of a product",
  z.object({ version: z.int().min(1), requestHash: z.string().exactOptional() }),
);
