import { isStocked } from "../catalog/kinds.ts";
import { isListed, type ProductVersion, retailPriceOf } from "../catalog/model.ts";
import { LARGEST_AMOUNT, type Money, sum, times } from "../kernel/money.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import type { Promotion } from "../pricing/promotion.ts";
import { CHANNEL, type QuotedLine, quote } from "../pricing/quote.ts";
import type { Line } from "./model.ts";
import type { NewOrder } from "./request.ts";
import { marginOfAll } from "./shares.ts";

/** What a line is and costs, as an order keeps it. */
export type PricedLine = Pick<
  Line,
  | "id"
  | "productId"
  | "productVersion"
  | "kind"
  | "name"
  | "quantity"
  | "unitPrice"
  | "retailPrice"
  | "net"
  | "adjustments"
  | "paid"
  | "belowCost"
>;

/** The lines of a request in their order. `total` is what the channel pays; `retailTotal`, what a buyer pays at checkout. */
export type Priced = { total: Money; retailTotal: Money; lines: PricedLine[] };

/**
 * Computes what lines cost, for orders and quotes alike, or refuses them: a product is not on sale, the currencies
 * differ, or the total is above the largest amount, or what is paid is above `maxTotal`.
 */
export function price(
  { lines, maxTotal, payment }: Pick<NewOrder, "lines" | "maxTotal"> & Partial<Pick<NewOrder, "payment">>,
  products: readonly ProductVersion[],
  promotions: readonly Promotion[] = [],
): Result<Priced> {
  const errors: FieldError[] = [];
  const found: { product: ProductVersion; quantity: number }[] = [];
  for (const [index, { productId, quantity }] of lines.entries()) {
    const product = products.find(({ id }) => id === productId);
    if (product === undefined || !isListed(product))
      errors.push({ pointer: `/lines/${index}/productId`, message: "is unknown or not on sale" });
    else found.push({ product, quantity });
  }
  if (errors.length > 0) return refuse("unknown_product", "Some products are unknown or not on sale.", errors);
  const amounts = found.map(({ product, quantity }) => times(retailPriceOf(product), quantity));
  const currency = amounts[0]?.currency ?? "";
  if (amounts.some((amount) => amount.currency !== currency))
    return refuse("mixed_currencies", "The lines' prices are in different currencies.");
  // Before anything is taken off: more than this could not be counted exactly.
  if (sum(amounts, currency).amount > LARGEST_AMOUNT)
    return refuse("invalid_request", "The order costs more than an order may.", [
      { pointer: "/lines", message: `must cost at most ${LARGEST_AMOUNT} in minor units` },
    ]);
  const cart = found.map(({ product, quantity }, index) => ({
    id: String(index + 1),
    productId: product.id,
    productVersion: product.version,
    kind: product.kind,
    name: product.name,
    quantity,
    unitPrice: product.price.amount,
    ...(product.retailPrice === undefined ? {} : { retailPrice: product.retailPrice.amount }),
    ...(product.belowCost === true ? ({ belowCost: true } as const) : {}),
  }));
  const floors = found.map(({ product: { floor } }) => (floor === undefined ? {} : { floor: floor.amount }));
  const quoted = quote(
    cart.map((line, at) => ({ ...line, ...floors[at] })),
    promotions,
  );
  const total = { amount: quoted.total, currency };
  const retailTotal = { amount: quoted.total + marginOfAll(cart), currency };
  const paid = payment?.method === "checkout" ? retailTotal.amount : total.amount;
  if (maxTotal !== undefined && (maxTotal.currency !== currency || maxTotal.amount < paid))
    return refuse("price_changed", `The order costs ${paid} ${currency} in minor units.`, [
      maxTotal.currency === currency
        ? { pointer: "/maxTotal/amount", message: "is less than the order costs" }
        : { pointer: "/maxTotal/currency", message: `is not the prices' currency, ${currency}` },
    ]);
  return ok({ total, retailTotal, lines: cart.map((line, at) => ({ ...line, ...kept(quoted.lines[at]) })) });
}

/** What an order keeps of a price. Most lines have no adjustments, and are paid by their channel alone. */
function kept(line: QuotedLine | undefined): Pick<Line, "net" | "adjustments" | "paid"> {
  if (line === undefined) throw new Error("a line without its price");
  const { net, adjustments, paid } = line;
  const isChannelAlone = Object.keys(paid).every((payer) => payer === CHANNEL);
  return { net, ...(adjustments.length === 0 ? {} : { adjustments }), ...(isChannelAlone ? {} : { paid }) };
}

/** Refuses an order that names no recipient for a top-up, or one for what is handed to the caller. */
export function checkRecipients({ lines }: NewOrder, products: readonly ProductVersion[]): Result<undefined> {
  for (const [index, { productId, recipient }] of lines.entries()) {
    const product = products.find(({ id }) => id === productId);
    const pointer = `/lines/${index}/recipient`;
    if (product?.kind === "topup" && recipient === undefined)
      return refuse("recipient_required", "A top-up needs the account to fill.", [{ pointer, message: "is required" }]);
    if (product !== undefined && isStocked(product.kind) && recipient !== undefined)
      return refuse("invalid_request", "A code is delivered to the caller and has no recipient.", [
        { pointer, message: "is not for this product" },
      ]);
  }
  return ok(undefined);
}
