import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  reconcileDay: {
    failing: "What payment providers say that they have booked is not compared with our books.",
    trigger: "queue",
    queue: "reconciliations",
    maxConcurrency: 2,
    batchSize: 1,
    needs: {
      reconciliations: ["GetItem", "Query", "PutItem"],
      statements: ["GetObject", "PutObject"],
      ledgerTable: ["Query", "PutItem"],
      // Lines that our books don't have are looked up: a payment that we take for unpaid, or a dispute.
      ordersTable: ["BatchGetItem"],
      disputes: ["BatchGetItem"],
      providers: ["GetItem"],
      paymentSecrets: ["GetParameter"],
    },
  },
  reconciliationSchedule: {
    failing:
      "Nobody has payment providers' statements compared with our books, or days of the books closed, and nobody hears that some are late.",
    trigger: "schedule",
    jobs: {
      careReconciliations: {
        everyMinutes: 60,
        needs: {
          reconciliations: ["Query"],
          providers: ["GetItem", "BatchGetItem"],
          listedIndex: ["Query"],
          paymentSecrets: ["GetParameter"],
          reconciliationQueue: ["SendMessage"],
        },
      },
      closeDays: {
        everyMinutes: 60,
        needs: { identityTable: ["Query"], ledgerTable: ["GetItem", "BatchGetItem", "Query", "PutItem"] },
      },
    },
  },
} as const satisfies Workers;
