/**
 * Alipay's payments for merchants in China: a page (`alipay.trade.page.pay`), a page for phones (`wap.pay`), a QR code (`precreate`).
 * [The README](README.md) says what each of Alipay's answers means to us.
 */
import * as z from "zod";
import type {
  Charge,
  CloseOutcome,
  PaymentMethod,
  ProviderProtocol,
  ProviderSettings,
  QueryOutcome,
  Secrets,
} from "../contract.ts";
import { applicationOf, type Credentials } from "./credentials.ts";
import { ask, isOneOf, type Said } from "./gateway.ts";
import { fenOf, momentOf } from "./notation.ts";
import { verifyNotice } from "./notice.ts";
import { refundCalls } from "./refunds.ts";
import { alipayStart } from "./start.ts";
import { alipayStatements } from "./statement.ts";

/** The gateway answers within half a minute, or never worked on the request. */
const inFlightSeconds = 60;

const Trade = z.object({
  out_trade_no: z.string(),
  trade_no: z.string().min(1).max(64),
  trade_status: z.enum(["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_SUCCESS", "TRADE_FINISHED"]),
  // What the buyer was charged for. `buyer_pay_amount` and `receipt_amount` are less where Alipay gave a coupon.
  total_amount: z.unknown(),
  trans_currency: z.string().exactOptional(),
  send_pay_date: z.string().exactOptional(),
  fund_bill_list: z.unknown().optional(),
});
type Trade = z.infer<typeof Trade>;

/** The trade isn't waiting for its buyer, so it can't be closed. */
const NOT_WAITING = new Set([
  "TRADE_STATUS_ERROR",
  "REASON_TRADE_STATUS_INVALID",
  "REASON_ILLEGAL_STATUS",
  "TRADE_HAS_SUCCESS",
  "TRADE_HAS_FINISHED",
  "TRADE_HAS_CLOSE",
]);
const NOT_THERE = new Set(["TRADE_NOT_EXIST"]);

export const alipay: ProviderProtocol<Credentials> = { ...alipayStart, adapter: alipayAdapter };

function alipayAdapter(settings: ProviderSettings, credentials: Secrets<Credentials>): PaymentMethod {
  const application = applicationOf(credentials);
  const call = (method: string, bizContent: object): Promise<Said> =>
    ask(application, settings, method, { bizContent });
  const query = async (charge: Charge): Promise<QueryOutcome> =>
    asked(charge, await call("alipay.trade.query", { out_trade_no: charge.id }));

  return {
    inFlightSeconds,
    ...alipayStart.starter(settings, credentials),
    query,
    close: async (charge) => {
      const said = await call("alipay.trade.close", { out_trade_no: charge.id });
      if (said.kind === "failed" && isOneOf(said.code, NOT_WAITING)) return notWaiting(await query(charge));
      return closed(charge, said);
    },
    ...refundCalls(call),
    statements: alipayStatements(call),
    verify: (rawBody, _headers, now) => verifyNotice(application, rawBody, now),
    // Alipay reads these seven letters, and nothing else counts as taken.
    ack: (taken) => ({ status: taken ? 200 : 500, body: taken ? "success" : "fail", contentType: "text/plain" }),
  };
}

const unknown = (reason: string): { kind: "unknown"; reason: string } => ({ kind: "unknown", reason });

function asked(charge: Charge, said: Said): QueryOutcome {
  // Nobody has opened the page or scanned the code: the trade does not exist before.
  if (said.kind === "failed")
    return isOneOf(said.code, NOT_THERE) ? { kind: "never_heard" } : unknown("refused_question");
  if (said.kind !== "done") return unknown(said.reason);
  const trade = Trade.safeParse(said.body);
  if (!trade.success || trade.data.out_trade_no !== charge.id) return unknown("unreadable_answer");
  switch (trade.data.trade_status) {
    case "WAIT_BUYER_PAY":
      return { kind: "pending" };
    case "TRADE_CLOSED":
      // A trade that was given back as a whole is closed as well. What was ours of it we have never had, if this is asked at all: a
      // payment that we know of as paid is not asked about any more.
      return wasPaid(trade.data) ? { kind: "refused", reason: "given_back_at_alipay" } : { kind: "closed" };
    case "TRADE_SUCCESS":
    case "TRADE_FINISHED":
      return paid(charge, trade.data);
  }
}

function paid(
  charge: Charge,
  { trade_no: providerPaymentId, total_amount, trans_currency, send_pay_date }: Trade,
): QueryOutcome {
  const amount = fenOf(total_amount);
  if (amount === undefined) return unknown("unreadable_answer");
  const at = momentOf(send_pay_date) ?? charge.createdAt;
  return { kind: "paid", received: { providerPaymentId, amount, currency: trans_currency ?? "CNY", at } };
}

/** A trade that somebody has paid has a time of it, and says from what the money came. */
const wasPaid = ({ send_pay_date, fund_bill_list }: Trade): boolean =>
  send_pay_date !== undefined || (Array.isArray(fund_bill_list) && fund_bill_list.length > 0);

const Closed = z.object({ out_trade_no: z.string() });

function closed({ id }: Charge, said: Said): CloseOutcome {
  if (said.kind === "done")
    return Closed.safeParse(said.body).data?.out_trade_no === id ? { kind: "closed" } : unknown("unreadable_answer");
  if (said.kind !== "failed") return unknown(said.reason);
  return isOneOf(said.code, NOT_THERE) ? { kind: "never_heard" } : unknown("not_closed");
}

/** What a question says of a trade that can't be closed. */
function notWaiting(outcome: QueryOutcome): CloseOutcome {
  switch (outcome.kind) {
    case "paid":
    case "closed":
      return { kind: outcome.kind };
    case "refused":
      // It was paid and given back: nobody can pay it any more, and what became of it the question says again.
      return { kind: "paid" };
    case "unknown":
      return outcome;
    default:
      return unknown("not_closed");
  }
}
