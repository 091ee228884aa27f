import * as z from "zod";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { advanceOrder } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";

const receiveNotification = {
  receiveNotification: {
    method: "POST",
    path: "/v1/payments/{provider}/notifications",
    summary: "A payment provider's signed news of a payment",
    params: z.strictObject({ provider: z.string().max(40) }),
    text: { contentType: "*/*", limit: LIMITS.callbackBytes },
    answer: { status: 200, description: "Acknowledged", schema: z.unknown() },
    refusals: ["not_found", "forged_callback"],
    needs: {
      // What an order's buyer has paid is taken at once, so that the order is sold before the queue would have been asked.
      ...advanceOrder,
      ordersTable: ["GetItem", "PutItem", "UpdateItem"],
      providers: ["GetItem"],
      notifications: ["PutItem"],
      personalKey: ["GenerateDataKey"],
      paymentQueue: ["SendMessage"],
      paymentSecrets: ["GetParameter"],
    },
  },
} as const satisfies Operations;

/** What payment providers call about their news of payments, by the functions that answer. */
export const functions = { receiveNotification } as const;
