/** The simulated WeChat Pay's bills: of trades, and of the account. */
import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
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

const FUND_HEAD =
  "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
const FUND_SUMS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/** A movement of the account: what comes in, or goes out, in fen. */
type Flow = { at: string; what: string; amount: number; of: string };
export type Payout = { at: string; amount: number };

/** What trades did to the account, in its order: each payment, then the fee of it in whole fen; and the other way round for what went back. */
function flowsOf(trades: Iterable<Trade>, payouts: readonly Payout[]): Flow[] {
  const flows = [...trades].flatMap((trade): Flow[] => {
    const { success_time: at, amount, refunds, transaction_id: of } = trade;
    if (at === undefined) return [];
    const fee = (fen: number): number => Math.round((fen * RATE) / 1_000);
    const back = [...refunds.values()].flatMap((one): Flow[] => [
      { at: one.at, what: "退款", amount: 0 - one.amount.refund, of: one.refund_id },
      { at: one.at, what: "退还交易手续费", amount: fee(one.amount.refund), of: one.refund_id },
    ]);
    return [
      { at, what: "交易", amount: amount.total, of },
      { at, what: "扣除交易手续费", amount: 0 - fee(amount.total), of },
      ...back,
    ];
  });
  const out = payouts.map(({ at, amount }): Flow => ({ at, what: "提现", amount: 0 - amount, of: `W${at}` }));
  return [...flows, ...out].toSorted((a, b) => a.at.localeCompare(b.at));
}

/** What the account has at the end of a day. */
export const balanceOn = (trades: Iterable<Trade>, payouts: readonly Payout[], day: string): number =>
  flowsOf(trades, payouts).reduce((sum, { at, amount }) => sum + (at.slice(0, 10) <= day ? amount : 0), 0);

function fundBillOf(trades: Iterable<Trade>, payouts: readonly Payout[], day: string): string | undefined {
  let balance = 0;
  const lines: string[] = [];
  const [income, outgo] = [
    { count: 0, sum: 0 },
    { count: 0, sum: 0 },
  ];
  for (const [index, { at, what, amount, of }] of flowsOf(trades, payouts).entries()) {
    balance += amount;
    if (!at.startsWith(day)) continue;
    const side = amount < 0 ? outgo : income;
    side.count++;
    side.sum += Math.abs(amount);
    const direction = amount < 0 ? "支出" : "收入";
    const when = at.slice(0, 19).replace("T", " ");
    lines.push(
      row(when, of, `F${index}`, what, what, direction, yuan(Math.abs(amount)), yuan(balance), "system", "", of),
    );
  }
  if (lines.length === 0) return undefined;
  const sums = row(`${lines.length}.0`, `${income.count}.0`, yuan(income.sum), `${outgo.count}.0`, yuan(outgo.sum));
  return `\uFEFF${[FUND_HEAD, ...lines, FUND_SUMS, sums].map((line) => `${line}\r\n`).join("")}`;
}

/** What the bills say may be changed before they are announced; `isMade`: they are made. */
export type Bills = {
  trades: readonly Trade[];
  payouts: readonly Payout[];
  change: (text: string) => string;
  isMade: boolean;
};

/** Announces the bill of a day, or gives it, packed if that was asked for. */
export function billAnswer({ trades, payouts, change, isMade }: Bills, url: URL): Answered & { bytes?: Buffer } {
  const [day, kind, packing] = url.pathname.endsWith("/billdownload/file")
    ? (url.searchParams.get("token") ?? "").split("~")
    : [url.searchParams.get("bill_date") ?? "", url.pathname.split("/").at(-1), url.searchParams.get("tar_type")];
  if (!isMade) return { status: 400, value: { code: "STATEMENT_CREATING", message: "账单生成中" } };
  const made = kind === "fundflowbill" ? fundBillOf(trades, payouts, day ?? "") : billOf(trades, day ?? "");
  if (made === undefined) return { status: 400, value: { code: "NO_STATEMENT_EXIST", message: "账单文件不存在" } };
  const bill = change(made);
  if (url.pathname.endsWith("/billdownload/file"))
    return { status: 200, bytes: packing === "GZIP" ? gzipSync(bill) : Buffer.from(bill) };
  const hash_value = createHash("sha1").update(bill).digest("hex");
  const token = encodeURIComponent(`${day}~${kind}~${packing}`);
  const download_url = `https://api.mch.weixin.qq.com/v3/billdownload/file?token=${token}`;
  return { status: 200, value: { hash_type: "SHA1", hash_value, download_url } };
}
