import * as z from "zod";
import { given } from "../runtime/env.ts";

const { ordersTable, inventoryTable, ledgerTable, platformTable, watchQueue, workflow } = given;

export const watchOrderEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...ledgerTable,
  ...watchQueue,
  ...workflow,
});
export const sweepStockEnv = z.object({ ...inventoryTable, ...platformTable });
export const settleAccountsEnv = z.object({ ...ordersTable, ...ledgerTable, ...platformTable });
