import { type Db, update } from "../aws/dynamo.ts";
import { type EventDeps, emit } from "../events/emit.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { allDirectories } from "./directory.ts";
import type { StockEvent } from "./events.ts";
import { type Directory, type Level, TOTAL } from "./model.ts";
import { nameOfPool } from "./pools.ts";
import { readRanges } from "./ranges.ts";
import { directoryKey } from "./table.ts";

type Deps = Db<"inventory"> & EventDeps;

/**
 * Tells of each pool of a product that has become low, sold out or full enough since the last look, once for each crossing. A
 * crossing is numbered in the table before it is told, and marked as told after that. If the process dies in between,
 * the next look tells it again under the same id, before any later crossing.
 */
export async function tellLevels(deps: Deps, productId: string, now: Date): Promise<void> {
  for (const directory of await allDirectories(deps, productId)) {
    const is = wordFor(await leftIn(deps, directory, now), directory.lowBelow ?? 0);
    const known = await tell(deps, directory, directory.level, now);
    if (known === "elsewhere" || (known ?? unseen(directory)).is === is) continue;
    const { crossing, told } = known ?? unseen(directory);
    const crossed = { is, crossing: crossing + 1, told };
    if (await noteLevel(deps, { ...directory, level: known }, crossed)) await tell(deps, directory, crossed, now);
  }
}

/** The level of a pool that was never looked at. A pool that never had stock has not become sold out. */
const unseen = ({ ranges }: Directory): Level => ({
  is: ranges.length === 0 ? "sold_out" : "ok",
  crossing: 0,
  told: 0,
});

/**
 * Tells of a crossing, unless that was done, and returns the level as it then is. `elsewhere`: somebody else has told
 * it and gone on.
 */
async function tell(
  deps: Deps,
  directory: Directory,
  level: Level | undefined,
  now: Date,
): Promise<Level | undefined | "elsewhere"> {
  if (level === undefined || level.told === level.crossing) return level;
  const { productId, pool } = directory;
  const events = [eventOf(directory, level, now)];
  await emit(deps, { subject: `${productId}/${pool}`, events, first: level.crossing });
  const told = { ...level, told: level.crossing };
  return (await noteLevel(deps, { ...directory, level }, told)) ? told : "elsewhere";
}

async function leftIn(deps: Deps, { ranges }: Directory, now: Date): Promise<number> {
  const soon = after(now, LIMITS.minimumValiditySeconds);
  const good = ranges.filter(({ expiresAt }) => expiresAt > soon).map(({ id }) => id);
  return (await readRanges(deps, good))
    .filter(({ state }) => state === "open")
    .reduce((sum, { left }) => sum + left, 0);
}

function wordFor(left: number, lowBelow: number): Level["is"] {
  if (left === 0) return "sold_out";
  return left < lowBelow ? "low" : "ok";
}

function eventOf({ productId, pool }: Directory, { is, crossing }: Level, now: Date): StockEvent {
  const facts = { productId, ...(pool === TOTAL ? {} : { pool: nameOfPool(pool) }) };
  const word = is === "ok" ? "replenished" : is;
  return { type: `stock.${word}`, occasion: `${productId}/${pool}#${crossing}`, at: now.toISOString(), facts };
}

type Known = Pick<Directory, "productId" | "pool"> & { level: Level | undefined };

/** Writes a pool's level. False: somebody else saw the same crossing, and tells it. */
async function noteLevel(deps: Deps, { productId, pool, level }: Known, to: Level): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.inventory,
    Key: directoryKey(productId, pool),
    UpdateExpression: "SET #level = :to",
    ConditionExpression: "attribute_not_exists(#level) OR #level = :from",
    ExpressionAttributeNames: { "#level": "level" },
    ExpressionAttributeValues: { ":to": to, ":from": level ?? {} },
  });
  return written.ok;
}
