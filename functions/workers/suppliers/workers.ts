import { moveStock, read, readAll, storeGoods, wake } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  processCallback: {
    failing: "Suppliers' news is not worked on: their orders wait until we ask by ourselves.",
    trigger: "queue",
    queue: "callbacks",
    maxConcurrency: 20,
    needs: {
      ...storeGoods,
      syncQueue: ["SendMessage"],
      ordersTable: [...wake, "GetItem", "UpdateItem"],
      suppliers: ["GetItem"],
      callbacks: ["GetItem", "UpdateItem"],
      // A callback about a purchase has the next look ask its supplier.
      restocks: ["GetItem", "UpdateItem"],
      secrets: ["GetParameter"],
      taskTokens: ["SendTaskSuccess"],
    },
  },
  syncSupplier: {
    failing: "Suppliers' catalogues are not read: the prices and stock shown are older.",
    trigger: "queue",
    queue: "sync",
    maxConcurrency: 5,
    batchSize: 1,
    needs: {
      // Prices follow costs, and products whose every source is wrong are taken off sale.
      catalogTable: ["GetItem", "Query", "PutItem", "UpdateItem"],
      suppliers: [...read, "PutItem", "UpdateItem"],
      offers: [...readAll, "PutItem"],
      rates: ["Query"],
      secrets: ["GetParameter"],
      eventBus: ["PutEvents"],
    },
  },
  suppliersSchedule: {
    failing: "Nothing is bought ahead, or suppliers' catalogues are not read: stock runs out.",
    trigger: "schedule",
    jobs: {
      scheduleSyncs: {
        everyMinutes: 15,
        needs: { catalogTable: ["Query"], restocks: ["Query"], syncQueue: ["SendMessage"] },
      },
      restock: {
        everyMinutes: 1,
        needs: {
          ...storeGoods,
          inventoryTable: moveStock,
          restocks: ["GetItem", "Query", "PutItem"],
          suppliers: read,
          offers: read,
          secrets: ["GetParameter"],
          eventBus: ["PutEvents"],
        },
      },
    },
  },
} as const satisfies Workers;
