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
  identityTable,
  catalogTable,
  operationsTable,
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
  ...operationsTable,
  ...auditTable,
  ...watchQueue,
  ...workflow,
});
export const runImportEnv = z.object({
  ...operationsTable,
  ...inventoryTable,
  ...codesKey,
  ...fingerprintKey,
  ...generationKey,
  ...uploads,
  ...importQueue,
  ...eventBus,
});
export const expireOrdersEnv = z.object({ ...ordersTable, ...inventoryTable, ...ledgerTable });
export const scheduleSyncsEnv = z.object({ ...catalogTable, ...operationsTable, ...syncQueue });
export const syncSupplierEnv = z.object({ ...catalogTable, ...operationsTable, ...secrets, ...eventBus });
export const restockEnv = z.object({
  ...operationsTable,
  ...inventoryTable,
  ...codesKey,
  ...fingerprintKey,
  ...secrets,
  ...eventBus,
});
export const sweepStockEnv = z.object({ ...inventoryTable, ...catalogTable, ...eventBus });
export const settleAccountsEnv = z.object({ ...ordersTable, ...ledgerTable, ...identityTable, ...watchQueue });
export const sweepUploadsEnv = z.object({ ...operationsTable, ...uploads });
export const careForOrdersEnv = z.object({ ...ordersTable, ...watchQueue });
