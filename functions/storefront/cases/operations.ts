import * as z from "zod";
import { NewCase } from "../../../shared/cases/open.ts";
import { Case } from "../../cases.ts";
import { openCases } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";

const OrderId = z.string().max(40);
const params = z.strictObject({ orderId: OrderId });

const storefrontCases = {
  openCase: {
    method: "POST",
    path: "/v1/orders/{orderId}/cases",
    summary: "Ask for something after the sale: other codes, another account, money back",
    description:
      "What a rule decides is done in the answer, or within minutes. The rest waits for a person. The same key and body get the case as it is by " +
      "then. A line has one open case at most.",
    scope: "orders:write",
    idempotent: "by_itself",
    params,
    body: NewCase,
    answer: {
      status: 201,
      description: "The case",
      schema: Case,
      location: "/v1/orders/{orderId}/cases/{id}",
    },
    refusals: ["not_found", "case_open", "line_settled", "wrong_kind", "limit_reached", "idempotency_key_reused"],
    needs: openCases,
  },
  listCases: {
    method: "GET",
    path: "/v1/orders/{orderId}/cases",
    summary: "The cases of an order, the oldest first",
    scope: "orders:read",
    params,
    answer: { status: 200, description: "All of them", schema: z.object({ data: z.array(Case) }) },
    refusals: ["not_found"],
    needs: { ordersTable: ["GetItem"], cases: ["GetItem"] },
  },
  getCase: {
    method: "GET",
    path: "/v1/orders/{orderId}/cases/{caseId}",
    summary: "One case",
    scope: "orders:read",
    params: z.strictObject({ orderId: OrderId, caseId: z.string().max(40) }),
    answer: { status: 200, description: "The case", schema: Case },
    refusals: ["not_found"],
    needs: { cases: ["GetItem"] },
  },
} as const satisfies Operations;

/** What channels call about what comes after the sale, by the functions that answer. */
export const functions = { storefrontCases } as const;
