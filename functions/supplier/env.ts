import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
  operationsTable,
  personalKey,
  callbackQueue,
  syncQueue,
  secrets,
  codesKey,
  fingerprintKey,
} = given;

export const receiveCallbackEnv = z.object({
  ...ordersTable,
  ...operationsTable,
  ...personalKey,
  ...callbackQueue,
  ...secrets,
});
export const processCallbackEnv = z.object({
  ...ordersTable,
  ...operationsTable,
  ...secrets,
  ...syncQueue,
  ...inventoryTable,
  ...codesKey,
  ...fingerprintKey,
});
