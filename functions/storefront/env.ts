import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
  platformTable,
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
  ...platformTable,
  ...ledgerTable,
  ...auditTable,
  ...codesKey,
  ...personalKey,
  ...recognitionKey,
});
export const getOrderEnv = z.object({ ...ordersTable, ...platformTable });
export const listOrdersEnv = z.object({ ...ordersTable, ...platformTable });
export const getDeliverablesEnv = z.object({
  ...ordersTable,
  ...inventoryTable,
  ...platformTable,
  ...auditTable,
  ...codesKey,
});
export const exportDeliverablesEnv = getDeliverablesEnv.extend(goodsFiles);
export const cancelOrderEnv = z.object({ ...ordersTable, ...inventoryTable, ...platformTable, ...ledgerTable });
export const payOrderEnv = z.object({ ...ordersTable, ...inventoryTable, ...platformTable, ...ledgerTable });
export const listProductsEnv = z.object({ ...platformTable, ...inventoryTable });
export const getProductEnv = z.object({ ...platformTable, ...inventoryTable });
export const getAccountEnv = z.object({ ...platformTable, ...ledgerTable });
export const getOpenapiEnv = z.object({});
export const notFoundEnv = z.object({});
