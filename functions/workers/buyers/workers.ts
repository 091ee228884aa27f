import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  buyersSchedule: {
    failing: "How buyers can be reached is kept longer than it may be.",
    trigger: "schedule",
    jobs: {
      eraseDue: {
        everyMinutes: 60,
        needs: {
          ordersTable: ["GetItem", "Query", "UpdateItem", "DeleteItem"],
          erasures: ["PutItem"],
        },
      },
    },
  },
} as const satisfies Workers;
