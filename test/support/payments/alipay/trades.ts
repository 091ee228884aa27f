/** What Alipay keeps of trades, and what its documents say of each call. No network, no signatures. */
import { randomInt } from "node:crypto";
import type { Shown } from "../pay-pages.ts";
import { atChinaTime, chinaTime, fen, yuan } from "./wire.ts";

type Status = "WAIT_BUYER_PAY" | "TRADE_CLOSED" | "TRADE_SUCCESS" | "TRADE_FINISHED";
export type Refund = { outRequestNo: string; fen: number; at: string };
export type Trade = {
  outTradeNo: string;
  fen: number;
  subject: string;
  notifyUrl?: string;
  returnUrl?: string;
  timeExpire?: string;
  /** Absent until the buyer opens the page or scans the code: before that Alipay knows of no trade. */
  tradeNo?: string;
  status?: Status;
  createdAt?: string;
  paidAt?: string;
  refunds: Refund[];
};

/** A business answer. `sub`: why not. */
export type Said = { sub: string } | { body: Record<string, unknown> };
const no = (sub: string): Said => ({ sub: `ACQ.${sub}` });

/** A member of a call; empty: it is absent, or no text. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export const digits = (length: number): string => Array.from({ length }, () => randomInt(10)).join("");

/** Ends what has waited too long. */
function upToDate(trade: Trade): Trade {
  const isLate = trade.timeExpire !== undefined && atChinaTime(trade.timeExpire) <= Date.now();
  if (trade.status === "WAIT_BUYER_PAY" && isLate) trade.status = "TRADE_CLOSED";
  return trade;
}

export const refundedOf = ({ refunds }: Trade): number => refunds.reduce((sum, one) => sum + one.fen, 0);

/** A trade as its buyer sees it. One that nobody has opened is there too, because a page of ours lists it. */
export function shownToBuyer(trade: Trade): Shown {
  const { outTradeNo, subject, status, timeExpire, paidAt, returnUrl } = upToDate(trade);
  const isLate = timeExpire !== undefined && atChinaTime(timeExpire) <= Date.now();
  const isOpen = !isLate && (status === undefined || status === "WAIT_BUYER_PAY");
  return {
    reference: outTradeNo,
    about: subject,
    amount: trade.fen,
    currency: "CNY",
    state: paidAt !== undefined ? "paid" : isOpen ? "open" : "over",
    givenBack: refundedOf(trade),
    returnUrl,
  };
}

/** The buyer opens the page or scans the code. False: too late. */
export function begin(trade: Trade): boolean {
  const isLate = trade.timeExpire !== undefined && atChinaTime(trade.timeExpire) <= Date.now();
  if (trade.status === undefined && !isLate) {
    trade.status = "WAIT_BUYER_PAY";
    trade.tradeNo = `${chinaTime().slice(0, 10).replaceAll("-", "")}22001${digits(15)}`;
    trade.createdAt = chinaTime();
  }
  return upToDate(trade).status === "WAIT_BUYER_PAY";
}

export function pay(trade: Trade, total = trade.fen): boolean {
  if (!begin(trade)) return false;
  Object.assign(trade, { status: "TRADE_SUCCESS", paidAt: chinaTime(), fen: total });
  return true;
}

export function query(trade: Trade | undefined): Said {
  if (trade?.status === undefined) return no("TRADE_NOT_EXIST");
  const { outTradeNo, tradeNo, status, paidAt } = upToDate(trade);
  const paid = {
    send_pay_date: paidAt,
    // A coupon of Alipay's: the buyer pays less, and the merchant is owed all of it all the same.
    buyer_pay_amount: yuan(Math.max(0, trade.fen - 1)),
    receipt_amount: yuan(trade.fen),
    fund_bill_list: [{ amount: yuan(trade.fen), fund_channel: "ALIPAYACCOUNT" }],
  };
  return {
    body: {
      trade_no: tradeNo,
      out_trade_no: outTradeNo,
      buyer_logon_id: "159****5620",
      trade_status: status,
      total_amount: yuan(trade.fen),
      ...(paidAt === undefined ? { buyer_pay_amount: "0.00", receipt_amount: "0.00", point_amount: "0.00" } : paid),
    },
  };
}

export function close(trade: Trade | undefined): Said {
  if (trade?.status === undefined) return no("TRADE_NOT_EXIST");
  if (upToDate(trade).status !== "WAIT_BUYER_PAY") return no("TRADE_STATUS_ERROR");
  trade.status = "TRADE_CLOSED";
  return { body: { trade_no: trade.tradeNo, out_trade_no: trade.outTradeNo } };
}

export function refund(trade: Trade | undefined, given: Record<string, unknown>): Said {
  if (trade?.status === undefined) return no("TRADE_NOT_EXIST");
  const amount = fen(given["refund_amount"]);
  const outRequestNo = textOf(given["out_request_no"]) || trade.outTradeNo;
  const known = trade.refunds.find((one) => one.outRequestNo === outRequestNo);
  if (known !== undefined && known.fen !== amount) return no("DISCORDANT_REPEAT_REQUEST");
  if (known === undefined) {
    if (trade.status === "TRADE_FINISHED") return no("TRADE_HAS_FINISHED");
    if (trade.status !== "TRADE_SUCCESS") return no("TRADE_STATUS_ERROR");
    if (refundedOf(trade) + amount > trade.fen) return no("REFUND_AMT_NOT_EQUAL_TOTAL");
    trade.refunds.push({ outRequestNo, fen: amount, at: chinaTime() });
    if (refundedOf(trade) === trade.fen) trade.status = "TRADE_CLOSED";
  }
  return {
    body: {
      trade_no: trade.tradeNo,
      out_trade_no: trade.outTradeNo,
      buyer_logon_id: "159****5620",
      fund_change: known === undefined ? "Y" : "N",
      refund_fee: yuan(refundedOf(trade)),
      gmt_refund_pay: chinaTime(),
    },
  };
}

/** A refund that it does not know, or still works on, is a success without any data. */
export function queryRefund(trade: Trade | undefined, given: Record<string, unknown>): Said {
  if (trade?.status === undefined) return no("TRADE_NOT_EXIST");
  const known = trade.refunds.find(({ outRequestNo }) => outRequestNo === given["out_request_no"]);
  if (known === undefined) return { body: {} };
  return {
    body: {
      trade_no: trade.tradeNo,
      out_trade_no: trade.outTradeNo,
      out_request_no: known.outRequestNo,
      total_amount: yuan(trade.fen),
      refund_amount: yuan(known.fen),
      refund_status: "REFUND_SUCCESS",
      gmt_refund_pay: known.at,
    },
  };
}

/** The fields of a notice. A refund is told as a success, or as closed when all went back. */
export function noticeFields(trade: Trade, { appId, sellerId }: { appId: string; sellerId: string }) {
  const refunds = trade.refunds.at(-1);
  return {
    app_id: appId,
    auth_app_id: appId,
    buyer_id: "2088102122524333",
    buyer_logon_id: "xud***@126.com",
    charset: "utf-8",
    gmt_create: trade.createdAt ?? chinaTime(),
    notify_id: `${chinaTime().slice(0, 10).replaceAll("-", "")}00222${digits(22)}`,
    notify_time: chinaTime(),
    notify_type: "trade_status_sync",
    out_trade_no: trade.outTradeNo,
    seller_email: "seller@example.com",
    seller_id: sellerId,
    subject: trade.subject,
    total_amount: yuan(trade.fen),
    trade_no: trade.tradeNo ?? "",
    trade_status: trade.status ?? "WAIT_BUYER_PAY",
    version: "1.0",
    ...(trade.paidAt === undefined
      ? {}
      : {
          gmt_payment: trade.paidAt,
          buyer_pay_amount: yuan(Math.max(0, trade.fen - 1)),
          receipt_amount: yuan(trade.fen),
          fund_bill_list: JSON.stringify([{ amount: yuan(trade.fen), fundChannel: "ALIPAYACCOUNT" }]),
        }),
    ...(refunds === undefined
      ? {}
      : { refund_fee: yuan(refundedOf(trade)), gmt_refund: `${refunds.at}.143`, out_biz_no: refunds.outRequestNo }),
    ...(trade.status === "TRADE_CLOSED" ? { gmt_close: chinaTime() } : {}),
  };
}

/** Says that it will give a refund, and has moved nothing yet. */
export const accepted = ({ biz_content = "{}" }: Record<string, string>): Said => {
  const { out_trade_no } = JSON.parse(biz_content) as Record<string, unknown>;
  return { body: { out_trade_no, fund_change: "N", refund_fee: "0.00" } };
};
