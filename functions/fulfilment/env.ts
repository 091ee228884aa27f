import * as z from "zod";
import { given } from "../runtime/env.ts";

const { ordersTable, inventoryTable, platformTable, ledgerTable, personalKey, secrets } = given;

export const planOrderEnv = z.object({ ...ordersTable, ...inventoryTable, ...ledgerTable });
export const placeLineEnv = z.object({ ...ordersTable, ...platformTable, ...personalKey, ...secrets });
export const askSupplierEnv = z.object({ ...ordersTable, ...platformTable, ...secrets });
export const awaitWakeUpEnv = z.object({ ...ordersTable });
export const noteFailedRunEnv = z.object({ ...ordersTable });
