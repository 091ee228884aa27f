import * as z from "zod";
import { systemClock } from "../../kernel/clock.ts";
import type { Charge, PaymentMethod, Refund, RefundOutcome, RefundQueryOutcome } from "../contract.ts";
import { BALANCE_TOO_LOW } from "../waiting-refund.ts";
import { isOneOf, reasonFor, type Said } from "./gateway.ts";
import { fenOf, momentOf, yuanOf } from "./notation.ts";

type Call = (method: string, bizContent: object) => Promise<Said>;

const Refunded = z.object({
  out_trade_no: z.string(),
  fund_change: z.string().exactOptional(),
  gmt_refund_pay: z.string().exactOptional(),
});

const Known = z.object({
  out_trade_no: z.string().exactOptional(),
  out_request_no: z.string().exactOptional(),
  refund_amount: z.unknown().optional(),
  refund_status: z.string().exactOptional(),
  gmt_refund_pay: z.string().exactOptional(),
});

const NOT_THERE = new Set(["TRADE_NOT_EXIST"]);

/**
 * Money in our account, or the end of an inquiry, makes these work: we try again by ourselves. A refund that is still not given after a
 * day is refused, so that a person hears of it.
 */
const PASSES = new Set(["SELLER_BALANCE_NOT_ENOUGH", "REASON_TRADE_BEEN_FREEZEN", "REFUND_ACCOUNT_BALANCE_NOT_ENOUGH"]);
const PATIENCE_MS = 24 * 3600 * 1000;

const REASONS = {
  TRADE_NOT_EXIST: "unknown_payment",
  TRADE_HAS_FINISHED: "refund_window_over",
  TRADE_NOT_ALLOW_REFUND: "refund_not_allowed",
  NOT_ALLOW_PARTIAL_REFUND: "refund_not_allowed",
  TRADE_STATUS_ERROR: "not_refundable",
  TRADE_HAS_CLOSE: "not_refundable",
  REFUND_AMT_NOT_EQUAL_TOTAL: "more_than_paid",
  REASON_TRADE_REFUND_FEE_ERR: "more_than_paid",
  REFUND_FEE_ERROR: "more_than_paid",
  DISCORDANT_REPEAT_REQUEST: "reference_reused",
  SELLER_BALANCE_NOT_ENOUGH: BALANCE_TOO_LOW,
  REFUND_ACCOUNT_BALANCE_NOT_ENOUGH: BALANCE_TOO_LOW,
  REASON_TRADE_BEEN_FREEZEN: "payment_frozen",
  BUYER_ERROR: "payer_unknown",
  BUYER_NOT_EXIST: "payer_unknown",
  INVALID_PARAMETER: "invalid_request",
};

/** Makes the calls that give money back. Alipay knows a refund by our name for it, and repeats under one name give it back once. */
export function refundCalls(call: Call): Pick<PaymentMethod, "refund" | "queryRefund"> {
  const queryRefund = async ({ id }: Charge, refund: Refund): Promise<RefundQueryOutcome> => {
    const named = { out_trade_no: id, out_request_no: refund.id, query_options: ["gmt_refund_pay"] };
    return known(id, await call("alipay.trade.fastpay.refund.query", named), refund);
  };

  return {
    queryRefund,
    async refund(charge, refund) {
      const refund_amount = yuanOf(refund.amount);
      if (refund_amount === undefined) return { kind: "refused", reason: "amount_not_allowed" };
      const named = { out_trade_no: charge.id, out_request_no: refund.id, refund_amount };
      const said = await call("alipay.trade.refund", named);
      if (said.kind !== "failed" && said.kind !== "done") return said;
      const outcome = said.kind === "done" ? given(charge, said.body, refund) : notGiven(said.code, refund);
      if (outcome.kind === "refunded") return outcome;
      // An earlier call whose answer was lost may have done it: then this one moves nothing, or is even refused.
      const before = await queryRefund(charge, refund);
      return before.kind === "refunded" || before.kind === "unknown" ? before : outcome;
    },
  };
}

/** `fund_change` says whether this very call moved money. Without it, a question has to say what became of the refund. */
function given({ id }: Charge, body: unknown, refund: Refund): RefundOutcome {
  const read = Refunded.safeParse(body);
  if (read.data?.out_trade_no !== id) return { kind: "unknown", reason: "unreadable_answer" };
  const { fund_change, gmt_refund_pay } = read.data;
  return fund_change === "Y" ? refunded(refund, gmt_refund_pay) : { kind: "pending" };
}

function notGiven(code: string, refund: Refund): RefundOutcome {
  const reason = reasonFor(code, REASONS);
  const isYoung = systemClock().getTime() - Date.parse(refund.requestedAt) < PATIENCE_MS;
  return isOneOf(code, PASSES) && isYoung ? { kind: "not_sent", reason } : { kind: "refused", reason };
}

function known(id: string, said: Said, refund: Refund): RefundQueryOutcome {
  if (said.kind === "failed")
    return isOneOf(said.code, NOT_THERE) ? { kind: "never_heard" } : { kind: "unknown", reason: "refused_question" };
  if (said.kind !== "done") return { kind: "unknown", reason: said.reason };
  const read = Known.safeParse(said.body);
  if (!read.success) return { kind: "unknown", reason: "unreadable_answer" };
  const { out_trade_no, out_request_no, refund_amount, refund_status, gmt_refund_pay } = read.data;
  // It answers like this for a refund that it does not know, that failed, and that it still works on. All three are safe to ask for again.
  if (refund_status === undefined) return { kind: "never_heard" };
  if (out_trade_no !== id || out_request_no !== refund.id || refund_status !== "REFUND_SUCCESS")
    return { kind: "unknown", reason: "unreadable_answer" };
  // Another amount went back by our name than we have written down: a person has to see to it.
  if (fenOf(refund_amount) !== refund.amount) return { kind: "refused", reason: "reference_reused" };
  return refunded(refund, gmt_refund_pay);
}

/** Alipay has no name of its own for a refund. Its time is asked for; where it is absent, it is when we decided. */
const refunded = (refund: Refund, time: unknown): Extract<RefundOutcome, { kind: "refunded" }> => ({
  kind: "refunded",
  providerRefundId: refund.id,
  at: momentOf(time) ?? refund.requestedAt,
});
