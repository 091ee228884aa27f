import {
  documentClient,
  eventsClient,
  kmsClient,
  s3Client,
  sfnClient,
  sqsClient,
  ssmClient,
} from "../../shared/aws/clients.ts";
import { systemClock } from "../../shared/kernel/clock.ts";

/** Clients made once per process, when a function first asks for one; esbuild drops those that it never names. */
export const db = documentClient();
export { eventsClient, kmsClient, s3Client, sfnClient, sqsClient, ssmClient };
export const clock = systemClock;

const NAMES = {
  ORDERS_TABLE: "orders",
  INVENTORY_TABLE: "inventory",
  IDENTITY_TABLE: "identity",
  CATALOG_TABLE: "catalog",
  OPERATIONS_TABLE: "operations",
  PLATFORM_TABLE: "platform",
  LEDGER_TABLE: "ledger",
  AUDIT_TABLE: "audit",
} as const;
type Names = typeof NAMES;

/** The tables that a function's environment names, under the names that use cases know them by. */
export function tablesIn<E extends object>(env: E): { [K in keyof E & keyof Names as Names[K]]: string } {
  const tables = Object.entries(NAMES).flatMap(([variable, name]) => {
    const value = (env as Record<string, unknown>)[variable];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return Object.fromEntries(tables) as { [K in keyof E & keyof Names as Names[K]]: string };
}
