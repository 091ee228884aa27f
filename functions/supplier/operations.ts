import * as z from "zod";
import { LIMITS } from "../../shared/kernel/limits.ts";
import type { Operation } from "../runtime/operation.ts";

/** What suppliers call. The answer is in each supplier's own words. */
export const operations = {
  receiveCallback: {
    method: "POST",
    path: "/v1/suppliers/{supplierId}/callbacks",
    summary: "A supplier's signed news of an order",
    params: z.strictObject({ supplierId: z.string().max(40) }),
    text: { contentType: "*/*", limit: LIMITS.callbackBytes },
    answer: { status: 200, description: "Acknowledged", schema: z.unknown() },
    refusals: ["not_found", "forged_callback"],
  },
} as const satisfies Record<string, Operation>;
