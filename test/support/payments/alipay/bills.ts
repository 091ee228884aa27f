/** The simulated Alipay's bills of a day: of trades, and of the account. Each is a zip of two files in GBK. */
import { zipSync } from "fflate";
import { inGbk } from "../gbk.ts";
import type { Trade } from "./trades.ts";
import { yuan } from "./wire.ts";

/** What it keeps of each payment, in ten-thousandths: 0.6 %, in whole fen. */
const RATE = 60;
const feeOf = (fen: number): number => Math.round((fen * RATE) / 10_000);

const TRADES =
  "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注";
const ACCOUNT =
  "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注";

export type Payout = { at: string; fen: number };

const padded = (cell: string): string => `${cell}\t`;

function tradeLine(trade: Trade, at: string, fen: number, request = ""): string {
  const { tradeNo = "", outTradeNo, subject, createdAt = "" } = trade;
  const amount = fen < 0 ? `-${yuan(0 - fen)}` : yuan(fen);
  const fee = fen < 0 ? "0.00" : yuan(feeOf(fen));
  const start = [padded(tradeNo), padded(outTradeNo), fen < 0 ? "退款" : "交易", subject, createdAt, at];
  const who = [padded(""), padded(""), padded(""), padded(""), "*伟(159****5620)"];
  const money = [amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", padded("0.00"), "0.00"];
  return [...start, ...who, ...money, padded(request), fee, "0.00", ""].join(",");
}

const framed = (what: string, head: string, lines: readonly string[]): string =>
  [
    `#支付宝${what}查询`,
    "#账号：[20880000000000000156]",
    `#-----------------------------------------${what}列表----------------------------------------`,
    head,
    ...lines,
    `#-----------------------------------------${what}列表结束------------------------------------`,
    "#导出时间：[2026年12月01日 09:00:00]",
    "",
  ].join("\r\n");

/** Two files: the lines, and their sums, which have another head. */
const packed = (what: string, text: string): Buffer =>
  Buffer.from(
    zipSync({
      [`${what}.csv`]: inGbk(text),
      [`${what}(sums).csv`]: inGbk(["#汇总", "门店编号,交易订单总笔数", "#汇总列表结束", ""].join("\r\n")),
    }),
  );

/** Makes the bill of trades of a day. Undefined: there is none. */
export function tradeBill(trades: readonly Trade[], day: string, change: (text: string) => string): Buffer | undefined {
  const lines = trades.flatMap((trade) => {
    const { paidAt, fen, refunds } = trade;
    if (paidAt === undefined) return [];
    const paid = paidAt.startsWith(day) ? [tradeLine(trade, paidAt, fen)] : [];
    const back = refunds.filter(({ at }) => at.startsWith(day));
    return [...paid, ...back.map((one) => tradeLine(trade, one.at, 0 - one.fen, one.outRequestNo))];
  });
  return lines.length === 0 ? undefined : packed("trades", change(framed("业务明细", TRADES, lines)));
}

type Flow = { at: string; fen: number; what: string; of: string };

function flowsOf(trades: readonly Trade[], payouts: readonly Payout[]): Flow[] {
  const flows = trades.flatMap(({ paidAt: at, fen, tradeNo: of = "", refunds }): Flow[] => {
    if (at === undefined) return [];
    const back = refunds.map((one): Flow => ({ at: one.at, fen: 0 - one.fen, what: "交易退款", of: one.outRequestNo }));
    return [{ at, fen, what: "在线支付", of }, { at, fen: 0 - feeOf(fen), what: "收费", of }, ...back];
  });
  const out = payouts.map(({ at, fen }): Flow => ({ at, fen: 0 - fen, what: "提现", of: at }));
  return [...flows, ...out].toSorted((a, b) => a.at.localeCompare(b.at));
}

/** What the account has at the end of a day. */
export const balanceOn = (trades: readonly Trade[], payouts: readonly Payout[], day: string): number =>
  flowsOf(trades, payouts).reduce((sum, { at, fen }) => sum + (at.slice(0, 10) <= day ? fen : 0), 0);

/** Makes the bill of the account, the newest line first. Undefined: there is none. */
export function accountBill(
  trades: readonly Trade[],
  payouts: readonly Payout[],
  day: string,
  change: (text: string) => string,
): Buffer | undefined {
  let balance = 0;
  const lines = flowsOf(trades, payouts).flatMap(({ at, fen, what, of }, index) => {
    balance += fen;
    const [income, outgo] = fen < 0 ? ["0.00", `-${yuan(0 - fen)}`] : [yuan(fen), "0.00"];
    const cells = [`${index}\t`, `${of}\t`, "", "", at, "", income, outgo, yuan(balance), "支付宝", what, ""];
    return at.startsWith(day) ? [cells.join(",")] : [];
  });
  if (lines.length === 0) return undefined;
  return packed("account", change(framed("账务明细", ACCOUNT, lines.toReversed())));
}
