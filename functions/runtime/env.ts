import * as z from "zod";

/**
 * What a function is given: each function's schema is checked at its cold start, and types what the infrastructure must
 * provide. Tables and keys are granted by the same names (see infra), so nothing is given that is not declared.
 */
export const given = {
  ordersTable: { ORDERS_TABLE: z.string() },
  inventoryTable: { INVENTORY_TABLE: z.string() },
  identityTable: { IDENTITY_TABLE: z.string() },
  catalogTable: { CATALOG_TABLE: z.string() },
  operationsTable: { OPERATIONS_TABLE: z.string() },
  platformTable: { PLATFORM_TABLE: z.string() },
  ledgerTable: { LEDGER_TABLE: z.string() },
  auditTable: { AUDIT_TABLE: z.string() },
  codesKey: { CODES_KEY: z.string() },
  personalKey: { PERSONAL_KEY: z.string() },
  fingerprintKey: { FINGERPRINT_KEY: z.string() },
  generationKey: { GENERATION_KEY: z.string() },
  recognitionKey: { RECOGNITION_KEY: z.string() },
  callbackQueue: { CALLBACK_QUEUE_URL: z.string() },
  watchQueue: { WATCH_QUEUE_URL: z.string() },
  syncQueue: { SYNC_QUEUE_URL: z.string() },
  importQueue: { IMPORT_QUEUE_URL: z.string() },
  salesLog: { SALES_LOG: z.string() },
  goodsFiles: { GOODS_BUCKET: z.string() },
  uploads: { UPLOAD_BUCKET: z.string() },
  eventBus: { EVENT_BUS: z.string() },
  deadLetters: { QUEUE_PREFIX: z.string() },
  workflow: { WORKFLOW_ARN: z.string() },
  secrets: { SECRETS_PREFIX: z.string() },
};

/** The environment of this process, checked. Throws at cold start when the deployment forgot something. */
export function readEnv<S extends z.ZodRawShape>(schema: z.ZodObject<S>): z.infer<z.ZodObject<S>> {
  return schema.parse(process.env);
}

/** The name of the environment that this function runs in, for example `prod`. */
export const environment = (): string => readEnv(z.object({ ENVIRONMENT: z.string().default("local") })).ENVIRONMENT;
