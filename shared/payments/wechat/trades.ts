import type { Charge, QueryOutcome } from "../contract.ts";
import { type Answer, exchange, type Line } from "./exchange.ts";
import { utc } from "./times.ts";
import { problemSchema, type Trade, tradeSchema } from "./wire.ts";

type Answered = Extract<Answer, { kind: "answered" }>;
type Unknown = { kind: "unknown"; reason: string };
/** What WeChat Pay says of a trade. Nothing there stands by itself. */
export type Looked = Exclude<QueryOutcome, { kind: "stands" | "refused" }>;

/** Asks what became of a trade. It is ours only if its number, its merchant and its app are. */
export async function look(line: Line, charge: Charge): Promise<Looked> {
  const { mchId } = line.merchant;
  const path = `/v3/pay/transactions/out-trade-no/${encodeURIComponent(charge.id)}?mchid=${mchId}`;
  const answer = await exchange(line, { method: "GET", path });
  if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
  if (isUnknownThere(answer)) return { kind: "never_heard" };
  const trade = tradeSchema.safeParse(answer.value);
  if (answer.status !== 200 || !trade.success) return unread(answer);
  const { out_trade_no, mchid } = trade.data;
  if (out_trade_no !== charge.id || mchid !== mchId) return { kind: "unknown", reason: "other_trade" };
  return stateOf(trade.data, line.merchant.appId);
}

function stateOf({ trade_state, ...trade }: Trade, appId: string): Looked {
  switch (trade_state) {
    case "SUCCESS":
    // It was paid, and some of it has gone back since.
    case "REFUND":
      return received(trade, appId);
    case "CLOSED":
    case "REVOKED":
      return { kind: "closed" };
    case "NOTPAY":
    case "USERPAYING":
    case "ACCEPT":
    // The payer may try again until it is closed.
    case "PAYERROR":
      return { kind: "pending" };
  }
}

function received(trade: Omit<Trade, "trade_state">, appId: string): Looked {
  const { transaction_id: providerPaymentId, success_time, amount, appid } = trade;
  if (providerPaymentId === undefined || success_time === undefined || amount === undefined)
    return { kind: "unknown", reason: "unreadable_answer" };
  if (appid !== appId) return { kind: "unknown", reason: "other_app" };
  const { total, currency = "CNY" } = amount;
  return { kind: "paid", received: { providerPaymentId, amount: total, currency, at: utc(success_time) } };
}

/** An answer that is signed, and says nothing that we can use here. */
export const unread = ({ status, value }: Answered): Unknown => ({
  kind: "unknown",
  reason: reasonIn(value) ?? (status === 200 ? "unreadable_answer" : `http_${status}`),
});

/** Gives their error code as a word of ours. Undefined: it is no error in their form. */
export function reasonIn(value: unknown): string | undefined {
  const problem = problemSchema.safeParse(value);
  return problem.success ? problem.data.code.toLowerCase() : undefined;
}

const NOT_THERE = ["order_not_exist", "ordernotexist", "resource_not_exists"];

/** A 404 counts only in their own form, and not if it is the merchant whom they don't know. */
export function isUnknownThere({ status, value }: Answered): boolean {
  const reason = reasonIn(value);
  return status === 404 && reason !== undefined && NOT_THERE.includes(reason);
}
