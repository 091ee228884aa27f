import { advanceOrder, moveDeposits } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  followPayment: {
    failing:
      "What buyers have paid does not reach their orders, or what goes back does not reach them, and disputes are not answered, until they are looked at again.",
    trigger: "queue",
    queue: "payments",
    maxConcurrency: 20,
    needs: {
      ...advanceOrder,
      ordersTable: ["GetItem", "PutItem", "UpdateItem"],
      ledgerTable: [...advanceOrder.ledgerTable, ...moveDeposits.ledgerTable],
      providers: ["GetItem"],
      notifications: ["GetItem", "UpdateItem"],
      // What a dispute means to the books is written with it; evidence of ours is made from the records of looks.
      disputes: ["GetItem", "PutItem"],
      auditTable: [...moveDeposits.auditTable, "Query"],
      eventBus: ["PutEvents"],
      paymentSecrets: ["GetParameter"],
    },
  },
  disputesSchedule: {
    failing:
      "Disputes are not looked after: evidence may miss its deadline, and disputes whose news was lost stay unknown.",
    trigger: "schedule",
    jobs: {
      careDisputes: {
        everyMinutes: 5,
        needs: { disputes: ["GetItem"], listedIndex: ["Query"], paymentQueue: ["SendMessage"] },
      },
      findDisputes: {
        everyMinutes: 60,
        needs: {
          disputes: ["GetItem"],
          providers: ["GetItem", "BatchGetItem"],
          listedIndex: ["Query"],
          paymentSecrets: ["GetParameter"],
          paymentQueue: ["SendMessage"],
        },
      },
    },
  },
} as const satisfies Workers;
