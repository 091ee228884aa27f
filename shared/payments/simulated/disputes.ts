import type { AnswerOutcome, DisputeDesk, DisputeOutcome } from "../dispute-contract.ts";
import { type Answered, type Get, isUnknownThere, type Post, refusalIn, unanswered, unread } from "./client.ts";
import { disputeListSchema, disputeSchema } from "./wire.ts";

/** Disputes and complaints of the simulated provider. Its states are ours, and so are its two clocks. */
export function simulatedDesk(get: Get, post: Post): DisputeDesk {
  const pathOf = (id: string): string => `/v1/disputes/${encodeURIComponent(id)}`;
  const say = async (id: string, what: string, body: object): Promise<AnswerOutcome> => {
    const answer = await post(`${pathOf(id)}/${what}`, body);
    return answer.kind === "answered" ? taken(answer) : answer;
  };
  return {
    async query(id) {
      const answer = await get(pathOf(id));
      return answer.kind === "answered" ? told(answer) : unanswered(answer);
    },

    async list(since, cursor) {
      const where = new URLSearchParams({ since, ...(cursor === undefined ? {} : { cursor }) });
      const answer = await get(`/v1/disputes?${where.toString()}`);
      if (answer.kind !== "answered") return unanswered(answer);
      const page = disputeListSchema.safeParse(answer.value);
      return answer.status === 200 && page.success ? { kind: "page", ...page.data } : unread(answer);
    },

    sendEvidence: (id, evidence) => say(id, "evidence", evidence),
    accept: (id) => say(id, "accept", {}),
    reply: (id, text) => say(id, "replies", { text }),
    complete: (id) => say(id, "complete", {}),
  };
}

function told(answer: Answered): DisputeOutcome {
  if (isUnknownThere(answer)) return { kind: "never_heard" };
  const dispute = disputeSchema.safeParse(answer.value);
  if (answer.status !== 200 || !dispute.success) return unread(answer);
  const { id: _id, reference: paymentId, amount, currency, answered: isAnswered, ...rest } = dispute.data;
  return { kind: "dispute", news: { ...rest, paymentId, amount: { amount, currency }, isAnswered } };
}

function taken(answer: Answered): AnswerOutcome {
  const isTaken = answer.status === 200 && disputeSchema.safeParse(answer.value).success;
  return isTaken ? { kind: "taken" } : refusalIn(answer);
}
