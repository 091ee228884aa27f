/**
 * WeChat Pay to test against: a real HTTP server that speaks v3 for one merchant as its documents say, checks our signatures, signs what
 * it says with keys made for tests, and misbehaves on demand. No money moves.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { type Call, type Reply, startParty } from "../../suppliers/party.ts";
import { postUntilTaken } from "../../suppliers/supplier-callbacks.ts";
import { json } from "../../suppliers/supplier-wire.ts";
import { buyersActs, payPages } from "../pay-pages.ts";
import { balanceOn, billAnswer, type Payout } from "./bills.ts";
import { type Answered, type Complaint, complaintsBook } from "./complaints.ts";
import { credentials, theirs } from "./keys.ts";
import { platform } from "./published.ts";
import * as books from "./trades.ts";
import { answer, isSerial, isSigned, type Notice, type NoticeOptions, noticeOf, type WrongSignature } from "./wire.ts";

/** What becomes of the next call. All but `throttled` do the work; what they say of it is another thing. */
export type Fate =
  | { kind: "cut" | "silence" | "system_error" | "throttled" | "web_page" | "changed" }
  | { kind: "signed"; wrong: WrongSignature }
  | { kind: "slow"; ms: number };

const problem = (status: number, code: string): Answered => ({ status, value: { code, message: "如文档所述" } });

export async function startWechatSimulator() {
  const trades = new Map<string, books.Trade>();
  const complaints = complaintsBook();
  const fates: Fate[] = [];
  const calls: Call[] = [];
  let lie: object = {};
  let balance = Number.POSITIVE_INFINITY;
  let refundsBecome: books.RefundStatus = "SUCCESS";
  let isSilent = false;
  /** Which key signs notices: while keys change it is theirs to choose. */
  let noticeSerial = theirs.serial;

  function prepay(type: books.Trade["type"], body: unknown): Answered {
    const asked = books.NewTrade.safeParse(body);
    if (!asked.success || (type === "JSAPI") !== (asked.data.payer !== undefined)) return problem(400, "PARAM_ERROR");
    const { appid, mchid, out_trade_no, payer } = asked.data;
    if (appid !== credentials.appId || mchid !== credentials.mchId) return problem(400, "APPID_MCHID_NOT_MATCH");
    if (payer !== undefined && !payer.openid.startsWith("o")) return problem(400, "PARAM_ERROR");
    const known = trades.get(out_trade_no);
    if (known?.state === "CLOSED") return problem(400, "ORDER_CLOSED");
    if (known !== undefined && known.state !== "NOTPAY") return problem(400, "ORDERPAID");
    if (known !== undefined && (known.type !== type || !isSame(known.asked, asked.data)))
      return problem(403, "OUT_TRADE_NO_USED");
    const trade = known ?? books.newTrade(asked.data, type);
    const number = books.newNumber("");
    const code = type === "JSAPI" ? `wx${number}` : `weixin://wxpay/bizpayurl?pr=${number}`;
    trades.set(out_trade_no, Object.assign(trade, { code }));
    return { status: 200, value: type === "JSAPI" ? { prepay_id: code } : { code_url: code } };
  }

  function refund(body: unknown): Answered {
    const asked = books.NewRefund.safeParse(body);
    if (!asked.success) return problem(400, "PARAM_ERROR");
    const { out_trade_no, out_refund_no, amount } = asked.data;
    const trade = trades.get(out_trade_no);
    if (trade?.success_time === undefined) return problem(404, "RESOURCE_NOT_EXISTS");
    const known = trade.refunds.get(out_refund_no);
    if (known !== undefined)
      return isSame(known.amount, amount)
        ? { status: 200, value: books.shownRefund(known, trade) }
        : problem(400, "INVALID_REQUEST");
    const before = books.refundedOf(trade, "SUCCESS", "PROCESSING", "ABNORMAL");
    if (amount.total !== trade.amount.total || before + amount.refund > amount.total)
      return problem(400, "INVALID_REQUEST");
    if (Date.now() - Date.parse(trade.success_time) > 365 * 86_400_000) return problem(400, "INVALID_REQUEST");
    if (amount.refund > balance) return problem(403, "NOT_ENOUGH");
    const made: books.Refund = {
      ...asked.data,
      refund_id: books.newNumber("50300"),
      status: refundsBecome,
      at: books.beijing(),
    };
    trade.refunds.set(out_refund_no, made);
    trade.state = "REFUND";
    return { status: 200, value: books.shownRefund(made, trade) };
  }

  const payouts: Payout[] = [];
  let change = (text: string): string => text;
  let isMade = true;
  const bills = () => ({ trades: [...trades.values()], payouts, change, isMade });

  function api(call: Call): Answered {
    const { method, url, body } = call;
    if (url.pathname.startsWith("/v3/merchant-service/complaints-v2")) return complaints.answer(call);
    if (/^\/v3\/bill\/(tradebill|fundflowbill)$/.test(url.pathname)) return billAnswer(bills(), url);
    const [, , first, second, third, number = "", what] = url.pathname.split("/");
    const route = `${method} ${first}/${second}/${third}`;
    if (route === "POST pay/transactions/native") return prepay("NATIVE", json(body));
    if (route === "POST pay/transactions/jsapi") return prepay("JSAPI", json(body));
    if (route === "POST refund/domestic/refunds") return refund(json(body));
    if (route === "GET refund/domestic/refunds") {
      const trade = [...trades.values()].find(({ refunds }) => refunds.has(number));
      const found = trade?.refunds.get(number);
      if (trade === undefined || found === undefined) return problem(404, "RESOURCE_NOT_EXISTS");
      return { status: 200, value: { ...books.shownRefund(found, trade), ...lie } };
    }
    const trade = trades.get(number);
    const named = what === "close" ? (json(body) as { mchid?: string }).mchid : url.searchParams.get("mchid");
    if (named !== credentials.mchId) return problem(400, "PARAM_ERROR");
    if (trade === undefined) return problem(404, "ORDER_NOT_EXIST");
    if (method === "GET" && what === undefined) return { status: 200, value: { ...books.shownTrade(trade), ...lie } };
    if (trade.success_time !== undefined) return problem(400, "ORDERPAID");
    if (trade.state === "CLOSED") return problem(400, "ORDER_CLOSED");
    trade.state = "CLOSED";
    return { status: 204 };
  }

  const party = await startParty(async (call): Promise<Reply> => {
    const seen = desk.answer(call);
    if (seen !== undefined) return seen;
    calls.push(call);
    const fate = fates.shift();
    if (fate?.kind === "throttled")
      return { status: 429, body: { code: "FREQUENCY_LIMITED" }, headers: { "retry-after": "7" } };
    // Nobody knows who asks, so nothing is signed.
    if (!isSigned(call)) return { status: 401, body: { code: "SIGN_ERROR", message: "签名错误" } };
    if (call.url.pathname === "/v3/billdownload/file") {
      const { status, bytes = Buffer.alloc(0) } = billAnswer(bills(), call.url);
      // It does not sign files.
      const other = (): Buffer => gzipSync(gunzipSync(bytes).toString().replace("SUCCESS", "REFUND"));
      return { status, bytes: fate?.kind === "changed" ? other() : bytes };
    }
    const { status, value } = api(call);
    const wanted = call.headers["wechatpay-serial"];
    const serial = isSerial(wanted) ? wanted : platform.serial;
    switch (fate?.kind) {
      case "cut":
      case "silence":
        return fate.kind;
      case "system_error":
        return answer(500, { code: "SYSTEM_ERROR", message: "系统异常" }, serial);
      case "web_page":
        return { status: 200, text: "<html>Please log in</html>" };
      case "slow":
        await sleep(fate.ms, undefined, { ref: false });
        return answer(status, value, serial);
      case "changed": {
        const said = answer(status, value, serial) as { status: number; text: string };
        return { ...said, text: said.text.replace("total", "Total") };
      }
      default:
        return answer(status, value, serial, fate?.kind === "signed" ? fate.wrong : undefined);
    }
  });

  const named = (number: string): books.Trade => {
    const trade = trades.get(number);
    if (trade === undefined) throw new Error(`the simulator knows no trade ${number}`);
    return trade;
  };

  /** Tells of something; a notice that is not taken comes again, signed anew. */
  function tell(url: string | undefined, make: () => Notice): void {
    if (url === undefined || isSilent) return;
    party.later(0, async () => {
      await postUntilTaken(url, make, party.stopped);
    });
  }

  const notice = (number: string, options: NoticeOptions & { lie?: object } = {}): Notice =>
    noticeOf(
      { type: "TRANSACTION.SUCCESS", about: "transaction", summary: "支付成功" },
      {
        ...(trades.has(number) ? books.shownTrade(named(number)) : { mchid: credentials.mchId, out_trade_no: number }),
        ...options.lie,
      },
      { serial: noticeSerial, ...options },
    );

  function pay(trade: books.Trade, payerTotal?: number): true {
    trade.state = "SUCCESS";
    trade.success_time = books.beijing();
    if (payerTotal !== undefined) trade.payer_total = payerTotal;
    const id = crypto.randomUUID();
    tell(trade.notify_url, () => notice(trade.out_trade_no, { id }));
    return true;
  }

  function refundNotice(number: string, options: NoticeOptions = {}): Notice {
    const trade = [...trades.values()].find(({ refunds }) => refunds.has(number));
    const found = trade?.refunds.get(number);
    if (trade === undefined || found === undefined) throw new Error(`the simulator knows no refund ${number}`);
    const { status: refund_status, out_trade_no, out_refund_no, refund_id, amount } = found;
    const inside = { mchid: credentials.mchId, out_trade_no, out_refund_no, refund_id, refund_status, amount };
    const event = { type: `REFUND.${refund_status}`, about: "refund", summary: "退款" };
    return noticeOf(event, inside, { serial: noticeSerial, ...options });
  }

  const complaintNotice = (id: string, options: NoticeOptions = {}): Notice =>
    noticeOf(
      { type: "COMPLAINT.CREATE", about: "complaint", summary: "产生新投诉" },
      { complaint_id: id, action_type: "CREATE_COMPLAINT" },
      { serial: noticeSerial, ...options },
    );
  const simulator = {
    ...party,
    credentials,
    calls: () => calls,
    /** What becomes of the calls that come next, one after the other. */
    next: (...them: Fate[]) => void fates.push(...them),
    /** What questions are answered with from now on, whatever is true. */
    lie: (about: object) => {
      lie = about;
    },
    knows: (number: string) => trades.has(number),
    stateOf: (number: string) => trades.get(number)?.state,
    trade: (number: string): Readonly<books.Trade> => named(number),
    /** A buyer pays. False: it can't be paid any more. */
    pay: (number: string, payerTotal?: number) => {
      const trade = named(number);
      return trade.state === "NOTPAY" && Date.now() <= trade.endsAt && pay(trade, payerTotal);
    },
    /** A buyer pays although it was closed: their clocks differ, or their word is late. */
    payAllTheSame: (number: string) => pay(named(number)),
    /** It sends money to the merchant's bank. */
    payOut: (amount: number) => payouts.push({ at: books.beijing(), amount }),
    /** What it has for the merchant at the end of today. */
    balance: () => balanceOn(trades.values(), payouts, books.beijing().slice(0, 10)),
    /** What its bills say from now on, whatever is true; and whether they are made. */
    setBills: (to: { change?: (text: string) => string; isMade?: boolean }) => {
      change = to.change ?? ((text) => text);
      isMade = to.isMade ?? true;
    },
    refunds: (number: string) => [...(trades.get(number)?.refunds.values() ?? [])],
    /** What the merchant has of a trade: what was paid, less what went back. */
    holdsOf: (number: string) => {
      const trade = trades.get(number);
      if (trade?.success_time === undefined) return 0;
      return trade.amount.total - books.refundedOf(trade, "SUCCESS");
    },
    setBalance: (fen: number) => {
      balance = fen;
    },
    setRefunds: (status: books.RefundStatus) => {
      refundsBecome = status;
    },
    endRefund: (number: string, status: books.RefundStatus) => {
      for (const { refunds } of trades.values()) {
        const found = refunds.get(number);
        if (found === undefined) continue;
        found.status = status;
        const id = crypto.randomUUID();
        tell(found.notify_url, () => refundNotice(number, { id }));
      }
    },
    /** From now on it tells nobody. */
    setSilent: (silent: boolean) => {
      isSilent = silent;
    },
    signNoticesWith: (serial: string) => {
      noticeSerial = serial;
    },
    /** A payer complains of a trade; `complaintNotice` says so. */
    complain: (number: string, more?: Partial<Complaint>) =>
      complaints.file({ out_trade_no: number, amount: trades.get(number)?.amount.total ?? 1 }, more),
    complaint: complaints.complaint,
    complaintNotice,
    /** A signed notice, as it would send it. */
    notice,
    refundNotice,
  };
  const desk = payPages({
    provider: "WeChat Pay",
    payments: () => [...trades.values()].map(books.shownToBuyer),
    acts: {
      ...buyersActs({ pay: (number) => simulator.pay(number), payLate: simulator.payAllTheSame }),
      complain: {
        label: "Complain",
        when: ({ state }) => state === "paid",
        does: (number) => {
          const { id } = simulator.complain(number);
          tell(named(number).notify_url, () => complaintNotice(id));
          return "The shop was told, and has 24 hours to answer.";
        },
      },
    },
  });
  return simulator;
}

const isSame = (one: object, other: object): boolean => JSON.stringify(one) === JSON.stringify(other);
