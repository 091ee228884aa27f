import { moveStock, storeGoods } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  runImport: {
    failing: "Large imports stand still: their codes are not on sale.",
    trigger: "queue",
    queue: "imports",
    maxConcurrency: 5,
    batchSize: 1,
    needs: {
      ...storeGoods,
      generationKey: ["GenerateMac"],
      inventoryTable: [...moveStock, "DeleteItem"],
      imports: ["GetItem", "Query", "PutItem", "UpdateItem", "ConditionCheckItem"],
      uploads: ["GetObject", "DeleteObject"],
      importQueue: ["SendMessage"],
      eventBus: ["PutEvents"],
    },
  },
  stockSchedule: {
    failing: "Nobody looks after stock that was left behind: codes that came back are not on sale again.",
    trigger: "schedule",
    jobs: {
      sweepStock: {
        everyMinutes: 1,
        needs: { inventoryTable: moveStock, catalogTable: ["Query"], eventBus: ["PutEvents"] },
      },
      sweepUploads: {
        everyMinutes: 15,
        needs: { imports: ["GetItem"], uploads: ["DeleteObject"], uploadNames: ["ListBucket"] },
      },
    },
  },
} as const satisfies Workers;
