import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  archiveEvents: {
    failing: "Events of all but orders are missing in the archive: a replay lacks them.",
    trigger: "events",
    queue: "archive-events",
    // The reader of the orders' stream archives those of orders itself, a batch at a time.
    of: ["stock", "product", "supplier", "import", "channel", "dispute", "deposit", "webhook"],
    maxConcurrency: 2,
    needs: { eventArchive: ["PutObject"] },
  },
} as const satisfies Workers;
