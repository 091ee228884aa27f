/** The simulated WeChat Pay's books: trades and their refunds, as its documents have them. */
import * as z from "zod";
import type { Shown } from "../pay-pages.ts";
import { credentials } from "./keys.ts";

const Number32 = z.string().regex(/^[\w\-|*]{6,32}$/);
// "An address without a query, by HTTPS": on this machine also by HTTP.
const NotifyUrl = z.url().refine((url) => !url.includes("?") && /^(https:|http:\/\/127\.0\.0\.1)/.test(url));

export const NewTrade = z.strictObject({
  appid: z.string(),
  mchid: z.string(),
  description: z.string().refine((text) => text !== "" && Buffer.byteLength(text) <= 127),
  out_trade_no: Number32,
  time_expire: z.iso
    .datetime({ offset: true })
    .refine((time) => time.endsWith("+08:00"))
    .optional(),
  notify_url: NotifyUrl,
  amount: z.strictObject({ total: z.int().min(1), currency: z.literal("CNY") }),
  payer: z.strictObject({ openid: z.string().min(1).max(128) }).optional(),
  scene_info: z.strictObject({ payer_client_ip: z.union([z.ipv4(), z.ipv6()]) }).optional(),
});

export const NewRefund = z.strictObject({
  out_trade_no: Number32,
  out_refund_no: z.string().regex(/^[\w\-|*@]{1,64}$/),
  notify_url: NotifyUrl.optional(),
  amount: z.strictObject({ refund: z.int().min(1), total: z.int().min(1), currency: z.literal("CNY") }),
});

export type RefundStatus = "SUCCESS" | "PROCESSING" | "ABNORMAL" | "CLOSED";
export type Refund = z.infer<typeof NewRefund> & { refund_id: string; status: RefundStatus; at: string };
export type Trade = z.infer<typeof NewTrade> & {
  asked: z.infer<typeof NewTrade>;
  type: "NATIVE" | "JSAPI";
  state: "NOTPAY" | "SUCCESS" | "REFUND" | "CLOSED";
  /** WeChat Pay lets everything be paid for a minute at least. */
  endsAt: number;
  transaction_id: string;
  /** What was answered last, for the payer to scan or to open. */
  code?: string;
  success_time?: string;
  payer_total?: number;
  refunds: Map<string, Refund>;
};

let counter = 0;
export const newNumber = (prefix: string): string => {
  counter += 1;
  return `${prefix}${Date.now()}${String(counter).padStart(8, "0")}`;
};

/** A time by Beijing's clock, as they write it. */
export const beijing = (at = new Date()): string =>
  `${new Date(at.getTime() + 28_800_000).toISOString().slice(0, 19)}+08:00`;

export function newTrade(asked: z.infer<typeof NewTrade>, type: Trade["type"]): Trade {
  const { time_expire } = asked;
  const endsAt = Math.max(
    time_expire === undefined ? Number.POSITIVE_INFINITY : Date.parse(time_expire),
    Date.now() + 60_000,
  );
  return { ...asked, asked, type, state: "NOTPAY", endsAt, transaction_id: newNumber("42000"), refunds: new Map() };
}

/** A trade as a question about it is answered, and as a notice has it inside. */
export function shownTrade(trade: Trade): object {
  const { out_trade_no, transaction_id, state, type, amount, success_time, payer_total = amount.total } = trade;
  const about = { appid: credentials.appId, mchid: credentials.mchId, out_trade_no, trade_state: state };
  if (success_time === undefined)
    return {
      ...about,
      trade_state_desc: "订单未支付",
      amount: { total: amount.total, payer_currency: "CNY" },
      payer: {},
    };
  return {
    ...about,
    transaction_id,
    trade_type: type,
    trade_state_desc: state === "REFUND" ? "订单发生过退款" : "支付成功",
    bank_type: "OTHERS",
    success_time,
    payer: { openid: trade.payer?.openid ?? "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
    amount: { total: amount.total, payer_total, currency: "CNY", payer_currency: "CNY" },
  };
}

/** A refund as a question about it is answered. */
export function shownRefund(refund: Refund, { transaction_id }: Trade): object {
  const { refund_id, out_refund_no, out_trade_no, status, at, amount } = refund;
  return {
    refund_id,
    out_refund_no,
    transaction_id,
    out_trade_no,
    channel: "ORIGINAL",
    user_received_account: "招商银行信用卡0403",
    ...(status === "SUCCESS" ? { success_time: at } : {}),
    create_time: at,
    status,
    funds_account: "AVAILABLE",
    amount: {
      ...amount,
      payer_total: amount.total,
      payer_refund: amount.refund,
      settlement_refund: amount.refund,
      settlement_total: amount.total,
      discount_refund: 0,
    },
  };
}

/** What is on its way back, or has gone. */
export const refundedOf = ({ refunds }: Trade, ...statuses: RefundStatus[]): number =>
  [...refunds.values()].reduce((sum, { status, amount }) => sum + (statuses.includes(status) ? amount.refund : 0), 0);

/** A trade as its payer sees it. */
export function shownToBuyer(trade: Trade): Shown {
  const { out_trade_no, description, amount, state, endsAt, success_time, code } = trade;
  const isOpen = state === "NOTPAY" && Date.now() <= endsAt;
  return {
    reference: out_trade_no,
    about: description,
    amount: amount.total,
    currency: amount.currency,
    state: success_time !== undefined ? "paid" : isOpen ? "open" : "over",
    givenBack: refundedOf(trade, "SUCCESS"),
    code,
  };
}
