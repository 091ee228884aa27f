import * as z from "zod";
import { CaseChoice } from "../../../shared/cases/decide.ts";
import { CASE_PLACE } from "../../../shared/cases/list.ts";
import { CaseSettings, CaseSettingsChange } from "../../../shared/cases/settings.ts";
import { listOf, Page } from "../../fields.ts";
import { workOnCases } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { CaseInFull } from "./shown.ts";

const params = z.strictObject({ caseId: z.string().regex(/^case_[0-9a-z]{26}$/, "must be the id of a case") });

const operatorCases = {
  listAllCases: {
    method: "GET",
    path: "/admin/v1/cases",
    pages: CASE_PLACE,
    summary: "Cases that have not ended, those that are due first; or those that have",
    query: Page.extend({
      over: z.stringbool().default(false).meta({ description: "Those that have ended, the newest first." }),
    }),
    command: {
      is: "cases list",
      options: { over: { about: "yes: those that have ended, the newest first" } },
      columns: ["id", "state", "kind", "orderId", "lineId", "worth", "waitsFor", "decideBy"],
    },
    answer: { status: 200, description: "A page of cases", schema: listOf(CaseInFull) },
    needs: { cases: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  getCaseInFull: {
    method: "GET",
    path: "/admin/v1/cases/{caseId}",
    summary: "One case, with what was decided and done",
    params,
    command: { is: "cases show", argument: "caseId" },
    answer: { status: 200, description: "The case", schema: CaseInFull },
    refusals: ["not_found"],
    needs: { cases: ["GetItem"] },
  },
  getCaseSettings: {
    method: "GET",
    path: "/admin/v1/settings/cases",
    summary: "What rules decide of cases, how long a person may take, and what may be given away",
    command: { is: "cases settings" },
    answer: { status: 200, description: "The settings", schema: CaseSettings },
    needs: { settings: ["GetItem"] },
  },
  changeCaseSettings: {
    method: "POST",
    path: "/admin/v1/settings/cases",
    summary: "Change what is named, and nothing else; null goes back to the platform's value",
    body: CaseSettingsChange,
    command: { is: "cases set" },
    answer: { status: 200, description: "The settings", schema: CaseSettings },
    refusals: ["changed_meanwhile"],
    needs: { settings: ["GetItem", "PutItem"] },
    audit: { action: "case_settings_changed", subject: "settings" },
  },
} as const satisfies Operations;

const decideCase = {
  decideCase: {
    method: "POST",
    path: "/admin/v1/cases/{caseId}/decisions",
    tag: "cases",
    summary: "Replace, refund, compensate or refuse; 202 when a second person must decide the same",
    params,
    body: CaseChoice,
    command: {
      is: "cases decide",
      argument: "caseId",
      effect: "It decides {case}, and its buyer is told; that can't be taken back.",
    },
    answer: {
      status: 200,
      description: "The case",
      schema: CaseInFull,
      or: { status: 202, description: "A second person must decide the same" },
    },
    refusals: [
      "not_found",
      "case_closed",
      "sold_out",
      "limit_reached",
      "payment_disputed",
      "second_person_required",
      "person_unknown",
    ],
    needs: { ...workOnCases, paymentQueue: ["SendMessage"] },
  },
} as const satisfies Operations;

/** What operators call about cases, by the functions that answer. */
export const functions = { operatorCases, decideCase } as const;
