import { Duration } from "aws-cdk-lib";
import { buyer } from "../functions/buyer/operations.ts";
import { developer } from "../functions/developer/operations.ts";
import { operator } from "../functions/operator/operations.ts";
import { payment } from "../functions/payment/operations.ts";
import { kebab } from "../functions/runtime/kebab.ts";
import type { ActionOf, Needs, Resource } from "../functions/runtime/needs.ts";
import type { Operations } from "../functions/runtime/operation.ts";
import { needsOf } from "../functions/runtime/shell-needs.ts";
import { needsOfWorker, type Worker } from "../functions/runtime/worker.ts";
import { storefront } from "../functions/storefront/operations.ts";
import { supplier } from "../functions/supplier/operations.ts";
import { workers } from "../functions/workers/workers.ts";

type In<Domains> = { [Domain in keyof Domains]: keyof Domains[Domain] }[keyof Domains] & string;
type HttpName =
  | In<typeof storefront>
  | In<typeof buyer>
  | In<typeof developer>
  | In<typeof supplier>
  | In<typeof payment>
  | In<typeof operator>;
export type WorkerName = In<typeof workers>;
export type FunctionName = HttpName | WorkerName;

/** Who calls a function: each has a folder under `functions`. */
export type Room = "storefront" | "buyer" | "developer" | "supplier" | "payment" | "operator" | "workers";

export interface FunctionSpec {
  readonly name: FunctionName;
  readonly room: Room;
  /** As files and deployed functions are called: `place-order`. */
  readonly kebabName: string;
  /** Its source, below `functions`, without its ending. */
  readonly source: string;
  readonly needs: Needs;
  /** What it answers, if it is called over HTTP. */
  readonly operations?: Operations;
  readonly worker?: Worker;
}

function* specsIn<What>(
  room: Room,
  domains: Readonly<Record<string, Readonly<Record<string, What>>>>,
  rest: (what: What) => Pick<FunctionSpec, "needs" | "operations" | "worker">,
): Generator<FunctionSpec> {
  for (const [domain, functions] of Object.entries(domains))
    for (const [name, what] of Object.entries(functions)) {
      const kebabName = kebab(name);
      yield { name: name as FunctionName, room, kebabName, source: `${room}/${domain}/${kebabName}`, ...rest(what) };
    }
}

const http = (operations: Operations) => ({ operations, needs: needsOf(operations) });

/** Every function there is, as its operations or its worker describe it. */
export const functionSpecs: readonly FunctionSpec[] = [
  ...specsIn<Operations>("storefront", storefront, http),
  ...specsIn<Operations>("buyer", buyer, http),
  ...specsIn<Operations>("developer", developer, http),
  ...specsIn<Operations>("supplier", supplier, http),
  ...specsIn<Operations>("payment", payment, http),
  ...specsIn<Operations>("operator", operator, http),
  ...specsIn<Worker>("workers", workers, (worker) => ({ worker, needs: needsOfWorker(worker) })),
];

export function specOf(name: FunctionName): FunctionSpec {
  const found = functionSpecs.find((spec) => spec.name === name);
  if (found === undefined) throw new Error(`There is no function ${name}.`);
  return found;
}

/** Finds the functions that may do this with that resource. */
export function whoMay<R extends Resource>(resource: R, action: ActionOf<R>): FunctionName[] {
  return functionSpecs.filter(({ needs }) => needs[resource]?.includes(action as never)).map(({ name }) => name);
}

/** MB, which is CPU too: Lambda gives a whole one at 1,769. An import encrypts 5,000 codes within one request. */
const memory: Partial<Record<FunctionName, number>> = {
  placeOrder: 1024,
  importStock: 1024,
  runImport: 1024,
  // Holds a day of a provider: 150,000 names and a packed statement.
  reconcileDay: 1769,
  // Opens up to 100,000 codes and encrypts them again.
  exportDeliverables: 1769,
};
export const memoryOf = ({ name }: FunctionSpec): number => memory[name] ?? 512;

/** Functions of long background work. Two of them may run at once. */
const LONG = new Set<FunctionName>([
  "syncSupplier",
  "runImport",
  "reconcileDay",
  "ordersSchedule",
  "stockSchedule",
  "suppliersSchedule",
  "webhooksSchedule",
  "reconciliationSchedule",
]);

/**
 * Gives a function's time-out. API Gateway gives up after 30 s. A task ends after 20 s: a line that is `placing` for
 * longer is taken to have no caller any more.
 */
export function timeoutOf({ name, worker }: FunctionSpec): Duration {
  if (worker === undefined) return Duration.seconds(29);
  if (worker.trigger === "task" || worker.trigger === "event") return Duration.seconds(20);
  return LONG.has(name) ? Duration.minutes(5) : Duration.minutes(1);
}
