import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
  identityTable,
  catalogTable,
  operationsTable,
  platformTable,
  ledgerTable,
  auditTable,
  codesKey,
  fingerprintKey,
  recognitionKey,
  secrets,
  workflow,
  watchQueue,
  syncQueue,
  importQueue,
  uploads,
  eventBus,
  deadLetters,
  salesLog,
} = given;

export const createProductEnv = z.object({ ...catalogTable, ...operationsTable, ...auditTable });
export const createVersionEnv = z.object({ ...catalogTable, ...operationsTable, ...auditTable });
export const changeListingEnv = z.object({ ...catalogTable, ...auditTable });
export const listAllProductsEnv = z.object({ ...catalogTable });
export const setRestockEnv = z.object({ ...catalogTable, ...operationsTable, ...auditTable });
export const showRestockEnv = z.object({ ...operationsTable });
export const setRateEnv = z.object({ ...operationsTable, ...auditTable });
export const listRatesEnv = z.object({ ...operationsTable });
export const requestSyncEnv = z.object({ ...operationsTable, ...auditTable, ...syncQueue });
export const showSyncEnv = z.object({ ...operationsTable });
export const createSupplierEnv = z.object({ ...operationsTable, ...auditTable, ...secrets, ...recognitionKey });
export const createChannelEnv = z.object({ ...identityTable, ...operationsTable, ...auditTable });
export const createKeyEnv = z.object({ ...identityTable, ...operationsTable, ...auditTable });
export const revokeKeyEnv = z.object({ ...identityTable, ...auditTable });
export const setLanesEnv = z.object({ ...identityTable, ...ledgerTable, ...auditTable });
export const depositEnv = z.object({ ...identityTable, ...ledgerTable, ...auditTable });
export const importStockEnv = z.object({
  ...catalogTable,
  ...inventoryTable,
  ...auditTable,
  ...codesKey,
  ...fingerprintKey,
});
export const createImportEnv = z.object({
  ...catalogTable,
  ...operationsTable,
  ...auditTable,
  ...uploads,
  ...fingerprintKey,
});
export const generateCodesEnv = z.object({ ...catalogTable, ...operationsTable, ...auditTable, ...importQueue });
export const startImportEnv = z.object({ ...operationsTable, ...auditTable, ...uploads, ...importQueue });
export const showImportEnv = z.object({ ...operationsTable });
export const listRefusalsEnv = z.object({ ...operationsTable });
export const cancelImportEnv = z.object({ ...operationsTable, ...auditTable, ...uploads, ...importQueue });
export const countStockEnv = z.object({ ...catalogTable, ...inventoryTable });
export const verifyStockEnv = z.object({ ...catalogTable, ...inventoryTable });
export const listPoolsEnv = z.object({ ...catalogTable, ...inventoryTable });
export const createPoolEnv = z.object({
  ...identityTable,
  ...catalogTable,
  ...operationsTable,
  ...inventoryTable,
  ...auditTable,
});
export const changePoolEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable });
export const transferStockEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable });
export const listBatchesEnv = z.object({ ...catalogTable, ...inventoryTable });
export const closeBatchEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable });
export const voidExpiredEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable });
export const findCodeEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable, ...fingerprintKey });
export const voidCodeEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable, ...fingerprintKey });
export const restoreStockEnv = z.object({
  ...ordersTable,
  ...catalogTable,
  ...inventoryTable,
  ...auditTable,
  ...salesLog,
});
export const migrateTablesEnv = z.object({
  ...platformTable,
  ...identityTable,
  ...catalogTable,
  ...operationsTable,
  ...auditTable,
});
export const releaseWithheldEnv = z.object({ ...catalogTable, ...inventoryTable, ...auditTable });
export const inspectOrderEnv = z.object({ ...ordersTable, ...ledgerTable, ...auditTable, ...workflow });
export const listReviewsEnv = z.object({ ...ordersTable, ...catalogTable, ...operationsTable });
export const getReviewEnv = z.object({ ...ordersTable, ...operationsTable, ...auditTable });
export const decideReviewEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...catalogTable,
  ...operationsTable,
  ...ledgerTable,
  ...auditTable,
  ...secrets,
  ...codesKey,
  ...fingerprintKey,
});
export const decideReviewsEnv = z.object({ ...decideReviewEnv.shape });
export const getReviewSettingsEnv = z.object({ ...operationsTable });
export const changeReviewSettingsEnv = z.object({ ...operationsTable, ...auditTable });
export const listDeadLettersEnv = z.object({ ...operationsTable, ...deadLetters });
export const replayDeadLettersEnv = z.object({
  ...ordersTable,
  ...operationsTable,
  ...ledgerTable,
  ...auditTable,
  ...watchQueue,
  ...eventBus,
  ...deadLetters,
  ...salesLog,
});
