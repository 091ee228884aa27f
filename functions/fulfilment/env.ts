import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
  catalogTable,
  operationsTable,
  ledgerTable,
  personalKey,
  secrets,
  codesKey,
  fingerprintKey,
  eventBus,
} = given;

/** What it takes to put goods that a supplier handed over into the vault. */
const vault = { ...inventoryTable, ...codesKey, ...fingerprintKey };

export const planOrderEnv = z.object({ ...ordersTable, ...inventoryTable, ...ledgerTable });
export const placeLineEnv = z.object({
  ...ordersTable,
  ...catalogTable,
  ...operationsTable,
  ...personalKey,
  ...secrets,
  ...eventBus,
  ...vault,
});
export const askSupplierEnv = z.object({ ...ordersTable, ...operationsTable, ...secrets, ...vault });
export const awaitWakeUpEnv = z.object({ ...ordersTable });
export const noteFailedRunEnv = z.object({ ...ordersTable });
