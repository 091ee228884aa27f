import * as z from "zod";
import { DISPUTE_PLACE } from "../../../shared/disputes/list.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { listOf, Page } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Dispute, Evidence } from "./shown.ts";

const DisputeId = z.string().regex(/^dsp_[0-9a-z]{26}$/, "must be a dispute id");
const params = z.strictObject({ disputeId: DisputeId });

/** What it takes to speak to the provider of a dispute. */
const reach = { disputes: ["GetItem"], providers: ["GetItem"], paymentSecrets: ["GetParameter"] } as const;

const operatorDisputes = {
  listDisputes: {
    method: "GET",
    path: "/admin/v1/disputes",
    pages: DISPUTE_PLACE,
    summary: "Disputes and complaints that wait for something, those that are due first; or those that are over",
    query: Page.extend({
      over: z.stringbool().default(false).meta({ description: "Those that are over, the newest first." }),
    }),
    command: {
      is: "disputes list",
      options: { over: { about: "yes: those that are over, the newest first" } },
      columns: ["id", "state", "amount", "paymentId", "answerBy", "completeBy", "dueAt"],
    },
    answer: { status: 200, description: "A page of disputes", schema: listOf(Dispute) },
    needs: { disputes: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  getDispute: {
    method: "GET",
    path: "/admin/v1/disputes/{disputeId}",
    summary: "One dispute or complaint, with its money and our answer",
    params,
    command: { is: "disputes inspect", argument: "disputeId" },
    answer: { status: 200, description: "The dispute", schema: Dispute },
    refusals: ["not_found"],
    needs: { disputes: ["GetItem"] },
  },
  getDisputeWords: {
    method: "GET",
    path: "/admin/v1/disputes/{disputeId}/words",
    summary: "What the payer writes, as the provider says now, on record",
    description: "It may name people. It is asked for each time, and stored nowhere.",
    params,
    command: { is: "disputes words", argument: "disputeId" },
    answer: {
      status: 200,
      description: "The words; null: there are none",
      schema: z.object({ words: z.string().nullable() }),
    },
    refusals: ["not_found"],
    needs: reach,
    audit: { action: "dispute_words_read", subject: "{disputeId}" },
  },
  getEvidence: {
    method: "GET",
    path: "/admin/v1/disputes/{disputeId}/evidence",
    summary: "The evidence that would be sent now",
    params,
    command: { is: "disputes evidence", argument: "disputeId" },
    answer: { status: 200, description: "The evidence", schema: Evidence },
    refusals: ["not_found"],
    needs: { disputes: ["GetItem"], ordersTable: ["GetItem"], auditTable: ["Query"] },
  },
  sendEvidence: {
    method: "POST",
    path: "/admin/v1/disputes/{disputeId}/evidence",
    summary: "Send our evidence; without this it goes by itself some hours before its deadline",
    params,
    command: {
      is: "disputes send",
      argument: "disputeId",
      effect: "It sends our evidence about {dispute}; a bank takes it once.",
    },
    answer: { status: 202, description: "It is sent within moments", schema: Dispute },
    refusals: ["not_found", "dispute_closed", "changed_meanwhile"],
    needs: { disputes: ["GetItem", "PutItem"], paymentQueue: ["SendMessage"] },
    audit: { action: "dispute_evidence_decided", subject: "{disputeId}" },
  },
  acceptDispute: {
    method: "POST",
    path: "/admin/v1/disputes/{disputeId}/acceptance",
    summary: "Accept a dispute: the payer keeps the money",
    params,
    command: {
      is: "disputes accept",
      argument: "disputeId",
      effect: "It gives {dispute} up: the payer keeps the money, and no evidence can be sent any more.",
    },
    answer: { status: 202, description: "The provider is told within moments", schema: Dispute },
    refusals: ["not_found", "dispute_closed", "changed_meanwhile"],
    needs: { disputes: ["GetItem", "PutItem"], paymentQueue: ["SendMessage"] },
    audit: { action: "dispute_accepted", subject: "{disputeId}" },
  },
  replyToComplaint: {
    method: "POST",
    path: "/admin/v1/disputes/{disputeId}/replies",
    summary: "Reply to a complaint, for its payer to read",
    description: "The text goes to the provider and is not stored. Each call is a reply of its own.",
    params,
    body: z.strictObject({ text: z.string().trim().min(1).max(LIMITS.replyLength) }),
    command: {
      is: "disputes reply",
      argument: "disputeId",
      options: { text: { about: "what the payer reads, 200 characters at most" } },
    },
    answer: { status: 200, description: "The complaint as it was; the provider has the reply", schema: Dispute },
    refusals: ["not_found", "dispute_closed"],
    needs: { ...reach, paymentQueue: ["SendMessage"] },
    audit: { action: "complaint_replied", subject: "{disputeId}" },
  },
  completeComplaint: {
    method: "POST",
    path: "/admin/v1/disputes/{disputeId}/completion",
    summary: "Say that a complaint is done, after a reply",
    params,
    command: { is: "disputes complete", argument: "disputeId" },
    answer: { status: 200, description: "The complaint as it was; the provider takes it for done", schema: Dispute },
    refusals: ["not_found", "dispute_closed"],
    needs: { ...reach, paymentQueue: ["SendMessage"] },
    audit: { action: "complaint_completed", subject: "{disputeId}" },
  },
  requestDisputeLook: {
    method: "POST",
    path: "/admin/v1/disputes/{disputeId}/looks",
    summary: "Have a dispute's provider asked now, and done what is due",
    params,
    command: { is: "disputes query", argument: "disputeId" },
    answer: { status: 202, description: "It will be asked", schema: z.object({ disputeId: z.string() }) },
    refusals: ["not_found"],
    needs: { disputes: ["GetItem"], paymentQueue: ["SendMessage"] },
    audit: { action: "dispute_look_requested", subject: "{disputeId}" },
  },
} as const satisfies Operations;

/** What operators call about disputes and complaints, by the functions that answer. */
export const functions = { operatorDisputes } as const;
