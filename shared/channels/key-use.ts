import { batchGet } from "../aws/batch-get.ts";
import { type Db, update } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import type { Caller } from "./keys.ts";
import { KEY_USE, type KeyUse, useKey, uses } from "./table.ts";

type Deps = Db<"operations">;

/**
 * Notes that a key is used, and from where: at most once a key in five minutes, however many processes there are. A process that has
 * noted it asks no more for as long. `usedAt` may so be five minutes behind.
 */
export async function noteUse(
  deps: Deps,
  { keyId }: Pick<Caller, "keyId">,
  usedFrom: string,
  now: Date,
): Promise<void> {
  const name = `${deps.tables.operations} ${keyId}`;
  if (noted.recall(name) === true) return;
  noted.note(name, true);
  const { keyUseNotedSeconds, keyUseKeptSeconds } = LIMITS;
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: useKey(keyId),
    UpdateExpression: "SET v = :v, usedAt = :now, usedFrom = :from, expiresAtEpoch = :end",
    ConditionExpression: "attribute_not_exists(usedAt) OR usedAt <= :before",
    ExpressionAttributeValues: {
      ":v": uses.version,
      ":now": now.toISOString(),
      ":from": usedFrom,
      ":before": new Date(now.getTime() - keyUseNotedSeconds * 1000).toISOString(),
      ":end": Math.floor(now.getTime() / 1000) + keyUseKeptSeconds,
    },
  });
}

const noted = memory<true>({ lastsMs: LIMITS.keyUseNotedSeconds * 1000, most: 10_000 });

/** Reads when and from where these keys were last used, by their ids; nothing of one that was not used for long. */
export async function usesOf(deps: Deps, keyIds: readonly string[]): Promise<ReadonlyMap<string, KeyUse>> {
  const found = await batchGet(deps.db, deps.tables.operations, keyIds.map(useKey), false);
  return new Map(found.map((item) => [String(item["pk"]).slice(KEY_USE.length), uses.read(item)]));
}
