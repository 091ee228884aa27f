import { type Needs, together } from "./needs.ts";
import type { Operation, Operations } from "./operation.ts";

/** What the shell itself does for an operation: it reads the caller's API key, notes its use, keeps it to its pace and counts what leads nowhere, notes the request's key, records the act. */
const SHELL = {
  scope: {
    identityTable: ["GetItem"],
    keyUse: ["UpdateItem"],
    paces: ["UpdateItem"],
    misses: ["UpdateItem"],
    nonces: ["PutItem"],
  },
  remembered: { requestNotes: ["PutItem"] },
  audit: { auditTable: ["PutItem"] },
} as const satisfies Record<string, Needs>;

type ShellNeeds<O extends Operation> =
  | (O extends { scope: string } ? (typeof SHELL)["scope"] : never)
  | (O extends { idempotent: "remembered" } ? (typeof SHELL)["remembered"] : never)
  | (O extends { audit: object } ? (typeof SHELL)["audit"] : never);

/** The needs of operations and of their shell, as a union of types. */
export type NeedsOf<O extends Operations> = { [Id in keyof O]: O[Id]["needs"] | ShellNeeds<O[Id]> }[keyof O];

/** All that a function needs which answers these operations: the needs of their handlers and of their shell. */
export const needsOf = (operations: Operations): Needs =>
  together(
    ...Object.values(operations).flatMap(({ needs, scope, idempotent, audit }) => [
      needs,
      ...(scope === undefined ? [] : [SHELL.scope]),
      ...(idempotent === "remembered" ? [SHELL.remembered] : []),
      ...(audit === undefined ? [] : [SHELL.audit]),
    ]),
  );
