import type { TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { batchGet } from "../aws/batch-get.ts";
import type { Db } from "../aws/dynamo.ts";
import type { Counter, Raised } from "./model.ts";

type Writes = NonNullable<TransactWriteCommandInput["TransactItems"]>;
type Deps = Db<"orders">;

/** Beside the orders, for they are raised in the order's own write. A day after its period nobody asks for one any more. */
const counterKey = (key: string) => ({ pk: key, sk: "limit" });
const KEPT_SECONDS = 24 * 3600;

/** How much each counter's older one says, strongly read. Only counters of buyers have one, so the others cost no read. */
export async function usedBefore(deps: Deps, counters: readonly Counter[]): Promise<number[]> {
  const keys = counters.flatMap(({ olderKey }) => olderKey ?? []);
  if (keys.length === 0) return counters.map(() => 0);
  const found = await batchGet(deps.db, deps.tables.orders, keys.map(counterKey), true);
  const used = new Map(found.map((item) => [String(item["pk"]), Number(item["used"] ?? 0)]));
  return counters.map(({ olderKey = "" }) => used.get(olderKey) ?? 0);
}

/**
 * Raises each counter, unless that would be more than its limit. A condition can't add, so the room is worked
 * out before: what an earlier version has counted takes its part of it.
 */
export function raiseWrites(deps: Deps, counters: readonly Counter[], before: readonly number[]): Writes {
  return counters.map(({ key, quantity, limit, endsAt }, index) => ({
    Update: {
      TableName: deps.tables.orders,
      Key: counterKey(key),
      UpdateExpression:
        endsAt === undefined
          ? "SET used = if_not_exists(used, :zero) + :quantity"
          : "SET used = if_not_exists(used, :zero) + :quantity, expiresAtEpoch = :gone",
      ConditionExpression: ":room >= :zero AND (attribute_not_exists(used) OR used <= :room)",
      ExpressionAttributeValues: {
        ":zero": 0,
        ":quantity": quantity,
        ":room": limit - quantity - (before[index] ?? 0),
        ...(endsAt === undefined ? {} : { ":gone": Math.floor(Date.parse(endsAt) / 1000) + KEPT_SECONDS }),
      },
    },
  }));
}

/** Lowers those whose period is not over. The others are as good as gone. */
export function lowerWrites(deps: Deps, raised: readonly Raised[], now: Date): Writes {
  return raised
    .filter(({ endsAt }) => endsAt === undefined || endsAt > now.toISOString())
    .map(({ key, quantity }) => ({
      Update: {
        TableName: deps.tables.orders,
        Key: counterKey(key),
        UpdateExpression: "SET used = if_not_exists(used, :quantity) - :quantity",
        ExpressionAttributeValues: { ":quantity": quantity },
      },
    }));
}
