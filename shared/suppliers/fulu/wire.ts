/** 福禄 Fulu's open platform, version 2.0, as far as a buyer needs it: one address, the method in the body. */
import * as z from "zod";
import { Secret } from "../../kernel/secret.ts";
import type { CatalogueItem, Good, Need, Outcome } from "../contract.ts";
import { moneyOf } from "../decimal.ts";
import { openCard, signatureOf } from "./signing.ts";

/** Its clock is Beijing's. */
function timestampAt(now: Date): string {
  return new Date(now.getTime() + 8 * 3600 * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** The signed request. Members in this order: the signature does not care, readers do. */
export function requestBody(
  method: string,
  content: object,
  { appKey, appSecret }: { appKey: Secret; appSecret: Secret },
  now: Date,
): string {
  const request = {
    app_key: appKey.reveal(),
    method,
    timestamp: timestampAt(now),
    version: "2.0",
    format: "json",
    charset: "utf-8",
    sign_type: "md5",
    app_auth_token: "",
    biz_content: JSON.stringify(content),
  };
  return JSON.stringify({ ...request, sign: signatureOf(JSON.stringify(request), appSecret.reveal()) });
}

/** Cards go to nobody in particular, everything else onto an account. */
export function placing({ reference, supplierProductId, quantity, recipientAccount }: Need): [string, object] {
  const order = { product_id: Number(supplierProductId), customer_order_no: reference, buy_num: quantity };
  if (recipientAccount === undefined) return ["fulu.order.card.add", order];
  return ["fulu.order.direct.add", { ...order, charge_account: recipientAccount.reveal() }];
}

/** `result` is JSON in a text, and the text is what is signed. */
export const Envelope = z.object({
  code: z.int().min(0).max(99_999_999),
  result: z.string().nullish(),
  sign: z.string().nullish(),
});

const id = z.union([z.string().regex(/^[\w-]{1,64}$/), z.int().min(1)]).transform(String);
const Card = z.object({
  card_number: z.string().max(4096).nullish(),
  card_pwd: z.string().min(1).max(4096),
  card_deadline: z.string().nullish(),
});
export const Order = z
  .object({
    order_id: id,
    customer_order_no: z.string().max(50),
    order_state: z.string().optional(),
    order_status: z.string().optional(),
    cards: z.array(Card).max(1000).nullish(),
  })
  .transform(({ order_state, order_status, ...order }) => ({ ...order, state: order_state ?? order_status ?? "" }));
export const Callback = z.object({ customer_order_no: z.string().min(1).max(50), order_id: id.optional() });
export const User = z.object({ balance: z.number().min(0) });
export const Goods = z
  .array(
    z.object({
      product_id: id,
      product_name: z.string().max(300),
      purchase_price: z.number().min(0).nullish(),
      sales_status: z.string().nullish(),
      stock_status: z.string().nullish(),
    }),
  )
  .max(10_000);

type OrderOutcome = Extract<Outcome, { kind: "fulfilled" | "accepted" | "rejected" | "unknown" }>;

/** What an order there means. Whether it was for cards they do not say; that some are there does. */
export function outcomeOf(order: z.infer<typeof Order>, secret: string, isForCards: boolean): OrderOutcome {
  const supplierOrderId = order.order_id;
  switch (order.state) {
    case "untreated":
    case "processing":
      return { kind: "accepted", supplierOrderId };
    case "failed":
      return { kind: "rejected", reason: "order_failed", supplierOrderId };
    case "success": {
      const cards = order.cards ?? [];
      // The answer to an order has no cards; the question that follows brings them.
      if (cards.length === 0)
        return isForCards ? { kind: "accepted", supplierOrderId } : { kind: "fulfilled", supplierOrderId };
      const goods = cards.map((card) => goodOf(card, secret));
      if (goods.includes(undefined)) return { kind: "unknown", reason: "unreadable_card" };
      return { kind: "fulfilled", supplierOrderId, goods: goods.filter((good) => good !== undefined) };
    }
    default:
      return { kind: "unknown", reason: "unknown_state" };
  }
}

function goodOf({ card_number, card_pwd, card_deadline }: z.infer<typeof Card>, key: string): Good | undefined {
  const secret = openCard(card_pwd, key);
  const number = card_number ? openCard(card_number, key) : undefined;
  if (secret === undefined || (card_number && number === undefined)) return undefined;
  const ends = new Date(`${(card_deadline ?? "").replace(" ", "T")}+08:00`);
  return {
    secret: new Secret(secret),
    ...(number === undefined ? {} : { number: new Secret(number) }),
    ...(Number.isNaN(ends.getTime()) ? {} : { expiresAt: ends.toISOString() }),
  };
}

export function itemsOf(goods: z.infer<typeof Goods>): CatalogueItem[] {
  return goods.map(({ product_id, product_name, purchase_price, sales_status, stock_status }) => {
    const cost = typeof purchase_price === "number" ? moneyOf(purchase_price, "CNY") : undefined;
    const isEmpty = stock_status === "断货";
    return {
      supplierProductId: product_id,
      name: product_name,
      onSale: sales_status === undefined || sales_status === null || sales_status === "上架",
      ...(cost === undefined ? {} : { cost }),
      ...(isEmpty ? { stock: 0 } : {}),
    };
  });
}
