/** Complaints of payers at WeChat Pay ("consumer complaints 2.0"): what they say, and our answers. No money moves by them. */
import * as z from "zod";
import { after, dayAfter, systemClock } from "../../kernel/clock.ts";
import type { AnswerOutcome, DisputeDesk, DisputeNews, DisputeOutcome, DisputeReason } from "../dispute-contract.ts";
import { exchange, type Line } from "./exchange.ts";
import { beijing, utc } from "./times.ts";
import { isUnknownThere, reasonIn, unread } from "./trades.ts";
import { Fen, PAYMENT_ID, Time } from "./wire.ts";

// `payer_phone` is not named on purpose: it is sealed for us, and nothing here needs it.
const complaintSchema = z.object({
  complaint_id: z.string(),
  complaint_time: Time,
  complaint_detail: z.string().max(10_000),
  complaint_state: z.enum(["PENDING", "PROCESSING", "PROCESSED"]),
  complaint_order_info: z.array(z.object({ out_trade_no: z.string(), amount: Fen })).default([]),
  problem_type: z.string().exactOptional(),
  apply_refund_amount: Fen.exactOptional(),
});

const complaintsSchema = z.object({
  data: z.array(z.object({ complaint_id: z.string() })).default([]),
  total_count: z.int().min(0),
});

const COMPLAINTS = "/v3/merchant-service/complaints-v2";
const pathOf = (id: string, what = ""): string => `${COMPLAINTS}/${encodeURIComponent(id)}${what}`;

/** What WeChat Pay asks of merchants: a first reply within a day, and an end within three. */
const REPLY_SECONDS = 24 * 3600;
const COMPLETE_SECONDS = 72 * 3600;

const STATES = { PENDING: "complained", PROCESSING: "replied", PROCESSED: "completed" } as const;
const REASONS: Readonly<Record<string, DisputeReason>> = {
  REFUND: "refund_expected",
  SERVICE_NOT_WORK: "not_received",
};

const PAGE = 50;
/** Days that one question may span. */
const LONGEST_SPAN_DAYS = 30;

export function complaintsDesk(line: Line): DisputeDesk {
  const query = async (id: string): Promise<DisputeOutcome> => {
    const answer = await exchange(line, { method: "GET", path: pathOf(id) });
    if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
    if (isUnknownThere(answer)) return { kind: "never_heard" };
    const read = complaintSchema.safeParse(answer.value);
    if (answer.status !== 200 || !read.success || read.data.complaint_id !== id) return unread(answer);
    return { kind: "dispute", news: newsOf(read.data) };
  };

  return {
    query,

    async list(since, cursor) {
      const [begin = "", offset = "0"] = (cursor ?? `${beijing(since).slice(0, 10)}/0`).split("/");
      const today = beijing(systemClock().toISOString()).slice(0, 10);
      const last = dayAfter(begin, LONGEST_SPAN_DAYS - 1);
      const end = last < today ? last : today;
      const asked = new URLSearchParams({
        limit: String(PAGE),
        offset,
        begin_date: begin,
        end_date: end,
        complainted_mchid: line.merchant.mchId,
      });
      const answer = await exchange(line, { method: "GET", path: `${COMPLAINTS}?${asked.toString()}` });
      if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
      const read = complaintsSchema.safeParse(answer.value);
      if (answer.status !== 200 || !read.success) return unread(answer);
      const ids = read.data.data.map(({ complaint_id }) => complaint_id);
      const seen = Number(offset) + ids.length;
      const isEndOfSpan = ids.length === 0 || seen >= read.data.total_count;
      if (!isEndOfSpan) return { kind: "page", ids, next: `${begin}/${seen}` };
      return { kind: "page", ids, ...(end < today ? { next: `${dayAfter(end)}/0` } : {}) };
    },

    /** Each reply stands by itself: made twice, the payer reads it twice. */
    async reply(id, text) {
      const body = { complainted_mchid: line.merchant.mchId, response_content: text };
      const answer = await exchange(line, { method: "POST", path: pathOf(id, "/response"), body, onceOnly: true });
      if (answer.kind !== "answered") return answer;
      return answer.status === 204 ? { kind: "taken" } : refusalIn(answer);
    },

    async complete(id) {
      const body = { complainted_mchid: line.merchant.mchId };
      const answer = await exchange(line, { method: "POST", path: pathOf(id, "/complete"), body });
      if (answer.kind !== "answered") return answer;
      if (answer.status === 204) return { kind: "taken" };
      // It may have been completed before.
      const asked = await query(id);
      if (asked.kind === "dispute" && asked.news.state === "completed") return { kind: "taken" };
      return asked.kind === "unknown" ? asked : refusalIn(answer);
    },
  };
}

function newsOf(said: ReturnType<typeof complaintSchema.parse>): DisputeNews {
  const { complaint_state, complaint_time, complaint_order_info, problem_type = "", complaint_detail: words } = said;
  const ours = complaint_order_info.find(({ out_trade_no }) => PAYMENT_ID.test(out_trade_no));
  const openedAt = utc(complaint_time);
  const isAnswered = complaint_state !== "PENDING";
  const amount = said.apply_refund_amount ?? ours?.amount ?? 0;
  const begun = new Date(openedAt);
  return {
    state: STATES[complaint_state],
    ...(ours === undefined ? {} : { paymentId: ours.out_trade_no }),
    amount: { amount, currency: "CNY" },
    reason: REASONS[problem_type] ?? "other",
    openedAt,
    ...(isAnswered ? {} : { answerBy: after(begun, REPLY_SECONDS) }),
    ...(complaint_state === "PROCESSED" ? {} : { completeBy: after(begun, COMPLETE_SECONDS) }),
    isAnswered,
    funds: { taken: 0, givenBack: 0 },
    fees: { taken: 0, givenBack: 0, currency: "CNY" },
    words,
  };
}

function refusalIn(answer: Parameters<typeof unread>[0]): AnswerOutcome {
  const reason = reasonIn(answer.value);
  if (reason === undefined) return unread(answer);
  return { kind: reason === "frequency_limited" ? "not_sent" : "refused", reason };
}
