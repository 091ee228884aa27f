import { renewLinks } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  findOrders: {
    failing: "Buyers who look for an order are not written its link.",
    trigger: "queue",
    queue: "find-orders",
    // Whoever looks can wait: a flood of searches leaves the concurrency to sales.
    maxConcurrency: 2,
    needs: {
      ...renewLinks,
      ordersTable: [...renewLinks.ordersTable, "Query"],
      onceLinks: ["GetItem", "PutItem", "UpdateItem"],
      recognitionKey: ["GenerateMac"],
      messageQueue: ["SendMessage"],
    },
  },
} as const satisfies Workers;
