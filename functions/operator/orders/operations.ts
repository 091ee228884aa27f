import * as z from "zod";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { Timeline } from "./shown.ts";

const operatorOrders = {
  inspectOrder: {
    method: "GET",
    path: "/admin/v1/orders/{orderId}",
    summary: "An order's whole life: order, workflow, supplier, money, audit",
    params: z.strictObject({ orderId: Id }),
    answer: { status: 200, description: "The timeline", schema: Timeline },
    refusals: ["not_found"],
    needs: {
      ordersTable: ["GetItem"],
      ledgerTable: ["GetItem"],
      auditTable: ["Query"],
      executions: ["DescribeExecution"],
    },
  },
} as const satisfies Operations;

/** Answered by this function because it has nothing to do with any one domain, and needs no right. */
const aboutTheApi = {
  getOperatorOpenapi: {
    method: "GET",
    path: "/admin/v1/openapi.json",
    tag: "api",
    summary: "This document",
    answer: { status: 200, description: "OpenAPI 3.1", schema: z.looseObject({}) },
    needs: {},
  },
} as const satisfies Operations;

/** What operators call about orders and this API itself, by the functions that answer. */
export const functions = { operatorOrders: { ...operatorOrders, ...aboutTheApi } } as const;
