import * as z from "zod";
import type { Charge, Refund, RefundOutcome, RefundQueryOutcome } from "../contract.ts";
import { BALANCE_TOO_LOW } from "../waiting-refund.ts";
import { exchange, type Line } from "./exchange.ts";
import { utc } from "./times.ts";
import { isUnknownThere, reasonIn, unread } from "./trades.ts";
import { Fen, Time } from "./wire.ts";

const refundSchema = z.object({
  refund_id: z.string().min(1).max(32),
  out_refund_no: z.string(),
  out_trade_no: z.string(),
  status: z.enum(["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL"]),
  success_time: Time.exactOptional(),
  create_time: Time,
  amount: z.object({ refund: Fen, currency: z.string() }),
});

const REFUNDS = "/v3/refund/domestic/refunds";

/** Reasons for which the same refund can go through later: the merchant has too little money there, or asks too often. */
const LATER = new Set(["not_enough", "rule_limit", "frequency_limited", "no_auth", "mch_not_exists"]);
/** What this provider calls it when the merchant has too little money there. */
const TOO_LITTLE = "not_enough";

/** Gives a part of a trade back. The number is the refund's id: asked for again unchanged, it is the same refund. */
export async function refund(line: Line, charge: Charge, wanted: Refund): Promise<RefundOutcome> {
  const { notificationUrl } = line.settings;
  const { amount: total, currency } = charge.amount;
  const body = {
    out_trade_no: charge.id,
    out_refund_no: wanted.id,
    ...(notificationUrl === undefined ? {} : { notify_url: notificationUrl }),
    amount: { refund: wanted.amount, total, currency },
  };
  const answer = await exchange(line, { method: "POST", path: REFUNDS, body });
  if (answer.kind !== "answered") return answer;
  if (answer.status === 200) return stateOf(answer, charge, wanted);
  const reason = reasonIn(answer.value);
  if (reason === undefined) return unread(answer);
  if (LATER.has(reason)) return { kind: "not_sent", reason: reason === TOO_LITTLE ? BALANCE_TOO_LOW : reason };
  // It happens that they don't find a trade which was paid minutes ago, and find it when they are asked again.
  if (isUnknownThere(answer)) return { kind: "unknown", reason };
  // An earlier request for this refund may have got through. Only what WeChat Pay does not know is refused.
  const asked = await queryRefund(line, charge, wanted);
  return asked.kind === "never_heard" ? { kind: "refused", reason } : asked;
}

/** Asks what became of a refund. */
export async function queryRefund(line: Line, charge: Charge, wanted: Refund): Promise<RefundQueryOutcome> {
  const answer = await exchange(line, { method: "GET", path: `${REFUNDS}/${encodeURIComponent(wanted.id)}` });
  if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
  if (isUnknownThere(answer)) return { kind: "never_heard" };
  return answer.status === 200 ? stateOf(answer, charge, wanted) : unread(answer);
}

type Answered = Parameters<typeof unread>[0];

function stateOf(
  answer: Answered,
  charge: Charge,
  wanted: Refund,
): Exclude<RefundQueryOutcome, { kind: "never_heard" }> {
  const read = refundSchema.safeParse(answer.value);
  if (!read.success) return unread(answer);
  const { refund_id: providerRefundId, out_refund_no, out_trade_no, status, amount } = read.data;
  const isOurs = out_refund_no === wanted.id && out_trade_no === charge.id;
  if (!isOurs || amount.refund !== wanted.amount || amount.currency !== charge.amount.currency)
    return { kind: "unknown", reason: "other_refund" };
  switch (status) {
    case "SUCCESS":
      return { kind: "refunded", providerRefundId, at: utc(read.data.success_time ?? read.data.create_time) };
    case "PROCESSING":
      return { kind: "pending" };
    case "CLOSED":
      return { kind: "refused", reason: "refund_closed" };
    // The payer's card is closed or frozen. A person has to say where the money is to go.
    case "ABNORMAL":
      return { kind: "refused", reason: "payer_account_unusable" };
  }
}
