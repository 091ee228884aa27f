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

/** What operators call about orders, by the functions that answer. */
export const functions = { operatorOrders } as const;
