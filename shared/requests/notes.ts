import { type Db, type Item, type Key, putIf } from "../aws/dynamo.ts";
import { fingerprintOf, sha256 } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";

/**
 * A request with its Idempotency-Key. `scope` is whose keys these are, and what the key is for: the same key for another call, or
 * of another channel, is another key. `content` is what a repeat must say again.
 */
export type KeyedRequest = { scope: readonly string[]; key: string; content: unknown };

/** The prefix of all notes: a role may be allowed to write these and nothing else of the table. */
export const NOTES = "request#";

/** The key itself is not kept: it may be an order's number. */
const noteKey = ({ scope, key }: KeyedRequest): Key => ({
  pk: `${NOTES}${sha256(JSON.stringify([...scope, key]))}`,
  sk: "request",
});

/** The Idempotency-Key is part of what is hashed and kept nowhere. No content that is noted here holds a secret. */
const hashOf = ({ key, content }: KeyedRequest): string => `v1:${fingerprintOf({ key, content })}`;

/**
 * Notes what an Idempotency-Key is used for, before that is done. Refuses another content under a key that is in use; of two at
 * once, one. The same content passes, for it is a repeat. A note is some 300 bytes, and has an end: what was made under the key
 * stays, and a repeat after that end finds it by the key, as the use case does by itself.
 */
export async function noteRequest(
  deps: Db<"operations">,
  request: KeyedRequest,
  now: Date,
): Promise<Result<undefined>> {
  const note = noteOf(request, "used", now);
  const noted = await putIf(deps.db, {
    TableName: deps.tables.operations,
    Item: note,
    ConditionExpression: "attribute_not_exists(pk) OR #is = :free",
    ExpressionAttributeNames: { "#is": "is" },
    ExpressionAttributeValues: { ":free": "free" },
  });
  if (noted.ok || noted.old?.["requestHash"] === note["requestHash"]) return ok(undefined);
  return refuse("idempotency_key_reused", "This Idempotency-Key was used with another request.");
}

/** Frees a key whose request was refused: nothing came of it, so the next request may say something else. */
export async function freeRequest(deps: Db<"operations">, request: KeyedRequest, now: Date): Promise<void> {
  const note = noteOf(request, "free", now);
  await putIf(deps.db, {
    TableName: deps.tables.operations,
    Item: note,
    ConditionExpression: "requestHash = :mine",
    ExpressionAttributeValues: { ":mine": note["requestHash"] },
  });
}

/** A free one says nothing; it goes soon, for anybody who may call can leave as many as calls are refused. */
const KEPT_SECONDS = { used: LIMITS.requestNoteKeptSeconds, free: LIMITS.freeNoteKeptSeconds } as const;

const noteOf = (request: KeyedRequest, is: keyof typeof KEPT_SECONDS, now: Date): Item => ({
  ...noteKey(request),
  requestHash: hashOf(request),
  of: request.scope.at(-1),
  is,
  at: now.toISOString(),
  expiresAtEpoch: Math.ceil(now.getTime() / 1000) + KEPT_SECONDS[is],
});
