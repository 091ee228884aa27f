/** The simulated WeChat Pay's complaints, as its documents have them. */
import * as z from "zod";
import { type Call } from "../../suppliers/party.ts";
import { json } from "../../suppliers/supplier-wire.ts";
import { credentials } from "./keys.ts";
import { beijing, newNumber } from "./trades.ts";

export type Complaint = {
  id: string;
  at: Date;
  state: "PENDING" | "PROCESSING" | "PROCESSED";
  type: "REFUND" | "SERVICE_NOT_WORK" | "OTHERS";
  words: string;
  order: { out_trade_no: string; amount: number };
  replies: string[];
};

/** What it answers: a body, none (204), or an error. */
export type Answered = { status: number; value?: object };
const problem = (status: number, code: string): Answered => ({ status, value: { code, message: "如文档所述" } });

const NewReply = z.strictObject({
  complainted_mchid: z.literal(credentials.mchId),
  response_content: z.string().min(1).max(200),
});
const Completed = z.strictObject({ complainted_mchid: z.literal(credentials.mchId) });
const ListQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(50),
  offset: z.coerce.number().int().min(0),
  begin_date: z.iso.date(),
  end_date: z.iso.date(),
  complainted_mchid: z.literal(credentials.mchId),
});

/** Somebody's telephone, sealed for the merchant. Nothing of ours may keep it. */
export const SEALED_PHONE = "sGdNeTHMQGlxCWiUyHu6XNO9GCYln2Luv4HhwJzZBfcL12sB";

const shown = ({ id, at, state, type, words, order }: Complaint): object => ({
  complaint_id: id,
  complaint_time: `${beijing(at).slice(0, -6)}.120+08:00`,
  complaint_detail: words,
  complaint_state: state,
  payer_phone: SEALED_PHONE,
  payer_openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
  complaint_order_info: [{ transaction_id: "4200000404201909069117582536", ...order }],
  complaint_full_refunded: false,
  incoming_user_response: state !== "PROCESSED",
  user_complaint_times: 1,
  problem_description: "不满意商家服务",
  problem_type: type,
  ...(type === "REFUND" ? { apply_refund_amount: order.amount } : {}),
  user_tag_list: ["TRUSTED"],
});

export function complaintsBook() {
  const complaints = new Map<string, Complaint>();

  function list(query: unknown): Answered {
    const asked = ListQuery.safeParse(query);
    if (!asked.success) return problem(400, "PARAM_ERROR");
    const { limit, offset, begin_date, end_date } = asked.data;
    if (Date.parse(end_date) - Date.parse(begin_date) >= 30 * 86_400_000) return problem(400, "PARAM_ERROR");
    const found = [...complaints.values()].filter(({ at }) => {
      const day = beijing(at).slice(0, 10);
      return begin_date <= day && day <= end_date;
    });
    const data = found.slice(offset, offset + limit).map(shown);
    return { status: 200, value: { data, limit, offset, total_count: found.length } };
  }

  return {
    file: (order: Complaint["order"], more: Partial<Complaint> = {}): Complaint => {
      const made: Complaint = {
        id: newNumber("2002018"),
        at: new Date(),
        state: "PENDING",
        type: "REFUND",
        words: "没有收到卡密",
        order,
        replies: [],
        ...more,
      };
      complaints.set(made.id, made);
      return made;
    },
    complaint: (id: string) => complaints.get(id),
    /** Answers a call of the merchant's: list, one, a reply, or that it is done. */
    answer({ method, url, body }: Call): Answered {
      const [, , , , id, what] = url.pathname.split("/");
      if (method === "GET" && id === undefined) return list(Object.fromEntries(url.searchParams));
      const found = complaints.get(id ?? "");
      if (found === undefined) return problem(404, "RESOURCE_NOT_EXISTS");
      if (method === "GET") return { status: 200, value: shown(found) };
      if (what === "response") {
        const asked = NewReply.safeParse(json(body));
        if (!asked.success) return problem(400, "PARAM_ERROR");
        if (found.state === "PROCESSED") return problem(400, "INVALID_REQUEST");
        found.replies.push(asked.data.response_content);
        found.state = "PROCESSING";
        return { status: 204 };
      }
      if (!Completed.safeParse(json(body)).success) return problem(400, "PARAM_ERROR");
      if (found.state !== "PROCESSING") return problem(400, "INVALID_REQUEST");
      found.state = "PROCESSED";
      return { status: 204 };
    },
  };
}
