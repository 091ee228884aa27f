import * as z from "zod";
import { batchGet } from "../aws/batch-get.ts";
import type { Db, Writes } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type Counter, isHolding, type Raised } from "./model.ts";

type Deps = Db<"orders">;

/**
 * Counters lie beside the orders, because they are raised in the write that puts the order. A day after its period a
 * counter may go.
 */
const counterKey = (key: string) => ({ pk: key, sk: "limit" });
const KEPT_SECONDS = 24 * 3600;

/** How much of its limit was used. */
const used = stored("counter of a limit", z.object({ used: z.int() }));

/**
 * Gives the time at which a counter's item may go. Undefined: never, because it counts what a buyer may have once and
 * for all.
 */
function goneAt(counter: Raised, now: Date): number | undefined {
  if (counter.endsAt !== undefined) return Math.floor(Date.parse(counter.endsAt) / 1000) + KEPT_SECONDS;
  return isHolding(counter) ? Math.floor(now.getTime() / 1000) + LIMITS.unpaidCounterKeptSeconds : undefined;
}

const endOf = (end: number | undefined) =>
  end === undefined ? { andItsEnd: "", values: {} } : { andItsEnd: ", expiresAtEpoch = :end", values: { ":end": end } };

/**
 * Reads the value of each counter's older one, strongly. Only counters of buyers have one, so the others cost no read.
 */
export async function usedBefore(deps: Deps, counters: readonly Counter[]): Promise<number[]> {
  const keys = counters.flatMap(({ olderKey }) => olderKey ?? []);
  if (keys.length === 0) return counters.map(() => 0);
  const found = await batchGet(deps.db, deps.tables.orders, keys.map(counterKey), true);
  const before = new Map(found.map((item) => [String(item["pk"]), used.read(item).used]));
  return counters.map(({ olderKey = "" }) => before.get(olderKey) ?? 0);
}

/**
 * Makes the writes that raise the counters, each on condition that it stays within its limit. A condition can't add, so
 * the room is computed before; what an earlier version has counted is taken off it.
 */
export function raiseWrites(deps: Deps, counters: readonly Counter[], before: readonly number[], now: Date): Writes {
  return counters.map((counter, index) => {
    const { key, quantity, limit } = counter;
    const { andItsEnd, values } = endOf(goneAt(counter, now));
    return {
      Update: {
        TableName: deps.tables.orders,
        Key: counterKey(key),
        UpdateExpression: `SET v = :v, used = if_not_exists(used, :zero) + :quantity${andItsEnd}`,
        ConditionExpression: ":room >= :zero AND (attribute_not_exists(used) OR used <= :room)",
        ExpressionAttributeValues: {
          ":v": used.version,
          ":zero": 0,
          ":quantity": quantity,
          ":room": limit - quantity - (before[index] ?? 0),
          ...values,
        },
      },
    };
  });
}

/** Makes the writes that lower the counters whose period is not over. The others will be deleted anyway. */
export function lowerWrites(deps: Deps, raised: readonly Raised[], now: Date): Writes {
  return raised
    .filter(({ endsAt }) => endsAt === undefined || endsAt > now.toISOString())
    .map((counter) => {
      const { andItsEnd, values } = endOf(goneAt(counter, now));
      return {
        Update: {
          TableName: deps.tables.orders,
          Key: counterKey(counter.key),
          UpdateExpression: `SET v = :v, used = if_not_exists(used, :quantity) - :quantity${andItsEnd}`,
          ExpressionAttributeValues: { ":v": used.version, ":quantity": counter.quantity, ...values },
        },
      };
    });
}
