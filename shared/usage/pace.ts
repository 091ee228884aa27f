import { type Db, type Key, update, type Written } from "../aws/dynamo.ts";
import { machineMs } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { type Lane, lanesOf, latestAt, leftAt, type Pace } from "./model.ts";
import { paceKey, VERSION } from "./table.ts";

type Deps = Db<"operations">;

/** Whether a request keeps the pace; how many more would, and in how many seconds there is one more. */
export type Kept = { isIn: boolean; left: number; seconds: number };

/**
 * Lets a request in if it keeps the pace, exactly, however many processes ask at once: GCRA, in one item for each lane. One write lets
 * it in, or refuses it; a process that knows from its own writes that there is no place yet refuses without a write, for what is used
 * never goes down. Only a request that finds a lane at rest and loses it to another process at that very moment writes twice.
 *
 * It goes by the machine's time, as all that is measured in seconds.
 */
export async function keepPace(deps: Deps, subject: string, pace: Pace): Promise<Kept> {
  const lanes = lanesOf(pace);
  const first = Math.floor(turn++ % lanes.length);
  const nowUs = machineMs() * 1000;
  let soonest = Number.POSITIVE_INFINITY;
  for (const lane of [...lanes.slice(first), ...lanes.slice(0, first)]) {
    const { isIn, usedUpTo } = await useLane(deps, paceKey(subject, pace, lane.lane), lane, {
      nowUs,
      goneAt: goneAt(nowUs, pace),
    });
    const { left, moreInUs } = leftAt(nowUs, usedUpTo, lane);
    if (isIn) return { isIn, left: left * lanes.length, seconds: Math.ceil(moreInUs / 1e6) };
    soonest = Math.min(soonest, moreInUs);
  }
  return { isIn: false, left: 0, seconds: Math.max(1, Math.ceil(soonest / 1e6)) };
}

/** The lane that the next request of this process asks first: all lanes get their share. */
let turn = 0;

/** What is used up to a moment that has passed says nothing any more. */
const goneAt = (nowUs: number, { windowSeconds }: Pace): number =>
  Math.ceil(nowUs / 1e6) + windowSeconds + LIMITS.paceKeptSeconds;

async function useLane(
  deps: Deps,
  key: Key,
  lane: Lane,
  { nowUs, goneAt }: { nowUs: number; goneAt: number },
): Promise<{ isIn: boolean; usedUpTo: number }> {
  const name = `${deps.tables.operations} ${key.pk}`;
  const latest = latestAt(nowUs, lane);
  let usedUpTo = known.recall(name) ?? 0;
  // At rest, then on top of what others have used; a third time only where an item has vanished.
  for (let tries = 0; tries < 3 && usedUpTo <= latest; tries++) {
    const isAtRest = usedUpTo < nowUs;
    const written = await write(deps, key, { ...lane, isAtRest, nowUs, latest, goneAt });
    usedUpTo = Number((written.ok ? written.item : written.old)?.["usedUpTo"] ?? 0);
    known.note(name, usedUpTo);
    if (written.ok) return { isIn: true, usedUpTo };
  }
  return { isIn: false, usedUpTo: Math.max(usedUpTo, latest + 1) };
}

function write(
  { db, tables }: Deps,
  key: Key,
  of: { isAtRest: boolean; nowUs: number; stepUs: number; latest: number; goneAt: number },
): Promise<Written> {
  const { isAtRest, nowUs, stepUs, latest, goneAt } = of;
  const how = isAtRest
    ? {
        UpdateExpression: "SET v = :v, expiresAtEpoch = :gone, usedUpTo = :next",
        ConditionExpression: "attribute_not_exists(usedUpTo) OR usedUpTo < :now",
        ExpressionAttributeValues: { ":v": VERSION, ":gone": goneAt, ":now": nowUs, ":next": nowUs + stepUs },
      }
    : {
        UpdateExpression: "SET v = :v, expiresAtEpoch = :gone, usedUpTo = usedUpTo + :step",
        ConditionExpression: "usedUpTo BETWEEN :now AND :latest",
        ExpressionAttributeValues: {
          ":v": VERSION,
          ":gone": goneAt,
          ":now": nowUs,
          ":latest": latest,
          ":step": stepUs,
        },
      };
  return update(db, { TableName: tables.operations, Key: key, ...how, ReturnValues: "UPDATED_NEW" });
}

/** Up to when a lane was used at least, as this process has seen it. It never goes down. */
const known = memory<number>({ lastsMs: Number.POSITIVE_INFINITY, most: 10_000 });
