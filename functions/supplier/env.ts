import * as z from "zod";
import { given } from "../runtime/env.ts";

const {
  ordersTable,
  inventoryTable,
  platformTable,
  personalKey,
  callbackQueue,
  syncQueue,
  secrets,
  codesKey,
  fingerprintKey,
} = given;

export const receiveCallbackEnv = z.object({
  ...ordersTable,
  ...platformTable,
  ...personalKey,
  ...callbackQueue,
  ...secrets,
});
export const processCallbackEnv = z.object({
  ...ordersTable,
  ...platformTable,
  ...secrets,
  ...syncQueue,
  ...inventoryTable,
  ...codesKey,
  ...fingerprintKey,
});
