/**
 * Alipay to test against, and for the local stack: a real HTTP server that speaks the gateway's documented wire, with keys of its own,
 * and misbehaves on command. No money moves. A buyer opens a page's address or a QR code's by `GET`, and pays by `POST` to the same.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type Call, type Reply, startParty } from "../../suppliers/party.ts";
import { buyersActs, payPages } from "../pay-pages.ts";
import { accountBill, balanceOn, type Payout, tradeBill } from "./bills.ts";
import {
  accepted,
  begin,
  close,
  digits,
  noticeFields,
  pay,
  query,
  queryRefund,
  refund,
  refundedOf,
  type Said,
  shownToBuyer,
  type Trade,
} from "./trades.ts";
import {
  answer,
  chinaTime,
  errorAnswer,
  fen,
  isMerchants,
  json,
  newKeys,
  notice,
  post,
  privateText,
  publicText,
} from "./wire.ts";

/**
 * What it does with the next call of a method. `lost`: works, and breaks the connection · `system_error_after`: works, and says that it
 * failed · `forged`, `unsigned`: works, and its answer has another's signature, or none · `later`: says that it will give a refund, and
 * has moved nothing yet · a sub code: does nothing, and says so.
 */
type Mischief =
  | { kind: "lost" | "system_error_after" | "forged" | "unsigned" | "later" | "throttled" | "down" | "silence" }
  | { kind: "sub_code"; code: string }
  | { kind: "slow"; ms: number };

const PAGES: Record<string, string> = {
  "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
  "alipay.trade.wap.pay": "QUICK_WAP_WAY",
};
/** Waits before each delivery of a notice. The real one waits 4 m, 10 m, 10 m, 1 h, 2 h, 6 h and 15 h. */
const NOTICE_WAITS_MS = [0, 50, 200, 1000];

export type AlipaySimulator = Awaited<ReturnType<typeof startAlipaySimulator>>;

export async function startAlipaySimulator() {
  const [merchant, alipay, stranger] = [newKeys(), newKeys(), newKeys()];
  const [appId, sellerId] = [`2021${digits(12)}`, `2088${digits(12)}`];
  const trades = new Map<string, Trade>();
  const codes = new Map<string, Trade>();
  const mischief = new Map<string, Mischief[]>();
  const bills = new Map<string, Buffer>();
  const payouts: Payout[] = [];
  let change = (text: string): string => text;
  let isMade = true;
  const calls: string[] = [];
  const acks: string[] = [];
  let isSilent = false;

  const told = (trade: Trade, fields: Record<string, string> = {}): string =>
    notice({ ...noticeFields(trade, { appId, sellerId }), ...fields }, alipay);

  /** Posts a notice until the answer is exactly `success`. */
  function tell(trade: Trade): void {
    const { notifyUrl } = trade;
    if (notifyUrl === undefined || isSilent) return;
    const body = told(trade);
    party.later(0, async () => {
      for (const ms of NOTICE_WAITS_MS) {
        await sleep(ms, undefined, { ref: false, signal: party.stopped });
        const said = await post(notifyUrl, body, party.stopped);
        acks.push(said);
        if (said === "success") return;
      }
    });
  }

  function asked(parameters: Record<string, string>, given: Record<string, unknown>): Trade | "different" {
    const { notify_url, return_url } = parameters;
    const outTradeNo = String(given["out_trade_no"]);
    const made: Trade = {
      outTradeNo,
      fen: fen(given["total_amount"]),
      subject: String(given["subject"]),
      ...(notify_url === undefined ? {} : { notifyUrl: notify_url }),
      ...(return_url === undefined ? {} : { returnUrl: return_url }),
      ...(typeof given["time_expire"] === "string" ? { timeExpire: given["time_expire"] } : {}),
      refunds: [],
    };
    const known = trades.get(outTradeNo);
    if (known !== undefined) return known.fen === made.fen ? known : "different";
    trades.set(outTradeNo, made);
    return made;
  }

  function precreate(parameters: Record<string, string>, given: Record<string, unknown>): Said {
    if (fen(given["total_amount"]) === AMOUNTS.refused) return { sub: "ACQ.TOTAL_FEE_EXCEED" };
    const trade = asked(parameters, given);
    if (trade === "different") return { sub: "ACQ.CONTEXT_INCONSISTENT" };
    if (trade.status === "TRADE_SUCCESS") return { sub: "ACQ.TRADE_HAS_SUCCESS" };
    if (trade.status === "TRADE_CLOSED") return { sub: "ACQ.TRADE_HAS_CLOSE" };
    const code = `${party.url}/bax/${digits(16)}`;
    codes.set(code, trade);
    return { body: { out_trade_no: trade.outTradeNo, qr_code: code } };
  }

  function billNamed(name: string): Buffer | undefined {
    const [, kind, day = ""] = /^(trade|signcustomer)-(.*)$/.exec(name) ?? [];
    if (kind === undefined || !isMade) return undefined;
    const all = [...trades.values()];
    const set = bills.get(name);
    if (set !== undefined) return set;
    return kind === "trade" ? tradeBill(all, day, change) : accountBill(all, payouts, day, change);
  }

  function work(method: string, parameters: Record<string, string>): Said | undefined {
    const given = JSON.parse(parameters["biz_content"] ?? "{}") as Record<string, unknown>;
    const trade = trades.get(String(given["out_trade_no"]));
    switch (method) {
      case "alipay.trade.precreate":
        return precreate(parameters, given);
      case "alipay.trade.query":
        return query(trade);
      case "alipay.trade.close":
        return close(trade);
      case "alipay.trade.refund": {
        const before = trade === undefined ? 0 : refundedOf(trade);
        const said = refund(trade, given);
        if (trade !== undefined && refundedOf(trade) !== before) tell(trade);
        return said;
      }
      case "alipay.trade.fastpay.refund.query":
        return queryRefund(trade, given);
      case "alipay.data.dataservice.bill.downloadurl.query": {
        const name = `${String(given["bill_type"])}-${String(given["bill_date"])}`;
        if (billNamed(name) === undefined) return { sub: "isp.bill_not_exist" };
        return { body: { bill_download_url: `${party.url}/bills/${name}.csv.zip` } };
      }
      default:
        return undefined;
    }
  }

  /** The payPages's page. A browser brings the buyer here with the signed address. */
  function page(call: Call, method: string, parameters: Record<string, string>): Reply {
    const given = JSON.parse(parameters["biz_content"] ?? "{}") as Record<string, unknown>;
    if (given["product_code"] !== PAGES[method]) return { status: 400, text: "isv.invalid-parameter" };
    const trade = asked(parameters, given);
    if (trade === "different") return { status: 400, text: "ACQ.CONTEXT_INCONSISTENT" };
    return buyer(call, trade);
  }

  function buyer({ method }: Call, trade: Trade | undefined): Reply {
    if (trade === undefined) return { status: 404, text: "There is no such code." };
    if (method !== "POST") return begin(trade) ? desk.page(trade.outTradeNo) : { status: 410, text: "closed" };
    if (!pay(trade)) return { status: 410, text: "closed" };
    tell(trade);
    return trade.returnUrl === undefined
      ? { status: 200, text: "paid" }
      : { status: 303, text: "paid", headers: { location: trade.returnUrl } };
  }

  async function gateway(call: Call): Promise<Reply> {
    const isForm = call.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
    const parameters: Record<string, string> = {
      ...Object.fromEntries(call.url.searchParams),
      ...(isForm === true ? Object.fromEntries(new URLSearchParams(call.body)) : {}),
    };
    const { method = "", app_id, charset, timestamp = "" } = parameters;
    calls.push(method);
    const refused = (code: string, subCode: string): Reply => json(errorAnswer(code, subCode));
    if (app_id !== appId) return refused("40002", "isv.invalid-app-id");
    if (charset?.toLowerCase() !== "utf-8") return refused("40002", "isv.invalid-charset");
    if (!/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(timestamp)) return refused("40002", "isv.invalid-timestamp");
    if (!isMerchants(parameters, merchant)) return refused("40002", "isv.invalid-signature");
    if (method in PAGES) return page(call, method, parameters);
    const act = mischief.get(method)?.shift();
    if (act?.kind === "silence") return "silence";
    if (act?.kind === "down") return { status: 503, text: "<html>busy</html>" };
    if (act?.kind === "throttled") return refused("40005", "isv.app-call-limited");
    if (act?.kind === "slow") await sleep(act.ms, undefined, { ref: false, signal: party.stopped });
    if (act?.kind === "sub_code") return json(answer(method, failed(act.code), alipay));
    const said = act?.kind === "later" ? accepted(parameters) : work(method, parameters);
    if (said === undefined) return refused("40002", "isv.invalid-method");
    if (act?.kind === "lost") return "cut";
    if (act?.kind === "system_error_after") return json(answer(method, failed("ACQ.SYSTEM_ERROR"), alipay));
    const body = "sub" in said ? failed(said.sub) : { code: "10000", msg: "Success", ...said.body };
    if (act?.kind === "unsigned") return json(JSON.stringify({ [`${method.replaceAll(".", "_")}_response`]: body }));
    return json(answer(method, body, act?.kind === "forged" ? stranger : alipay));
  }

  const party = await startParty((call) => {
    const { pathname } = call.url;
    const bill = billNamed(pathname.replace(/^\/bills\/(.*)\.csv\.zip$/, "$1"));
    if (bill !== undefined) return { status: 200, bytes: bill };
    if (pathname === "/gateway.do") return gateway(call);
    return desk.answer(call) ?? buyer(call, codes.get(`${party.url}${pathname}`));
  });

  const named = (outTradeNo: string): Trade => {
    const trade = trades.get(outTradeNo);
    if (trade === undefined) throw new Error(`the simulator knows no trade ${outTradeNo}`);
    return trade;
  };

  const simulator = {
    ...party,
    credentials: {
      appId,
      sellerId,
      privateKey: privateText(merchant),
      alipayPublicKey: publicText(alipay),
    },
    keys: { merchant, alipay, stranger },
    /** The methods that were called, and what was answered to notices. */
    calls: () => calls,
    acks: () => acks,
    trade: named,
    knows: (outTradeNo: string) => trades.has(outTradeNo),
    /** Alipay hears of a trade without any buyer: the twin of a buyer who has opened a signed page. */
    open: (outTradeNo: string, total: number) => {
      const trade = trades.get(outTradeNo) ?? { outTradeNo, fen: total, subject: "", refunds: [] };
      trades.set(outTradeNo, trade);
      return begin(trade);
    },
    /** A buyer pays. False: nobody can any more. `total`: another amount than was asked for. */
    pay: (outTradeNo: string, total?: number) => {
      const isPaid = pay(named(outTradeNo), total);
      if (isPaid) tell(named(outTradeNo));
      return isPaid;
    },
    /** A buyer pays although it was closed or its time was over: clocks differ, or the word is late. */
    payAllTheSame: (outTradeNo: string) => {
      const trade = named(outTradeNo);
      delete trade.timeExpire;
      if (trade.status === "TRADE_CLOSED") trade.status = "WAIT_BUYER_PAY";
      const isPaid = pay(trade);
      if (isPaid) tell(trade);
      return isPaid;
    },
    /** Its time is over now. */
    expire: (outTradeNo: string) => Object.assign(named(outTradeNo), { timeExpire: "2020-01-01 00:00:00" }),
    /** The time for refunds is over. */
    finish: (outTradeNo: string) => Object.assign(named(outTradeNo), { status: "TRADE_FINISHED" }),
    /** The merchant gives money back by hand, in Alipay's own console. */
    refundByHand: (outTradeNo: string, amount: number) => {
      refund(named(outTradeNo), { refund_amount: (amount / 100).toFixed(2), out_request_no: `hand${digits(12)}` });
      tell(named(outTradeNo));
    },
    refunds: (outTradeNo: string) => trades.get(outTradeNo)?.refunds ?? [],
    /** What it has for us of a trade: what was paid, less what went back. */
    holdsOf: (outTradeNo: string) => {
      const trade = trades.get(outTradeNo);
      return trade?.paidAt === undefined ? 0 : trade.fen - refundedOf(trade);
    },
    /** The bill of trades of a day is this one, whatever is true. */
    setBill: (day: string, packed: Buffer) => bills.set(`trade-${day}`, packed),
    /** What its bills say from now on, whatever is true; and whether they are made. */
    setBills: (to: { change?: (text: string) => string; isMade?: boolean }) => {
      change = to.change ?? ((text) => text);
      isMade = to.isMade ?? true;
    },
    /** It sends money to the merchant's bank. */
    payOut: (fen: number) => payouts.push({ at: chinaTime(), fen }),
    /** What it has for the merchant at the end of today. */
    balance: () => balanceOn([...trades.values()], payouts, chinaTime().slice(0, 10)),
    misbehave: (method: string, ...how: Mischief[]) => mischief.set(method, [...(mischief.get(method) ?? []), ...how]),
    /** From now on it tells nobody. */
    setSilent: (silent: boolean) => {
      isSilent = silent;
    },
    /** A signed notice about a trade as it would send it now, or with other fields. */
    notice: (outTradeNo: string, fields?: Record<string, string>) => told(named(outTradeNo), fields),
    tell: (outTradeNo: string) => tell(named(outTradeNo)),
  };
  const desk = payPages({
    provider: "Alipay",
    payments: () => [...trades.values()].map(shownToBuyer),
    acts: buyersActs({ pay: (reference) => simulator.pay(reference), payLate: simulator.payAllTheSame }),
  });
  return simulator;
}

/** Amounts that behave. With every other one all goes well. */
export const AMOUNTS = { refused: 1404 };

const failed = (sub: string): object => ({ code: "40004", msg: "Business Failed", sub_code: sub, sub_msg: "业务失败" });
