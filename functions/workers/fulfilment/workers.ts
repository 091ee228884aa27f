import { advanceOrder, read, readMarket, storeGoods, wake } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

const STANDS_STILL = "Orders with suppliers stand still while a step is tried again; then their runs fail.";

export const workers = {
  planOrder: { failing: STANDS_STILL, trigger: "task", needs: advanceOrder },
  placeLine: {
    failing: STANDS_STILL,
    trigger: "task",
    needs: {
      ...storeGoods,
      ordersTable: ["GetItem", "UpdateItem"],
      catalogTable: ["GetItem"],
      ...readMarket,
      // A supplier's health stands beside it.
      suppliers: [...read, "UpdateItem"],
      personalKey: ["Decrypt"],
      secrets: ["GetParameter"],
      // A supplier that fell sick, or is well again.
      eventBus: ["PutEvents"],
    },
  },
  askSupplier: {
    failing: STANDS_STILL,
    trigger: "task",
    needs: {
      ...storeGoods,
      ordersTable: ["GetItem", "UpdateItem"],
      suppliers: ["GetItem"],
      secrets: ["GetParameter"],
    },
  },
  awaitWakeUp: {
    failing: STANDS_STILL,
    trigger: "task",
    needs: { ordersTable: ["GetItem", "PutItem", "DeleteItem"], taskTokens: ["SendTaskSuccess"] },
  },
  noteFailedRun: {
    failing: "Runs that failed are not put before a person: nobody knows of their orders.",
    trigger: "event",
    needs: { ordersTable: [...wake, "GetItem", "UpdateItem"] },
  },
} as const satisfies Workers;
