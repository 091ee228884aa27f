/** 福禄 Fulu's open platform, version 2.0, as far as a buyer needs it: one address, the method in the body. */
import * as z from "zod";
import type { Secret } from "../../kernel/secret.ts";
import { chargedOf } from "../charges.ts";
import type { CataloguePage, Good, Need, Outcome } from "../contract.ts";
import { moneyOf } from "../decimal.ts";
import { listOfObjects, memberOf, readEach } from "../each.ts";
import { wholeNumber } from "../json.ts";
import { goodOf } from "../pieces.ts";
import { openCard, signatureOf } from "./signing.ts";

/** Its times are Beijing time. */
const CLOCK_HOURS = 8;

function timestampAt(now: Date): string {
  return new Date(now.getTime() + CLOCK_HOURS * 3600 * 1000).toISOString().slice(0, 19).replace("T", " ");
}

/** Makes the signed request. The order of members is for readers; the signature does not depend on it. */
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

/** Cards have no recipient; everything else goes onto an account. */
export function placing({ reference, supplierProductId, quantity, recipientAccount }: Need): [string, object] {
  const order = { product_id: wholeNumber(supplierProductId), customer_order_no: reference, buy_num: quantity };
  if (recipientAccount === undefined) return ["fulu.order.card.add", order];
  return ["fulu.order.direct.add", { ...order, charge_account: recipientAccount.reveal() }];
}

/** `result` is JSON in a text, and the text is signed. */
export const Envelope = z.object({
  code: z.int().min(0).max(99_999_999),
  message: z.unknown().optional(),
  result: z.string().nullish(),
  sign: z.string().nullish(),
});

const id = z.union([z.string().regex(/^[\w-]{1,64}$/), z.int().min(1)]).transform(String);
/** Fulu does not publish its limit. This many cards are about 200 KB of answer. */
export const CARDS_AT_MOST = 1_000;
const Card = z.object({
  card_number: z.string().max(4096).nullish(),
  card_pwd: z.string().max(4096).nullish(),
  card_deadline: z.unknown().optional(),
});
export const Order = z
  .object({
    order_id: id,
    customer_order_no: z.string().max(50),
    order_state: z.string().optional(),
    order_status: z.string().optional(),
    /** For one piece, in yuan. */
    order_price: z.unknown().optional(),
    buy_num: z.int().min(1).optional().catch(undefined),
    cards: z.array(Card).max(CARDS_AT_MOST).nullish(),
  })
  .transform(({ order_state, order_status, ...order }) => ({ ...order, state: order_state ?? order_status ?? "" }));
export const Callback = z.object({ customer_order_no: z.string().min(1).max(50), order_id: id.optional() });
export const User = z.object({ balance: z.unknown().optional() });
export const Goods = listOfObjects;
const Product = z.object({
  product_id: id,
  product_name: z.string().max(300),
  purchase_price: z.unknown().optional(),
  sales_status: z.string().nullish(),
  stock_status: z.string().nullish(),
});

type OrderOutcome = Extract<Outcome, { kind: "fulfilled" | "accepted" | "rejected" | "unknown" }>;

/**
 * Says what an order means for our attempt. Fulu does not say whether an order was for cards; the presence of cards
 * does.
 */
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
      const charged = order.buy_num === undefined ? {} : chargedOf(moneyOf(order.order_price, "CNY"), order.buy_num);
      // The answer to an order has no cards; a later question brings them.
      if (cards.length === 0)
        return isForCards ? { kind: "accepted", supplierOrderId } : { kind: "fulfilled", supplierOrderId, ...charged };
      const goods = cards.map((card) => opened(card, secret));
      if (goods.includes("unreadable_card")) return { kind: "unknown", reason: "unreadable_card" };
      const given = goods.filter((good) => typeof good === "object");
      // Empty cards are no delivery. Ask again: they may have been filled.
      if (given.length === 0) return { kind: "unknown", reason: "empty_card" };
      return { kind: "fulfilled", supplierOrderId, goods: given, ...charged };
    }
    default:
      return { kind: "unknown", reason: "unknown_state" };
  }
}

function opened(card: z.infer<typeof Card>, key: string): Good | "unreadable_card" | undefined {
  const [secret, number] = [card.card_pwd, card.card_number].map((sealed) => (sealed ? openCard(sealed, key) : ""));
  if (secret === undefined || number === undefined) return "unreadable_card";
  return goodOf({ secret, number, expires: card.card_deadline }, CLOCK_HOURS);
}

export function pageOf(goods: z.infer<typeof Goods>): CataloguePage {
  const { read, leftOut } = readEach(goods, Product, (product) => memberOf(product, "product_id", id));
  const items = read.map(({ product_id, product_name, purchase_price, sales_status, stock_status }) => {
    const cost = moneyOf(purchase_price, "CNY");
    const isEmpty = stock_status === "断货";
    return {
      supplierProductId: product_id,
      name: product_name,
      onSale: sales_status === undefined || sales_status === null || sales_status === "上架",
      ...(cost === undefined ? {} : { cost }),
      ...(isEmpty ? { stock: 0 } : {}),
    };
  });
  return { items, leftOut };
}
