import * as z from "zod";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Operations } from "../../runtime/operation.ts";

const receiveCallback = {
  receiveCallback: {
    method: "POST",
    path: "/v1/suppliers/{supplierId}/callbacks",
    summary: "A supplier's signed news of an order",
    params: z.strictObject({ supplierId: z.string().max(40) }),
    text: { contentType: "*/*", limit: LIMITS.callbackBytes },
    answer: { status: 200, description: "Acknowledged", schema: z.unknown() },
    refusals: ["not_found", "forged_callback"],
    needs: {
      ordersTable: ["GetItem"],
      suppliers: ["GetItem"],
      callbacks: ["PutItem"],
      restocks: ["GetItem"],
      personalKey: ["GenerateDataKey"],
      callbackQueue: ["SendMessage"],
      secrets: ["GetParameter"],
    },
  },
} as const satisfies Operations;

/** What suppliers call about their news of orders, by the functions that answer. */
export const functions = { receiveCallback } as const;
