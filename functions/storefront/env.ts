import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
  identityTable,
  catalogTable,
  operationsTable,
  ledgerTable,
  auditTable,
  codesKey,
  personalKey,
  recognitionKey,
  goodsFiles,
} = given;

export const placeOrderEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...identityTable,
  ...catalogTable,
  ...operationsTable,
  ...ledgerTable,
  ...auditTable,
  ...codesKey,
  ...personalKey,
  ...recognitionKey,
});
export const getOrderEnv = z.object({ ...ordersTable, ...identityTable });
export const listOrdersEnv = z.object({ ...ordersTable, ...identityTable });
export const getDeliverablesEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...identityTable,
  ...auditTable,
  ...codesKey,
});
export const exportDeliverablesEnv = getDeliverablesEnv.extend({ ...operationsTable, ...goodsFiles });
export const cancelOrderEnv = z.object({ ...ordersTable, ...inventoryTable, ...identityTable, ...ledgerTable });
export const payOrderEnv = z.object({ ...ordersTable, ...inventoryTable, ...identityTable, ...ledgerTable });
export const listProductsEnv = z.object({ ...identityTable, ...catalogTable, ...operationsTable, ...inventoryTable });
export const getProductEnv = z.object({ ...identityTable, ...catalogTable, ...operationsTable, ...inventoryTable });
export const getAccountEnv = z.object({ ...identityTable, ...ledgerTable });
export const getOpenapiEnv = z.object({});
export const notFoundEnv = z.object({});
