import { advanceOrder, moveDeposits } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  followPayment: {
    failing:
      "What buyers have paid does not reach their orders, or what goes back does not reach them, until it is looked at again.",
    trigger: "queue",
    queue: "payments",
    maxConcurrency: 20,
    needs: {
      ...advanceOrder,
      ordersTable: ["GetItem", "PutItem", "UpdateItem"],
      ledgerTable: [...advanceOrder.ledgerTable, ...moveDeposits.ledgerTable],
      providers: ["GetItem"],
      notifications: ["GetItem", "UpdateItem"],
      paymentSecrets: ["GetParameter"],
    },
  },
} as const satisfies Workers;
