import { fingerprintOf } from "../kernel/ids.ts";
import { isObject } from "../kernel/merge.ts";
import type { AuditFacts } from "./table.ts";

/** One field that a change changes. Without `before` it was not there; without `after` it is there no more. */
export type Difference = { field: string; before?: unknown; after?: unknown };

/**
 * Compares two objects field by field and gives the fields that differ. A nested field is named by its path, for
 * example `limits.perBuyer.quantity`; a list is one field.
 */
export function differences(before: object, after: object): Difference[] {
  const [old, now] = [leavesOf(before), leavesOf(after)];
  return (
    [...new Set([...old.keys(), ...now.keys()])]
      .sort()
      .filter((field) => field !== "version" && field !== "listing")
      // A list may come back from a table with its members in another order.
      .filter((field) => fingerprintOf([old.get(field)]) !== fingerprintOf([now.get(field)]))
      .map((field) => ({
        field,
        ...(old.has(field) ? { before: old.get(field) } : {}),
        ...(now.has(field) ? { after: now.get(field) } : {}),
      }))
  );
}

function leavesOf(value: object, path = ""): Map<string, unknown> {
  return new Map(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .flatMap(([name, part]): [string, unknown][] =>
        isObject(part) ? [...leavesOf(part, `${path}${name}.`)] : [[`${path}${name}`, part]],
      ),
  );
}

/** Gives all fields of a thing as facts of the audit trail, for what is made, moved or asked for. */
export const factsIn = (value: object): AuditFacts =>
  Object.fromEntries([...leavesOf(value)].map(([field, part]) => [field, factOf(part)]));

/** Gives differences as facts of the audit trail: what was before, and what is after. */
export function factsOf(changes: readonly Difference[]): { before: AuditFacts; after: AuditFacts } {
  const facts = (side: "before" | "after"): AuditFacts =>
    Object.fromEntries(
      changes.flatMap((change) => (side in change ? [[change.field, factOf(change[side])] as const] : [])),
    );
  return { before: facts("before"), after: facts("after") };
}

const factOf = (value: unknown): string | number | boolean =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : JSON.stringify(value);
