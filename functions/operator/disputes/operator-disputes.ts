import type * as z from "zod";
import {
  completeComplaint,
  decideAnswer,
  noSuchDispute,
  replyToComplaint,
  wordsOf,
} from "../../../shared/disputes/answers.ts";
import { gatherEvidence } from "../../../shared/disputes/evidence.ts";
import { listDisputes } from "../../../shared/disputes/list.ts";
import type { Answer, Dispute } from "../../../shared/disputes/model.ts";
import { readDispute } from "../../../shared/disputes/table.ts";
import { pick } from "../../../shared/kernel/pick.ts";
import { ok, type Result } from "../../../shared/kernel/problem.ts";
import { askToFollow } from "../../../shared/payments/queue.ts";
import { providersBy } from "../../providers.ts";
import { dependenciesOf, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { acts } from "../../runtime/record.ts";
import { forOperators } from "../../runtime/shells.ts";
import { functions } from "./operations.ts";
import type { Dispute as ShownDispute } from "./shown.ts";

const { env, deps: given } = dependenciesOf(functions.operatorDisputes);
const deps = {
  ...given,
  ...providersBy(env),
  sqs: sqsClient(),
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
};

const shown = (dispute: Dispute): z.infer<typeof ShownDispute> =>
  pick(dispute, [
    "id",
    "provider",
    "disputeId",
    "paymentId",
    "channelId",
    "orderId",
    "state",
    "amount",
    "reason",
    "openedAt",
    "answerBy",
    "completeBy",
    "isAnswered",
    "funds",
    "fees",
    "seenAt",
    "answer",
    "booked",
    "goods",
    "dueAt",
  ]);

const answered = (done: Result<Dispute>) => (done.ok ? ok({ body: shown(done.value) }) : done);

/** Puts a person's answer on record, with the state of the dispute that they saw, and decides it. */
async function decide(disputeId: string, what: Answer["what"], by: string) {
  const dispute = await readDispute(deps, disputeId);
  if (dispute === undefined) return noSuchDispute();
  return acts({ what: { state: dispute.state } }, async () => answered(await decideAnswer(deps, disputeId, what, by)));
}

export const handler = httpFunction("operator-disputes", functions.operatorDisputes, forOperators(deps), {
  listDisputes: async ({ query: { over, limit }, after }) => {
    const { disputes, next } = await listDisputes(deps, { isOver: over, limit, after });
    return ok({ body: { data: disputes.map(shown) }, next });
  },

  getDispute: async ({ params: { disputeId } }) => {
    const dispute = await readDispute(deps, disputeId);
    return dispute === undefined ? noSuchDispute() : ok({ body: shown(dispute) });
  },

  getDisputeWords: async ({ params: { disputeId } }) => {
    const dispute = await readDispute(deps, disputeId);
    if (dispute === undefined) return noSuchDispute();
    return acts({ what: { state: dispute.state } }, async () => {
      return ok({ body: { words: (await wordsOf(deps, dispute)) ?? null } });
    });
  },

  getEvidence: async ({ params: { disputeId } }) => {
    const dispute = await readDispute(deps, disputeId);
    if (dispute === undefined) return noSuchDispute();
    const evidence = await gatherEvidence(deps, dispute, deps.clock().toISOString());
    return ok({ body: { ...evidence, looks: [...evidence.looks] } });
  },

  sendEvidence: ({ params: { disputeId } }, { arn }) => decide(disputeId, "evidence", arn),

  acceptDispute: ({ params: { disputeId } }, { arn }) => decide(disputeId, "accept", arn),

  replyToComplaint: async ({ params: { disputeId }, body: { text } }) => {
    const dispute = await readDispute(deps, disputeId);
    if (dispute === undefined) return noSuchDispute();
    const what = { state: dispute.state, characters: text.length };
    return acts({ what }, async () => answered(await replyToComplaint(deps, disputeId, text)));
  },

  completeComplaint: async ({ params: { disputeId } }) => {
    const dispute = await readDispute(deps, disputeId);
    if (dispute === undefined) return noSuchDispute();
    return acts({ what: { state: dispute.state } }, async () => answered(await completeComplaint(deps, disputeId)));
  },

  requestDisputeLook: async ({ params: { disputeId } }) => {
    const dispute = await readDispute(deps, disputeId);
    if (dispute === undefined) return noSuchDispute();
    const { provider, disputeId: theirs, state } = dispute;
    return acts({ what: { state } }, async () => {
      await askToFollow(deps, { dispute: { provider, disputeId: theirs }, isChanged: true });
      return ok({ body: { disputeId } });
    });
  },
});
