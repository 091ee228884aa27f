import {
  documentClient,
  eventsClient,
  kmsClient,
  s3Client,
  sfnClient,
  sqsClient,
  ssmClient,
} from "../../shared/aws/clients.ts";
import { clock } from "./clock.ts";
import { type EnvironmentFor, environmentFor, shopZone } from "./env.ts";
import type { Needs } from "./needs.ts";
import type { Operations } from "./operation.ts";
import { type NeedsOf, needsOf } from "./shell-needs.ts";
import { type Jobs, type NeedsOfWorker, needsOfWorker, type Started } from "./worker.ts";

/** Clients made once per process, when a function first asks for one; esbuild drops those that it never names. */
export const db = documentClient();
export { clock, eventsClient, kmsClient, s3Client, sfnClient, sqsClient, ssmClient };

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

/** What every function's use cases take: the database with the tables that it needs, the clock, and the shop's zone. */
type Deps<E> = {
  db: typeof db;
  tables: { [K in keyof E & keyof Names as Names[K]]: string };
  clock: typeof clock;
  zone: string;
};

/** Gives a function with these needs its environment, and the dependencies that every use case takes. */
export function dependenciesFor<N extends Needs>(
  ...needs: readonly N[]
): { env: EnvironmentFor<N>; deps: Deps<EnvironmentFor<N>> } {
  const env = environmentFor(...needs);
  const tables = Object.entries(NAMES).flatMap(([variable, name]) => {
    const value = (env as Record<string, unknown>)[variable];
    return typeof value === "string" ? [[name, value]] : [];
  });
  return {
    env,
    deps: { db, tables: Object.fromEntries(tables) as Deps<EnvironmentFor<N>>["tables"], clock, zone: shopZone() },
  };
}

/** Gives a function that answers these operations its environment and dependencies. */
export const dependenciesOf = <O extends Operations>(operations: O) =>
  dependenciesFor(needsOf(operations) as NeedsOf<O>);

/** Gives a function that a queue, a stream, an event or the workflow starts its environment and dependencies. */
export const dependenciesOfWorker = <W extends Started>(worker: W) =>
  dependenciesFor(needsOfWorker(worker) as NeedsOfWorker<W>);

/** Gives a function that does these jobs its environment and dependencies. */
export const dependenciesOfJobs = <J extends Jobs>(jobs: J) =>
  dependenciesFor(...Object.values(jobs).map(({ needs }) => needs as J[keyof J]["needs"]));
