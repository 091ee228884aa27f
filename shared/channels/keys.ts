import { randomBytes } from "node:crypto";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putNew, transact, update, type Writes } from "../aws/dynamo.ts";
import { queryAll } from "../aws/query-pages.ts";
import { machineMs } from "../kernel/clock.ts";
import { fingerprintOf, idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { pick } from "../kernel/pick.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { readOnKeys, stillSays } from "./on-keys.ts";
import {
  type ApiKey,
  apiKeys,
  CHANNELS,
  type Channel,
  channelKey,
  channels,
  hashKey,
  keyKey,
  type NamedKey,
  namedKey,
  namedKeys,
  Scope,
} from "./table.ts";

/** Who calls: a channel, by one of its keys, with what that key may do, and from where and until when. */
export type Caller = { channelId: string; keyId: string; scopes: readonly Scope[] } & Pick<
  ApiKey,
  "addresses" | "endsAt" | "tiers" | "limits" | "channelLimits" | "frozen" | "signing"
>;

/** What a key may do, and from which addresses. None: from anywhere. */
export type KeyTerms = { scopes: readonly Scope[]; addresses?: readonly string[] | undefined };

export type NewKey = { keyId: string; apiKey: string };

type Deps = Db<"identity">;

/** Tells whether a text looks like an API key. Anything else is refused without a read. */
export const isApiKey = (text: string): boolean => /^vs_[\w-]{43}$/.test(text);

/**
 * Creates a channel, and an API key for it with all scopes. A repeat with the same idempotency key returns the channel
 * without the key, which is told only once.
 */
export async function createChannel(
  deps: Deps,
  channel: { name: string },
  idempotencyKey: string,
  now: Date,
): Promise<Result<Channel & Partial<NewKey>>> {
  const id = idOf("chan", "create-channel", idempotencyKey);
  const requestHash = fingerprintOf(channel);
  const item = channels.write(channelKey(id), { id, ...channel }, { requestHash, createdAt: now.toISOString() });
  const written = await putNew(deps.db, deps.tables.identity, item);
  const repeat = repeatOf(id, written.ok || written.old?.["requestHash"] === requestHash, "another channel");
  if (!repeat.ok) return repeat;
  // Do this for a repeat too: the first call may have died before it made the key.
  const key = await createKey(deps, id, { scopes: Scope.options }, now, `first ${idempotencyKey}`);
  if (!key.ok) return key;
  const { keyId, apiKey } = key.value;
  return ok({ id, ...channel, ...(apiKey === undefined ? {} : { keyId, apiKey }) });
}

export async function findChannel(deps: Deps, id: string): Promise<Channel | undefined> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.identity, Key: channelKey(id) }));
  return channels.find(found.Item);
}

/** Says to which hosts the buyers of a channel may be sent back, instead of those that were said before. */
export async function setReturnHosts(deps: Deps, id: string, hosts: readonly string[]): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.identity,
    Key: channelKey(id),
    UpdateExpression: "SET returnHosts = :hosts",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":hosts": [...new Set(hosts)] },
  });
}

/** Says how many unpaid orders a channel may have at a time; null: as many as come. It counts for orders that are placed from then on. */
export async function setUnpaidLimit(deps: Deps, id: string, limit: number | null): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.identity,
    Key: channelKey(id),
    UpdateExpression: "SET unpaidLimit = :limit",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":limit": limit },
  });
}

export async function listChannels(deps: Deps): Promise<Channel[]> {
  const items = await queryAll(deps.db, {
    TableName: deps.tables.identity,
    KeyConditionExpression: "pk = :list",
    ExpressionAttributeValues: { ":list": CHANNELS },
  });
  return items.map(channels.read);
}

/** Gives the id of the key that a request will make. */
export const keyIdOf = (channelId: string, idempotencyKey: string): string => idOf("key", channelId, idempotencyKey);

/**
 * Makes an API key of 256 random bits. The key is returned once; only its hash is stored. A repeat with the same
 * idempotency key returns the id alone, and is refused if it asks for other scopes or addresses.
 */
export async function createKey(
  deps: Deps,
  channelId: string,
  terms: KeyTerms,
  now: Date,
  idempotencyKey: string,
): Promise<Result<Pick<NewKey, "keyId"> & Partial<NewKey>>> {
  const keyId = keyIdOf(channelId, idempotencyKey);
  const said = await readOnKeys(deps, channelId);
  const { apiKey, writes } = newKeyWrites(deps, { channelId, keyId, ...asKept(terms), ...said }, now);
  const written = await transact(deps.db, [...writes, stillSays(deps, channelId, said)]);
  if (written.ok) return ok({ keyId, apiKey });
  const there = await findKey(deps, channelId, keyId);
  // The channel's tiers or limits have changed since they were read.
  if (there === undefined) return createKey(deps, channelId, terms, now, idempotencyKey);
  const isSame = fingerprintOf(asKept(there)) === fingerprintOf(asKept(terms));
  return repeatOf({ keyId }, isSame, "another API key");
}

const asKept = ({ scopes, addresses }: KeyTerms): Pick<ApiKey, "scopes" | "addresses"> => ({
  scopes: [...scopes],
  ...(addresses === undefined ? {} : { addresses: [...addresses] }),
});

/** Makes a key, and the two writes that store it under its hash and, if there is none of that name, under its name. */
export function newKeyWrites(deps: Deps, made: ApiKey, now: Date): { apiKey: string; writes: Writes } {
  const apiKey = `vs_${randomBytes(32).toString("base64url")}`;
  const beside = { createdAt: now.toISOString() };
  const named = { ...made, hash: keyKey(apiKey).pk };
  const writes = [
    { Put: { TableName: deps.tables.identity, Item: apiKeys.write(keyKey(apiKey), made, beside) } },
    {
      Put: {
        TableName: deps.tables.identity,
        Item: namedKeys.write(namedKey(made.channelId, made.keyId), named, beside),
        ConditionExpression: "attribute_not_exists(pk)",
      },
    },
  ];
  return { apiKey, writes };
}

/** Finds a channel's API key by its id, strongly. */
export async function findKey(deps: Deps, channelId: string, keyId: string): Promise<NamedKey | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.identity, Key: namedKey(channelId, keyId), ConsistentRead: true }),
  );
  return namedKeys.find(found.Item);
}

/**
 * Revokes an API key. It stops working within five seconds, because processes remember keys for that long. Idempotent.
 */
export async function revokeKey(
  deps: Deps,
  channelId: string,
  keyId: string,
  now: Date,
): Promise<Result<{ keyId: string }>> {
  const table = deps.tables.identity;
  const found = await findKey(deps, channelId, keyId);
  if (found === undefined) return refuse("not_found", "The channel has no such key.");
  const revoked = {
    UpdateExpression: "SET revokedAt = if_not_exists(revokedAt, :now)",
    ExpressionAttributeValues: { ":now": now.toISOString() },
  };
  const { hash } = found;
  await update(deps.db, { TableName: table, Key: hashKey(hash), ...revoked });
  forgetKey(deps, hash);
  await update(deps.db, { TableName: table, Key: namedKey(channelId, keyId), ...revoked });
  return ok({ keyId });
}

/**
 * Finds the caller behind an API key. Undefined: there is no such key. A key that a strong read has
 * found is remembered for five seconds from before that read, so a revoked key stops working everywhere within five
 * seconds. A key that was not found is not remembered.
 */
export async function authenticate(deps: Deps, apiKey: string): Promise<Caller | "revoked" | undefined> {
  if (!isApiKey(apiKey)) return undefined;
  const key = keyKey(apiKey);
  const known = remembered.recall(nameIn(deps, key.pk));
  if (known !== undefined) return known;
  const since = machineMs();
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.identity, Key: key, ConsistentRead: true }));
  const item = apiKeys.find(found.Item);
  if (item === undefined) return undefined;
  if (item.revokedAt !== undefined) return "revoked";
  const caller = pick(item, [
    "channelId",
    "keyId",
    "scopes",
    "addresses",
    "endsAt",
    "tiers",
    "limits",
    "channelLimits",
    "frozen",
    "signing",
  ]);
  remembered.note(nameIn(deps, key.pk), caller, since);
  return caller;
}

/** Has this process read a key again when it is next used, because it was changed. */
export const forgetKey = (deps: Deps, hash: string): void => remembered.forget(nameIn(deps, hash));

const remembered = memory<Caller>({ lastsMs: LIMITS.keyRememberedSeconds * 1000, most: 10_000 });
const nameIn = (deps: Deps, hash: string): string => `${deps.tables.identity}/${hash}`;
