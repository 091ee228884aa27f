import { advanceOrder, beginWatch, moveMoney, settleMoney, wake } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

const FOLLOWS = "What follows a sale is late: fulfilment starts late, or money taken stays unbooked.";

export const workers = {
  startFulfilment: {
    failing: FOLLOWS,
    trigger: "stream",
    of: "orders",
    needs: {
      workflow: ["StartExecution"],
      ordersTable: beginWatch,
      watchQueue: ["SendMessage"],
      eventBus: ["PutEvents"],
      eventArchive: ["PutObject"],
    },
  },
  settleMoney: {
    failing: FOLLOWS,
    trigger: "stream",
    of: "orders",
    needs: {
      ledgerTable: settleMoney,
      salesLog: ["PutObject"],
    },
  },
  watchOrder: {
    failing: "Orders are not looked at when something is due: what is stuck stays so, and promises are not kept.",
    trigger: "queue",
    queue: "watch",
    maxConcurrency: 20,
    needs: {
      ...advanceOrder,
      ordersTable: [...wake, "GetItem", "UpdateItem"],
      settings: ["GetItem"],
      auditTable: ["PutItem"],
      taskTokens: ["SendTaskSuccess"],
      watchQueue: ["SendMessage"],
      workflow: ["StartExecution"],
      executions: ["DescribeExecution"],
    },
  },
  ordersSchedule: {
    failing: "Nobody looks after orders that were left behind: unpaid ones keep their codes, or money stays unbooked.",
    trigger: "schedule",
    jobs: {
      careForOrders: {
        everyMinutes: 1,
        needs: { ordersTable: beginWatch, unfinishedIndex: ["Query"], watchQueue: ["SendMessage"] },
      },
      carePayments: {
        everyMinutes: 1,
        needs: { ordersTable: ["GetItem"], unfinishedIndex: ["Query"], paymentQueue: ["SendMessage"] },
      },
      expireOrders: { everyMinutes: 1, needs: { ...advanceOrder, inReviewIndex: ["Query"] } },
      settleAccounts: {
        everyMinutes: 1,
        needs: {
          ordersTable: ["GetItem", ...beginWatch],
          ledgerTable: moveMoney,
          identityTable: ["Query"],
          watchQueue: ["SendMessage"],
        },
      },
    },
  },
} as const satisfies Workers;
