import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  auditTable,
  codesKey,
  fingerprintKey,
  generationKey,
  eventBus,
  ordersTable,
  inventoryTable,
  ledgerTable,
  platformTable,
  importQueue,
  secrets,
  syncQueue,
  uploads,
  watchQueue,
  workflow,
} = given;

export const watchOrderEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...ledgerTable,
  ...platformTable,
  ...auditTable,
  ...watchQueue,
  ...workflow,
});
export const runImportEnv = z.object({
  ...platformTable,
  ...inventoryTable,
  ...codesKey,
  ...fingerprintKey,
  ...generationKey,
  ...uploads,
  ...importQueue,
  ...eventBus,
});
export const expireOrdersEnv = z.object({ ...ordersTable, ...inventoryTable, ...ledgerTable });
export const scheduleSyncsEnv = z.object({ ...platformTable, ...syncQueue });
export const syncSupplierEnv = z.object({ ...platformTable, ...secrets, ...eventBus });
export const restockEnv = z.object({
  ...platformTable,
  ...inventoryTable,
  ...codesKey,
  ...fingerprintKey,
  ...secrets,
  ...eventBus,
});
export const sweepStockEnv = z.object({ ...inventoryTable, ...platformTable, ...eventBus });
export const settleAccountsEnv = z.object({ ...ordersTable, ...ledgerTable, ...platformTable, ...watchQueue });
export const sweepUploadsEnv = z.object({ ...platformTable, ...uploads });
export const careForOrdersEnv = z.object({ ...ordersTable, ...watchQueue });
