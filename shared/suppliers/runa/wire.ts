/**
 * Runa's HTTP API, version 2024-02-05, as far as a buyer needs it. What is read must be as documented; everything else
 * is ignored.
 */
import * as z from "zod";
import { chargedOf } from "../charges.ts";
import type { CatalogueItem, CataloguePage, Need, Outcome } from "../contract.ts";
import { moneyOf } from "../decimal.ts";
import { listOfObjects, memberOf, readEach } from "../each.ts";
import { goodOf } from "../pieces.ts";

export const API_VERSION = "2024-02-05";

/** Their limit for one order. */
export const ITEMS_AT_MOST = 200;

/**
 * The name of a thing to buy: code, face value and currency, `AMZ-US/10.00/USD`. Runa has no name for one amount of a
 * brand.
 */
const PRODUCT = /^([A-Za-z0-9_-]{1,64})\/(\d{1,9}(?:\.\d{1,3})?)\/([A-Z]{3})$/;

const orderId = z.string().regex(/^[\w-]{1,128}$/);
const Payout = z.object({ url: z.string().max(2048).nullish(), expiry_date: z.unknown().optional() });
export const Order = z.object({
  id: orderId,
  status: z.enum(["COMPLETED", "FAILED", "PROCESSING"]),
  /** With all fees. The discount of a product is before them. */
  total_price: z.unknown().optional(),
  currency: z.unknown().optional(),
  items: z
    .array(z.object({ payout: Payout }))
    .max(ITEMS_AT_MOST)
    .optional(),
});
export const Problem = z.object({ type: z.string().regex(/^[a-z][a-z_]{0,63}$/) });
export const OrderCompletion = z.object({
  id: orderId,
  status: z.enum(["COMPLETED", "FAILED"]),
  metadata: z.object({ reference: z.string().max(200).optional() }).nullish(),
});
export const ProductUpdate = z.object({ product_code: z.string().max(64), timestamp: z.string() });
export const Balances = listOfObjects.max(200);
export const Balance = z.object({ balance: z.unknown().optional(), currency: z.string() });
export const Catalogue = z.object({
  catalog: listOfObjects.max(5_000),
  pagination: z.object({ cursors: z.object({ after: z.string().nullish() }) }).nullish(),
});
const Code = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/);
const Brand = z.object({
  code: Code,
  name: z.string().max(200),
  currency: z.string().regex(/^[A-Z]{3}$/),
  is_orderable: z.boolean(),
  state: z.string(),
  discount_multiplier: z.unknown().optional(),
  gift_card: z
    .object({
      denominations: z.object({
        type: z.string(),
        available_list: z
          .array(z.union([z.string(), z.number()]).transform(String))
          .max(5_000)
          .nullish(),
      }),
    })
    .optional(),
});

/**
 * Makes the request's body, always the same text for the same need. Undefined if the product is not named as Runa's
 * are.
 */
export function orderBody({ reference, supplierProductId, quantity }: Need): string | undefined {
  const [, code, faceValue, currency] = PRODUCT.exec(supplierProductId) ?? [];
  if (code === undefined) return undefined;
  const item = {
    face_value: Number(faceValue),
    distribution_method: { type: "PAYOUT_LINK" },
    products: { type: "SINGLE", value: code },
  };
  return JSON.stringify({
    payment_method: { type: "ACCOUNT_BALANCE", currency },
    items: Array.from({ length: quantity }, () => item),
    metadata: { reference },
  });
}

type OrderOutcome = Extract<Outcome, { kind: "fulfilled" | "accepted" | "rejected" | "unknown" }>;

/** Says what an order means for our attempt. The goods are links, one for each item. */
export function outcomeOf({ id, status, items, total_price, currency }: z.infer<typeof Order>): OrderOutcome {
  if (status === "PROCESSING") return { kind: "accepted", supplierOrderId: id };
  if (status === "FAILED") return { kind: "rejected", reason: "order_failed", supplierOrderId: id };
  // The order is completed, but its links were not told. Asked by its id, Runa tells them.
  if (items === undefined) return { kind: "accepted", supplierOrderId: id };
  const goods = items.flatMap(({ payout }) => goodOf({ secret: payout.url, expires: payout.expiry_date }, 0) ?? []);
  // An empty link is no delivery. Ask again: Runa may tell it.
  if (goods.length < items.length) return { kind: "unknown", reason: "empty_card" };
  return { kind: "fulfilled", supplierOrderId: id, goods, ...chargedOf(moneyOf(total_price, String(currency))) };
}

/**
 * Gives an item for each amount that a brand is sold at. A brand that is sold at any amount is named without one, and
 * has no cost.
 */
export function pageOf({ catalog, pagination }: z.infer<typeof Catalogue>): CataloguePage {
  const { read, leftOut } = readEach(catalog, Brand, (brand) => memberOf(brand, "code", Code));
  const next = pagination?.cursors.after;
  return { items: read.flatMap(itemsOf), leftOut, ...(typeof next === "string" ? { next } : {}) };
}

function itemsOf(brand: z.infer<typeof Brand>): CatalogueItem[] {
  const { code, name, currency, is_orderable, state, discount_multiplier, gift_card } = brand;
  const onSale = is_orderable && state !== "TEMPORARILY_DISABLED";
  const amounts = gift_card?.denominations.available_list ?? [];
  if (amounts.length === 0) return [{ supplierProductId: `${code}/${currency}`, name, onSale }];
  return amounts.map((amount): CatalogueItem => {
    const cost = discounted(amount, discount_multiplier, currency);
    const item = {
      supplierProductId: `${code}/${amount}/${currency}`,
      name: `${name} ${amount} ${currency}`,
      onSale,
    };
    return cost === undefined ? item : { ...item, cost };
  });
}

/**
 * Computes a cost from a discount; "0.05" is five per cent off. In whole ten-thousandths, rounded up. Undefined if one
 * of the two can't be read.
 */
function discounted(amount: string, discount: unknown, currency: string) {
  const face = moneyOf(amount, currency);
  const read = /^0(?:\.(\d+))?$/.exec(String(discount));
  if (face === undefined || read === null) return undefined;
  const paid = 10_000 - Number((read[1] ?? "").slice(0, 4).padEnd(4, "0"));
  return { amount: Math.ceil((face.amount * paid) / 10_000), currency };
}
