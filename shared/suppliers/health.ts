import { batchGet } from "../aws/batch-get.ts";
import { type Db, type Key, update } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { PlaceOutcome } from "./contract.ts";
import { OUT_OF_FUNDS } from "./out-of-funds.ts";
import { type Supplier, supplierKey } from "./settings.ts";

/**
 * A circuit breaker for each supplier, shared by all processes in one small item. Closed, it costs nothing: a call that works
 * after others that worked writes nothing. Failures in a row, whoever's calls they are, open it; then the supplier is left
 * alone but for one probe in each pause, whose success closes it.
 */
export type Health = {
  state?: "well" | "sick";
  /** Sick since, and why; and when the next probe may be made. */
  since?: string;
  cause?: SicknessCause;
  probeAt?: string;
  /** Failures in a row, as long as the next comes before `windowUntil`. */
  failed?: number;
  windowUntil?: string;
};

export type SicknessCause = "failing" | "out_of_funds";

type Deps = Db<"operations">;

const healthKey = (supplierId: string): Key => ({ ...supplierKey(supplierId), sk: "health" });

/** A supplier with its health, as of a few seconds ago. */
export type Known = { supplier: Supplier; health?: Health };

const cache = new Map<string, { known: Known; until: number }>();
const CACHED_SUPPLIERS = 1_000;

/** Those of the suppliers that exist, each with its health, in one read, which serves all orders of the next seconds. */
export async function knownSuppliers(deps: Deps, ids: readonly string[]): Promise<Map<string, Known>> {
  const table = deps.tables.operations;
  const nameOf = (id: string): string => `${table}/${id}`;
  const wanted = [...new Set(ids)];
  // Taken before the read: while it lasts, whoever notes a failure takes what is cached away.
  const found = new Map<string, Known>();
  for (const id of wanted) {
    const cached = cache.get(nameOf(id));
    if (cached !== undefined && cached.until > Date.now()) found.set(id, cached.known);
  }
  const missing = wanted.filter((id) => !found.has(id));
  if (missing.length === 0) return found;
  const items = await batchGet(
    deps.db,
    table,
    missing.flatMap((id) => [supplierKey(id), healthKey(id)]),
  );
  if (cache.size > CACHED_SUPPLIERS) cache.clear();
  for (const id of missing) {
    const of = (key: Key) => items.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
    const supplier = of(supplierKey(id)) as Supplier | undefined;
    const health = of(healthKey(id)) as Health | undefined;
    if (supplier === undefined) continue;
    const known = { supplier, ...(health === undefined ? {} : { health }) };
    found.set(id, known);
    cache.set(nameOf(id), { known, until: Date.now() + LIMITS.supplierCacheSeconds * 1000 });
  }
  return found;
}

function forget(deps: Deps, supplierId: string): void {
  cache.delete(`${deps.tables.operations}/${supplierId}`);
}

/** Until when nobody calls it; undefined: it may be called, though perhaps only as the probe (see `mayCall`). */
export function sickUntil(health: Health | undefined, now: Date): string | undefined {
  const { state, probeAt } = health ?? {};
  return state === "sick" && probeAt !== undefined && probeAt > now.toISOString() ? probeAt : undefined;
}

/** May this caller call? Anyone, if the supplier is well; of those that come after the pause, the one that wins the probe. */
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
  // It recovered meanwhile, or somebody else probes: who looks again knows which.
  return won.ok;
}

/** What a call says of its supplier's health. Being asked to slow down is no sickness, and neither is a refusal. */
export function signOf(outcome: PlaceOutcome): "worked" | SicknessCause | undefined {
  if (outcome.kind === "rejected") return outcome.reason === OUT_OF_FUNDS ? "out_of_funds" : "worked";
  if (outcome.kind === "unknown") return "failing";
  if (outcome.kind === "not_sent") return outcome.reason === "throttled" ? undefined : "failing";
  return "worked";
}

/** What a call has changed: its supplier fell sick, or is well again. */
export type HealthChange =
  | { supplierId: string; change: "fell_sick"; cause: SicknessCause }
  | { supplierId: string; change: "recovered" };

/**
 * Takes note of a call. Returns what it changed: the supplier fell sick, or recovered. Nothing that goes wrong in here may
 * cost an order: then the breaker knows a little less.
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
        return (await recover(deps, id)) ? { supplierId: id, change: "recovered" } : undefined;
      if (health?.failed !== undefined) await endRow(deps, id);
      return undefined;
    }
    const isTooMuch = sign === "out_of_funds" || (await countFailure(deps, id, now)) >= LIMITS.failuresToSick;
    const fell = isTooMuch && (await fallSick(deps, id, sign, now));
    return fell ? { supplierId: id, change: "fell_sick", cause: sign } : undefined;
  } catch {
    return undefined;
  }
}

/** Adds a failure to the row, or begins a new one when the last is long ago. Returns how many it then has. */
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

/** A call worked: what failed before it was chance. */
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

/** True for the one call that changed it; a probe that fails too only waits for the next. */
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

/** True for the one call that changed it. What failed before it recovered is forgotten. */
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
