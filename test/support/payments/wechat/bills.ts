/** The simulated WeChat Pay's trade bills. */
import { createHash } from "node:crypto";
import type { Answered } from "./complaints.ts";
import { credentials } from "./keys.ts";
import type { Trade } from "./trades.ts";

/** What it keeps of each payment, in hundred-thousandths of a yuan for each fen: 0.6 %. */
const RATE = 6;

const HEAD =
  "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

const yuan = (fen: number): string => (fen / 100).toFixed(2);
const feeOf = (fen: number): string => ((fen * RATE) / 100_000).toFixed(5);
const row = (...fields: (string | number)[]): string => fields.map((field) => `\`${field}`).join(",");

type Movement = {
  at: string;
  trade: Trade;
  paid: number;
  back: number;
  refund: [theirs: string, ours: string, status: string];
};

function movementsOf(trades: Iterable<Trade>, day: string): Movement[] {
  return [...trades].flatMap((trade) => {
    const { success_time = "", amount, refunds } = trade;
    const paid: Movement = { at: success_time, trade, paid: amount.total, back: 0, refund: ["0", "0", ""] };
    const back = [...refunds.values()].map(
      ({ at, refund_id, out_refund_no, status, amount: { refund } }): Movement => ({
        at,
        trade,
        paid: 0,
        back: refund,
        refund: [refund_id, out_refund_no, status],
      }),
    );
    return [paid, ...back].filter(({ at }) => at.startsWith(day));
  });
}

function lineOf({ at, trade, paid, back, refund: [refundId, refundNo, status] }: Movement): string {
  const { out_trade_no, transaction_id, type, description } = trade;
  const { appId, mchId } = credentials;
  const isPayment = paid > 0;
  const when = at.slice(0, 19).replace("T", " ");
  const payer = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";
  const fields: (readonly (string | number)[])[] = [
    [when, appId, mchId, "0", "", transaction_id, out_trade_no, payer, type, isPayment ? "SUCCESS" : "REFUND"],
    ["OTHERS", "CNY", yuan(paid), "0.00", refundId, refundNo, yuan(back), "0.00", isPayment ? "" : "ORIGINAL", status],
    [description, "", isPayment ? feeOf(paid) : `-${feeOf(back)}`, "0.60%", yuan(paid), yuan(back), ""],
  ];
  return row(...fields.flat());
}

/** Makes the bill of a day. Undefined: nothing moved on it. */
function billOf(trades: Iterable<Trade>, day: string): string | undefined {
  const movements = movementsOf(trades, day);
  if (movements.length === 0) return undefined;
  const [paid, back] = [movements, movements].map((all, index) =>
    all.reduce((sum, one) => sum + (index === 0 ? one.paid : one.back), 0),
  ) as [number, number];
  const fees = (((paid - back) * RATE) / 100_000).toFixed(5);
  const sums = row(movements.length, yuan(paid), yuan(back), "0.00", fees, yuan(paid), yuan(back));
  return `\uFEFF${[HEAD, ...movements.map(lineOf), SUMS, sums].map((line) => `${line}\r\n`).join("")}`;
}

/** Announces the bill of a day, or gives it. */
export function billAnswer(trades: Iterable<Trade>, url: URL): Answered & { text?: string } {
  const day = url.searchParams.get("bill_date") ?? url.searchParams.get("token") ?? "";
  const bill = billOf(trades, day);
  if (bill === undefined) return { status: 400, value: { code: "NO_STATEMENT_EXIST", message: "账单文件不存在" } };
  if (url.pathname.endsWith("/billdownload/file")) return { status: 200, text: bill };
  const hash_value = createHash("sha1").update(bill).digest("hex");
  const download_url = `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${day}`;
  return { status: 200, value: { hash_type: "SHA1", hash_value, download_url } };
}
