import { type Db, transact, type Writes } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { pick } from "../kernel/pick.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import type { UsageLimits } from "../usage/model.ts";
import { findKey, forgetKey, keyIdOf, type NewKey, newKeyWrites } from "./keys.ts";
import { readOnKeys, stillSays } from "./on-keys.ts";
import { type ApiKey, hashKey, type NamedKey, namedKey } from "./table.ts";

type Deps = Db<"identity">;
type Change = NonNullable<Writes[number]["Update"]>;

/** A new key, the one that it takes the place of, and when that one stops working. */
export type Rotated = Pick<NewKey, "keyId"> & Partial<NewKey> & { replaces: string; endsAt: string };

/** Gives the id of the key that a rotation will make. */
export const rotatedIdOf = (channelId: string, keyId: string, idempotencyKey: string): string =>
  keyIdOf(channelId, `rotates ${keyId} ${idempotencyKey}`);

/**
 * Makes a key that takes the place of another one, with the same scopes, addresses, limits and signing key. The other one works for the overlap, in seconds,
 * so that a shop has time to bring the new one to all of its servers. Of a key that ends sooner the end stays as it is. A repeat returns
 * the same id without the key.
 */
export async function rotateKey(
  deps: Deps,
  { channelId, keyId }: { channelId: string; keyId: string },
  overlapSeconds: number,
  now: Date,
  idempotencyKey: string,
): Promise<Result<Rotated>> {
  const newId = rotatedIdOf(channelId, keyId, idempotencyKey);
  const old = await findKey(deps, channelId, keyId);
  if (old === undefined) return refuse("not_found", "The channel has no such key.");
  const done = await findKey(deps, channelId, newId);
  if (done !== undefined) return ok({ keyId: newId, replaces: keyId, endsAt: old.endsAt ?? now.toISOString() });
  if (old.revokedAt !== undefined || (old.endsAt ?? "9") <= now.toISOString())
    return refuse("not_found", "The key works no more, so no other one takes its place. Create one.");
  const end = after(now, overlapSeconds);
  const endsAt = old.endsAt !== undefined && old.endsAt < end ? old.endsAt : end;
  const said = await readOnKeys(deps, channelId);
  const terms = { ...pick(old, ["scopes", "addresses", "limits", "signing"]), ...said };
  const { apiKey, writes } = newKeyWrites(deps, { channelId, keyId: newId, ...terms }, now);
  const written = await transact(deps.db, [
    ...writes,
    ...endWrites(deps, old, endsAt),
    stillSays(deps, channelId, said),
  ]);
  if (!written.ok) return refuse("changed_meanwhile", "The key was changed meanwhile; look at it again.");
  forgetKey(deps, old.hash);
  return ok({ keyId: newId, apiKey, replaces: keyId, endsAt });
}

/** Says from which addresses a key may be used, instead of those that were said before; none: from anywhere. It counts within five seconds. */
export async function setKeyAddresses(
  deps: Deps,
  key: NamedKey,
  addresses: readonly string[],
): Promise<Result<undefined>> {
  const written = await setOnKey(deps, key, {
    UpdateExpression: "SET addresses = :addresses",
    ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(revokedAt)",
    ExpressionAttributeValues: { ":addresses": addresses },
  });
  return written ? ok(undefined) : refuse("not_found", "The key was revoked.");
}

/** Says how much a key may use the API, if nobody has said it since the key was read. It counts within five seconds. */
export async function setKeyLimits(deps: Deps, key: NamedKey, limits: UsageLimits): Promise<Result<undefined>> {
  const written = await setOnKey(deps, key, {
    UpdateExpression: "SET limits = :limits",
    ConditionExpression: `attribute_exists(pk) AND attribute_not_exists(revokedAt) AND ${key.limits === undefined ? "attribute_not_exists(limits)" : "limits = :before"}`,
    ExpressionAttributeValues: {
      ":limits": limits,
      ...(key.limits === undefined ? {} : { ":before": key.limits }),
    },
  });
  return written ? ok(undefined) : refuse("changed_meanwhile", "The key was changed meanwhile; look at it again.");
}

/** Says by which public key the requests of an API key are signed; undefined: by none. It counts within five seconds. */
export async function setKeySigning(deps: Deps, key: NamedKey, signing: ApiKey["signing"]): Promise<Result<undefined>> {
  const written =
    signing === undefined
      ? await setOnKey(deps, key, {
          UpdateExpression: "REMOVE signing",
          ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(revokedAt)",
        })
      : await setOnKey(deps, key, {
          UpdateExpression: "SET signing = :signing",
          ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(revokedAt)",
          ExpressionAttributeValues: { ":signing": signing },
        });
  return written ? ok(undefined) : refuse("not_found", "The key was revoked.");
}

/** Changes a key in both of its places, or in none. */
async function setOnKey(deps: Deps, key: NamedKey, change: Omit<Change, "TableName" | "Key">): Promise<boolean> {
  const written = await transact(
    deps.db,
    itemsOf(deps, key).map((item) => ({ Update: { ...item, ...change } })),
  );
  forgetKey(deps, key.hash);
  return written.ok;
}

/** Makes the writes that end a key at a moment, if it was not revoked and does not end sooner. */
const endWrites = (deps: Deps, key: NamedKey, endsAt: string): Writes =>
  itemsOf(deps, key).map((item) => ({
    Update: {
      ...item,
      UpdateExpression: "SET endsAt = :end",
      ConditionExpression:
        "attribute_exists(pk) AND attribute_not_exists(revokedAt) AND (attribute_not_exists(endsAt) OR endsAt >= :end)",
      ExpressionAttributeValues: { ":end": endsAt },
    },
  }));

/** A key stands in two places: under its hash and under its name. */
const itemsOf = ({ tables }: Deps, { hash, channelId, keyId }: NamedKey) =>
  [hashKey(hash), namedKey(channelId, keyId)].map((Key) => ({ TableName: tables.identity, Key }));
