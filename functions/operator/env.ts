import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
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

export const createProductEnv = z.object({ ...platformTable, ...auditTable });
export const createVersionEnv = z.object({ ...platformTable, ...auditTable });
export const changeListingEnv = z.object({ ...platformTable, ...auditTable });
export const listAllProductsEnv = z.object({ ...platformTable });
export const setRestockEnv = z.object({ ...platformTable, ...auditTable });
export const showRestockEnv = z.object({ ...platformTable });
export const setRateEnv = z.object({ ...platformTable, ...auditTable });
export const listRatesEnv = z.object({ ...platformTable });
export const requestSyncEnv = z.object({ ...platformTable, ...auditTable, ...syncQueue });
export const showSyncEnv = z.object({ ...platformTable });
export const createSupplierEnv = z.object({ ...platformTable, ...auditTable, ...secrets, ...recognitionKey });
export const createChannelEnv = z.object({ ...platformTable, ...auditTable });
export const createKeyEnv = z.object({ ...platformTable, ...auditTable });
export const revokeKeyEnv = z.object({ ...platformTable, ...auditTable });
export const setLanesEnv = z.object({ ...platformTable, ...ledgerTable, ...auditTable });
export const depositEnv = z.object({ ...platformTable, ...ledgerTable, ...auditTable });
export const importStockEnv = z.object({
  ...platformTable,
  ...inventoryTable,
  ...auditTable,
  ...codesKey,
  ...fingerprintKey,
});
export const createImportEnv = z.object({ ...platformTable, ...auditTable, ...uploads, ...fingerprintKey });
export const generateCodesEnv = z.object({ ...platformTable, ...auditTable, ...importQueue });
export const startImportEnv = z.object({ ...platformTable, ...auditTable, ...uploads, ...importQueue });
export const showImportEnv = z.object({ ...platformTable });
export const listRefusalsEnv = z.object({ ...platformTable });
export const cancelImportEnv = z.object({ ...platformTable, ...auditTable, ...uploads, ...importQueue });
export const countStockEnv = z.object({ ...platformTable, ...inventoryTable });
export const verifyStockEnv = z.object({ ...platformTable, ...inventoryTable });
export const listPoolsEnv = z.object({ ...platformTable, ...inventoryTable });
export const createPoolEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable });
export const changePoolEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable });
export const transferStockEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable });
export const listBatchesEnv = z.object({ ...platformTable, ...inventoryTable });
export const closeBatchEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable });
export const voidExpiredEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable });
export const findCodeEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable, ...fingerprintKey });
export const voidCodeEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable, ...fingerprintKey });
export const restoreStockEnv = z.object({
  ...ordersTable,
  ...platformTable,
  ...inventoryTable,
  ...auditTable,
  ...salesLog,
});
export const releaseWithheldEnv = z.object({ ...platformTable, ...inventoryTable, ...auditTable });
export const inspectOrderEnv = z.object({ ...ordersTable, ...ledgerTable, ...auditTable, ...workflow });
export const listReviewsEnv = z.object({ ...ordersTable, ...platformTable });
export const getReviewEnv = z.object({ ...ordersTable, ...platformTable, ...auditTable });
export const decideReviewEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...platformTable,
  ...ledgerTable,
  ...auditTable,
  ...secrets,
  ...codesKey,
  ...fingerprintKey,
});
export const decideReviewsEnv = z.object({ ...decideReviewEnv.shape });
export const getReviewSettingsEnv = z.object({ ...platformTable });
export const changeReviewSettingsEnv = z.object({ ...platformTable, ...auditTable });
export const listDeadLettersEnv = z.object({ ...platformTable, ...deadLetters });
export const replayDeadLettersEnv = z.object({
  ...ordersTable,
  ...platformTable,
  ...ledgerTable,
  ...auditTable,
  ...watchQueue,
  ...eventBus,
  ...deadLetters,
  ...salesLog,
});
