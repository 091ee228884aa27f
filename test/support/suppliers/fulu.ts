/**
 * 福禄 Fulu's open platform as its clients speak to it, for the "fulu" protocol: one address, the method in a signed body, the
 * result a signed text, cards encrypted. Orders are worked on first and have to be asked for.
 */
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import * as z from "zod";
import { type Call, type Party, type Reply, startParty } from "./party.ts";
import { post } from "./supplier-callbacks.ts";
import { json } from "./supplier-wire.ts";

const Request = z.strictObject({
  app_key: z.string(),
  method: z.string(),
  timestamp: z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
  version: z.literal("2.0"),
  format: z.literal("json"),
  charset: z.literal("utf-8"),
  sign_type: z.literal("md5"),
  app_auth_token: z.literal(""),
  biz_content: z.string(),
  sign: z.string(),
});
const NewOrder = z.strictObject({
  product_id: z.int().min(1),
  customer_order_no: z.string().min(1).max(50),
  buy_num: z.int().min(1),
  charge_account: z.string().min(1).optional(),
});
type Order = z.infer<typeof NewOrder> & {
  order_id: string;
  state: "processing" | "success" | "failed";
  cards: string[];
};

/** Products by what becomes of their orders. */
export const GOODS = {
  fine: "10000001",
  refused: "10003001",
  noFunds: "10003010",
  slowFailure: "10000500",
  lostAnswer: "10000199",
  throttled: "10000429",
};
const WORK_MS = 150;
const CLOCK_TOLERANCE_MS = 10 * 60_000;

export type FuluParty = Party & { credentials: { appKey: string; appSecret: string } };

export async function startFulu(): Promise<FuluParty> {
  const credentials = { appKey: randomBytes(8).toString("base64"), appSecret: randomBytes(16).toString("hex") };
  const orders = new Map<string, Order>();
  let callbackUrl: string | undefined;
  let order_price: unknown = 12.5;

  // Independent of the adapter's own: what the platform's published clients do, written down once more.
  const signed = (text: string): string =>
    createHash("md5")
      .update(
        Array.from(text)
          .sort((a, b) => (a < b ? -1 : 1))
          .join("") + credentials.appSecret,
      )
      .digest("hex");
  const sealed = (text: string): string => {
    const cipher = createCipheriv("aes-256-ecb", credentials.appSecret, null);
    return Buffer.concat([cipher.update(text, "utf8"), cipher.final()]).toString("base64");
  };
  const result = (value: unknown): Reply => {
    const text = JSON.stringify(value);
    return { status: 200, body: { code: 0, message: "接口调用成功", result: text, sign: signed(text) } };
  };
  const refusal = (code: number, message = "失败"): Reply => ({
    status: 200,
    body: { code, message, result: null, sign: null },
  });

  function shown({ order_id, customer_order_no, product_id, buy_num, state, cards }: Order): object {
    const card = (secret: string) => ({
      card_number: sealed(`N${secret}`),
      card_pwd: sealed(secret),
      card_deadline: "2099-12-31 23:59:59",
    });
    return {
      order_id,
      customer_order_no,
      product_id,
      buy_num,
      order_price,
      order_state: state,
      cards: cards.map(card),
    };
  }

  function finish(order: Order, state: Order["state"]): void {
    order.state = state;
    if (state === "success" && order.charge_account === undefined)
      order.cards = Array.from({ length: order.buy_num }, () => `CD${randomBytes(6).toString("hex")}`);
    const url = callbackUrl;
    if (url === undefined) return;
    const { order_id, customer_order_no } = order;
    const body = JSON.stringify({ order_id, customer_order_no, order_status: state, sign: "0".repeat(32) });
    party.later(
      0,
      async () => void (await post(url, { body, headers: { "content-type": "application/json" } }, party.stopped)),
    );
  }

  function place(content: unknown, isForCards: boolean): Reply {
    const given = NewOrder.safeParse(content);
    if (!given.success || isForCards === (given.data.charge_account !== undefined)) return refusal(2001);
    const product = String(given.data.product_id);
    if (product === GOODS.throttled) return { status: 429, body: {}, headers: { "retry-after": "7" } };
    if (product === GOODS.refused) return refusal(3001);
    if (product === GOODS.noFunds) return refusal(3010, "商户余额不足");
    if (orders.has(given.data.customer_order_no)) return refusal(3006);
    const order: Order = {
      ...given.data,
      order_id: `F${randomBytes(8).toString("hex")}`,
      state: "processing",
      cards: [],
    };
    orders.set(order.customer_order_no, order);
    party.later(WORK_MS, () => finish(order, product === GOODS.slowFailure ? "failed" : "success"));
    return product === GOODS.lostAnswer ? "cut" : result({ ...shown(order), cards: null });
  }

  function query(content: unknown): Reply {
    const order = orders.get(String((content as { customer_order_no?: unknown } | undefined)?.customer_order_no));
    return order === undefined ? refusal(3007) : result(shown(order));
  }

  const party = await startParty(({ body }: Call) => {
    const request = Request.safeParse(json(body));
    if (!request.success) return refusal(1001);
    const { sign, ...unsigned } = request.data;
    if (sign !== signed(JSON.stringify(unsigned)) || unsigned.app_key !== credentials.appKey) return { status: 401 };
    const at = Date.parse(`${unsigned.timestamp.replace(" ", "T")}+08:00`);
    if (Math.abs(Date.now() - at) > CLOCK_TOLERANCE_MS) return refusal(1003);
    const content = json(unsigned.biz_content);
    switch (unsigned.method) {
      case "fulu.order.card.add":
        return place(content, true);
      case "fulu.order.direct.add":
        return place(content, false);
      case "fulu.order.info.get":
        return query(content);
      case "fulu.user.info.get":
        return result({ name: "商户", balance: 344283.1608, is_open: 1 });
      case "fulu.goods.list.get":
        return result([
          {
            product_id: 10000001,
            product_name: "视频会员 月卡",
            purchase_price: 12.5,
            sales_status: "上架",
            stock_status: "充足",
          },
          {
            product_id: 10000002,
            product_name: "视频会员 年卡",
            purchase_price: 0,
            sales_status: "下架",
            stock_status: "断货",
          },
        ]);
      default:
        return refusal(1002);
    }
  });
  return {
    ...party,
    credentials,
    setCallbackUrl: (url) => {
      callbackUrl = url;
    },
    setCharge: (amount) => {
      order_price = amount;
    },
    deliveries: (reference) => (orders.get(reference)?.state === "success" ? 1 : 0),
  };
}
