import { type Db, type Item, putIf } from "../aws/dynamo.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Result } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { noteKey, notes } from "./table.ts";

/**
 * A request with its Idempotency-Key. `scope`: whose key it is, and what it is for; the same key for another call, or
 * of another channel, is another key. `content`: what a repeat must say again.
 */
export type KeyedRequest = { scope: readonly string[]; key: string; content: unknown };

/** Hashes key and content. The Idempotency-Key is stored nowhere. No content that is noted here holds a secret. */
const hashOf = ({ key, content }: KeyedRequest): string => `v1:${fingerprintOf({ key, content })}`;

/**
 * Notes what an Idempotency-Key is used for, before that is done. Refuses another content under a key that is in use;
 * of two at once, one. The same content passes as a repeat; so does a put of ours whose answer was lost. A note is about 300 bytes and has an end. What was made
 * under the key stays, and the use case finds it by the key also after that.
 */
export async function noteRequest(
  deps: Db<"operations">,
  request: KeyedRequest,
  now: Date,
): Promise<Result<{ isRepeat: boolean }>> {
  const note = noteOf(request, "used", now);
  const noted = await putIf(deps.db, {
    TableName: deps.tables.operations,
    Item: note,
    ConditionExpression: "attribute_not_exists(pk) OR #is = :free",
    ExpressionAttributeNames: { "#is": "is" },
    ExpressionAttributeValues: { ":free": "free" },
  });
  const isSame = noted.ok || noted.old?.["requestHash"] === note["requestHash"];
  return repeatOf({ isRepeat: !noted.ok }, isSame, "another request");
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

/** A free note says nothing. It goes soon, because callers can leave as many as they have calls refused. */
const KEPT_SECONDS = { used: LIMITS.requestNoteKeptSeconds, free: LIMITS.freeNoteKeptSeconds } as const;

function noteOf(request: KeyedRequest, is: keyof typeof KEPT_SECONDS, now: Date): Item {
  const of = request.scope.at(-1);
  const note = { requestHash: hashOf(request), is, at: now.toISOString(), ...(of === undefined ? {} : { of }) };
  const expiresAtEpoch = Math.ceil(now.getTime() / 1000) + KEPT_SECONDS[is];
  return notes.write(noteKey(request), note, { expiresAtEpoch });
}
