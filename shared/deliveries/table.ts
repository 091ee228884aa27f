import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, type Key, putNew, update } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";

type Deps = Db<"operations">;

/** How the keys of wrong links that an address has tried begin. */
export const LINK_GUESSES = "link-guesses#";
/** How the keys of looks by a link begin. */
export const LINK_LOOKS = "link-looks#";

/** The version of what these counters hold. They are only counted up and compared, and never read. */
const VERSION = 1;

/** How the keys of searches for orders begin that an address has made. */
export const SEARCHES = "searches#";
/** How the keys of one-time links begin, and of how many an order got on a day. */
export const ONCE_LINKS = "once-link#";
export const ONCE_LINK_COUNTS = "once-links#";

type InWindow = { address: string; window: number };

/** Counts one more wrong link of an address in a window of time. `endsAt`: when it may go. Returns how many there were. */
export const countGuess = (deps: Deps, { address, window }: InWindow, endsAt: number): Promise<number> =>
  countOne(deps, { pk: `${LINK_GUESSES}${address}`, sk: String(window) }, endsAt);

/** Counts one more search of an address in a window of time. `endsAt`: when it may go. Returns how many there were. */
export const countSearch = (deps: Deps, { address, window }: InWindow, endsAt: number): Promise<number> =>
  countOne(deps, { pk: `${SEARCHES}${address}`, sk: String(window) }, endsAt);

async function countOne(deps: Deps, key: Key, endsAt: number): Promise<number> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: key,
    UpdateExpression: "SET v = :v, expiresAtEpoch = :end ADD guesses :one",
    ExpressionAttributeValues: { ":v": VERSION, ":end": endsAt, ":one": 1 },
    ReturnValues: "UPDATED_NEW",
  });
  return written.ok ? Number(written.item["guesses"]) : 0;
}

type UpTo = { most: number; endsAt: number };

/** Counts one more look by a link, if there are fewer than so many. Of any number at once exactly so many are counted. */
export const countLook = (
  deps: Deps,
  { orderId, generation }: { orderId: string; generation: number },
  upTo: UpTo,
): Promise<boolean> => countUpTo(deps, { pk: `${LINK_LOOKS}${orderId}`, sk: String(generation) }, upTo);

/** Counts one more one-time link of an order on a day, if there are fewer than so many. */
export const countOnceLink = (
  deps: Deps,
  { orderId, day }: { orderId: string; day: string },
  upTo: UpTo,
): Promise<boolean> => countUpTo(deps, { pk: `${ONCE_LINK_COUNTS}${orderId}`, sk: day }, upTo);

async function countUpTo(deps: Deps, key: Key, { most, endsAt }: UpTo): Promise<boolean> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: key,
    UpdateExpression: "SET v = :v, expiresAtEpoch = :end ADD looks :one",
    ConditionExpression: "attribute_not_exists(looks) OR looks < :most",
    ExpressionAttributeValues: { ":v": VERSION, ":end": endsAt, ":one": 1, ":most": most },
  });
  return written.ok;
}

const onceLinkKey = (hash: string): Key => ({ pk: `${ONCE_LINKS}${hash}`, sk: "link" });

type OnceLink = { sealed: Uint8Array; expiresAtEpoch: number; usedAt?: string };

/** A one-time link: what it opens, sealed by its own token, until a time in seconds since 1970. `usedAt`: it has been used. */
const onceLinks = stored<OnceLink>(
  "one-time link",
  z.object({
    sealed: z.instanceof(Uint8Array),
    expiresAtEpoch: z.int(),
    usedAt: z.string().exactOptional(),
  }),
);

/** Tells whether there is a one-time link of this hash, used or not. */
export async function hasOnceLink(deps: Deps, hash: string): Promise<boolean> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: onceLinkKey(hash), ConsistentRead: true }),
  );
  return found.Item !== undefined;
}

/** Writes a one-time link, if there is none of its hash: one that was used is never good again. */
export async function putOnceLink(deps: Deps, hash: string, sealed: Uint8Array, expiresAtEpoch: number): Promise<void> {
  const item = onceLinks.write(onceLinkKey(hash), { sealed, expiresAtEpoch });
  await putNew(deps.db, deps.tables.operations, item);
}

/** Uses a one-time link: of many at once one gets what it holds. Undefined: there is none, it has ended, or it was used. */
export async function useOnceLink(deps: Deps, hash: string, now: Date): Promise<Uint8Array | undefined> {
  const written = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: onceLinkKey(hash),
    UpdateExpression: "SET usedAt = :at",
    ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(usedAt) AND expiresAtEpoch > :now",
    ExpressionAttributeValues: { ":at": now.toISOString(), ":now": Math.floor(now.getTime() / 1000) },
    ReturnValues: "ALL_NEW",
  });
  return written.ok ? onceLinks.read(written.item).sealed : undefined;
}

/** How the keys of one-time codes begin. */
export const CODES_ASKED = "code-asked#";

/** The key of what is known of the one-time codes of an order's link, for one generation of that link. */
export const codeKey = (orderId: string, generation: number): Key => ({
  pk: `${CODES_ASKED}${orderId}`,
  sk: String(generation),
});
