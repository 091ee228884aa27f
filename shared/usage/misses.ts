import { type Db, update } from "../aws/dynamo.ts";
import { machineMs } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { type Refusal, refuse } from "../kernel/problem.ts";
import { hourOf, networkOf, type Patience, pauseAfter } from "./model.ts";
import { missKey, VERSION } from "./table.ts";

type Deps = Db<"operations">;

/** Who tries what leads nowhere: an address that comes with unknown keys or without the signature that a key needs, or a key that asks for ids that are not its channel's. */
export type Misser = { address: string } | { keyId: string };

const UNKNOWN_KEYS: Patience = { free: LIMITS.unknownKeysFree, most: LIMITS.unknownKeys };
const OTHERS_IDS: Patience = { free: LIMITS.missedIdsFree, most: LIMITS.missedIds };

const subjectOf = (who: Misser): string => ("keyId" in who ? who.keyId : networkOf(who.address));

/**
 * Counts a try that led nowhere. From some number on they are slowed: the answer is to wait a while, and this process answers so without
 * a write. From a higher one they are blocked until the hour is over. Others are not touched: each address and each key has a count of
 * its own, and a key that works opens as before.
 */
export async function countMiss(deps: Deps, who: Misser): Promise<Refusal | undefined> {
  const waits = mustWait(deps, who);
  if (waits !== undefined) return waits;
  const now = new Date(machineMs());
  const subject = subjectOf(who);
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: missKey(subject, hourOf(now)),
    UpdateExpression: "SET v = :v, expiresAtEpoch = :gone ADD misses :one",
    ExpressionAttributeValues: {
      ":v": VERSION,
      ":gone": Math.floor(now.getTime() / 1000) + LIMITS.missesKeptSeconds,
      ":one": 1,
    },
    ReturnValues: "UPDATED_NEW",
  });
  const misses = written.ok ? Number(written.item["misses"]) : 0;
  const seconds = pauseAfter(misses, "keyId" in who ? OTHERS_IDS : UNKNOWN_KEYS, now);
  if (seconds === 0) return undefined;
  paused.note(nameOf(deps, subject), now.getTime() + seconds * 1000);
  return mustWait(deps, who);
}

/** Tells whether somebody must wait whose tries led nowhere, as far as this process knows. */
export function mustWait(deps: Deps, who: Misser): Refusal | undefined {
  const until = paused.recall(nameOf(deps, subjectOf(who))) ?? 0;
  const seconds = Math.ceil((until - machineMs()) / 1000);
  if (seconds <= 0) return undefined;
  const what =
    "keyId" in who
      ? "Too many ids that this API key can't see"
      : "Too many unknown API keys, or requests that are not signed as they must be, from this network";
  return { ...refuse("too_many_requests", `${what}: wait.`), retryAfterSeconds: seconds };
}

const nameOf = ({ tables }: Deps, subject: string): string => `${tables.operations} ${subject}`;

/** Until when an address or a key is told to wait, in milliseconds of the machine. */
const paused = memory<number>({ lastsMs: 3_600_000, most: 10_000 });
