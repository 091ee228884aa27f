import * as z from "zod";
import { given } from "../runtime/env.ts";

const { auditTable, eventBus, ordersTable, inventoryTable, ledgerTable, platformTable, watchQueue, workflow } = given;

export const watchOrderEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...ledgerTable,
  ...platformTable,
  ...auditTable,
  ...watchQueue,
  ...workflow,
});
export const sweepStockEnv = z.object({ ...inventoryTable, ...platformTable, ...eventBus });
export const settleAccountsEnv = z.object({ ...ordersTable, ...ledgerTable, ...platformTable });
