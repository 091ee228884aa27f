import { batchGet } from "../aws/batch-get.ts";
import { type Db, type Key, update } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import type { PlaceOutcome } from "./contract.ts";
import { OUT_OF_FUNDS } from "./out-of-funds.ts";
import type { Supplier } from "./settings.ts";
import { type Health, healthKey, healths, type SicknessCause, supplierKey, suppliers } from "./table.ts";

type Deps = Db<"operations">;

/** A supplier with its health, as of a few seconds ago. */
export type Known = { supplier: Supplier; health?: Health };

const remembered = memory<Known>({ lastsMs: LIMITS.supplierCacheSeconds * 1000, most: 1_000 });

/**
 * Reads suppliers with their health, in one read that serves all orders of the next seconds. Missing ones are left out.
 */
export async function knownSuppliers(deps: Deps, ids: readonly string[]): Promise<Map<string, Known>> {
  const table = deps.tables.operations;
  const nameOf = (id: string): string => `${table}/${id}`;
  const wanted = [...new Set(ids)];
  // Recalled before the read: while that lasts, another call that notes a failure may forget it.
  const found = new Map<string, Known>();
  for (const id of wanted) {
    const known = remembered.recall(nameOf(id));
    if (known !== undefined) found.set(id, known);
  }
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  const items = await batchGet(
    deps.db,
    table,
    missing.flatMap((id) => [supplierKey(id), healthKey(id)]),
  );
  for (const id of missing) {
    const of = (key: Key) => items.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
    const supplier = suppliers.find(of(supplierKey(id)));
    const health = healths.find(of(healthKey(id)));
    if (supplier === undefined) continue;
    const known = { supplier, ...(health === undefined ? {} : { health }) };
    found.set(id, known);
    remembered.note(nameOf(id), known);
  }
  return found;
}

function forget(deps: Deps, supplierId: string): void {
  remembered.forget(`${deps.tables.operations}/${supplierId}`);
}

/** Gives until when nobody calls a supplier. Undefined: it may be called, perhaps only as the probe (see `mayCall`). */
export function sickUntil(health: Health | undefined, now: Date): string | undefined {
  const { state, probeAt } = health ?? {};
  return state === "sick" && probeAt !== undefined && probeAt > now.toISOString() ? probeAt : undefined;
}

/** Tells whether this caller may call: if the supplier is well, or if the caller wins the probe after the pause. */
export async function mayCall(deps: Deps, { supplier, health }: Known, now: Date): Promise<boolean> {
  if (health?.state !== "sick") return true;
  const won = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: healthKey(supplier.id),
    UpdateExpression: "SET probeAt = :next",
    ConditionExpression: "#state = :sick AND probeAt = :seen",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: {
      ":sick": "sick",
      ":seen": health.probeAt,
      ":next": after(now, LIMITS.probePauseSeconds),
    },
  });
  forget(deps, supplier.id);
  // Otherwise it recovered meanwhile, or somebody else probes; the caller looks again.
  return won.ok;
}

/**
 * Says what a call tells of its supplier's health. Being asked to slow down is no sickness, and neither is a refusal.
 */
export function signOf(outcome: PlaceOutcome): "worked" | SicknessCause | undefined {
  if (outcome.kind === "rejected") return outcome.reason === OUT_OF_FUNDS ? "out_of_funds" : "worked";
  if (outcome.kind === "unknown") return "failing";
  if (outcome.kind === "not_sent") return outcome.reason === "throttled" ? undefined : "failing";
  return "worked";
}

/** What a call has changed: its supplier fell sick, or recovered. */
export type HealthChange =
  | { kind: "fell_sick"; supplierId: string; cause: SicknessCause }
  | { kind: "recovered"; supplierId: string };

/**
 * Notes a call. Returns what it changed: the supplier fell sick, or recovered. Nothing that fails in here may cost an
 * order; then the breaker only knows a little less.
 */
export async function noteCall(
  deps: Deps,
  { supplier, health }: Known,
  outcome: PlaceOutcome,
  now: Date,
): Promise<HealthChange | undefined> {
  const sign = signOf(outcome);
  const { id } = supplier;
  try {
    if (sign === undefined) return undefined;
    if (sign === "worked") {
      if (health?.state === "sick")
        return (await recover(deps, id)) ? { kind: "recovered", supplierId: id } : undefined;
      if (health?.failed !== undefined) await endRow(deps, id);
      return undefined;
    }
    const isTooMuch = sign === "out_of_funds" || (await countFailure(deps, id, now)) >= LIMITS.failuresToSick;
    const fell = isTooMuch && (await fallSick(deps, id, sign, now));
    return fell ? { kind: "fell_sick", supplierId: id, cause: sign } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Counts a failure in the present row, or begins a new row if the last failure is long ago. Returns how many the row
 * has.
 */
async function countFailure(deps: Deps, supplierId: string, now: Date): Promise<number> {
  const at = { TableName: deps.tables.operations, Key: healthKey(supplierId) };
  const values = {
    ":one": 1,
    ":until": after(now, LIMITS.failureWindowSeconds),
    ":now": now.toISOString(),
  };
  forget(deps, supplierId);
  const counted = await update(deps.db, {
    ...at,
    UpdateExpression: "SET failed = failed + :one, windowUntil = :until",
    ConditionExpression: "windowUntil > :now",
    ExpressionAttributeValues: values,
    ReturnValues: "ALL_NEW",
  });
  if (counted.ok) return Number(counted.item["failed"]);
  await update(deps.db, {
    ...at,
    UpdateExpression: "SET failed = :one, windowUntil = :until",
    ConditionExpression: "attribute_not_exists(windowUntil) OR windowUntil <= :now",
    ExpressionAttributeValues: values,
  });
  return 1;
}

/** Ends the row of failures, because a call worked. */
async function endRow(deps: Deps, supplierId: string): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: healthKey(supplierId),
    UpdateExpression: "REMOVE failed, windowUntil",
    ConditionExpression: "attribute_exists(failed) AND (attribute_not_exists(#state) OR #state = :well)",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":well": "well" },
  });
  forget(deps, supplierId);
}

/** Marks a supplier as sick. True for the one call that changed it; after a failed probe it only waits for the next. */
async function fallSick(deps: Deps, supplierId: string, cause: SicknessCause, now: Date): Promise<boolean> {
  const fell = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: healthKey(supplierId),
    UpdateExpression: "SET #state = :sick, since = :now, cause = :cause, probeAt = :probe",
    ConditionExpression: "attribute_not_exists(#state) OR #state = :well",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: {
      ":sick": "sick",
      ":well": "well",
      ":cause": cause,
      ":now": now.toISOString(),
      ":probe": after(now, LIMITS.probePauseSeconds),
    },
  });
  forget(deps, supplierId);
  return fell.ok;
}

/** Marks a supplier as well. True for the one call that changed it. Earlier failures are forgotten. */
async function recover(deps: Deps, supplierId: string): Promise<boolean> {
  const recovered = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: healthKey(supplierId),
    UpdateExpression: "SET #state = :well REMOVE since, cause, probeAt, failed, windowUntil",
    ConditionExpression: "#state = :sick",
    ExpressionAttributeNames: { "#state": "state" },
    ExpressionAttributeValues: { ":well": "well", ":sick": "sick" },
  });
  forget(deps, supplierId);
  return recovered.ok;
}
