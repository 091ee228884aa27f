import * as z from "zod";
import { given } from "../runtime/env.ts";

const { deadLetters, eventBus, ledgerTable, ordersTable, operationsTable, salesLog, watchQueue, workflow } = given;

export const startFulfilmentEnv = z.object({
  ...ordersTable,
  ...deadLetters,
  ...operationsTable,
  ...watchQueue,
  ...workflow,
  ...eventBus,
  WATCH_SECONDS: z.coerce.number().int().min(1).max(900),
});
export const settleMoneyEnv = z.object({ ...ledgerTable, ...operationsTable, ...salesLog, ...deadLetters });
