import type { Db } from "../../shared/aws/dynamo.ts";
import { ok, PROBLEMS, type Refusal, type Result } from "../../shared/kernel/problem.ts";
import { freeRequest, type KeyedRequest, noteRequest } from "../../shared/requests/notes.ts";
import { clock } from "./clock.ts";
import type { RequestOf } from "./handler.ts";
import type { Operation } from "./operation.ts";

/** Notes what a request's Idempotency-Key is used for. */
export type Remember = (name: string, request: RequestOf<Operation>, caller: unknown) => Promise<Result<Noted>>;

/** `isRepeat`: the same was asked for under this key before, and not refused. `refused` is to be told of a refusal. */
type Noted = { isRepeat: boolean; refused: (refusal: Refusal) => Promise<void> };

/**
 * Remembers the Idempotency-Keys of an operation in the operations table. The keys of a channel are its own; operators share theirs,
 * as they share what they make. What the path names belongs to the key's scope.
 */
export function remembering(deps: Db<"operations">): Remember {
  return async (name, { params, query, body, text, idempotencyKey }, caller) => {
    const scope = [ownerOf(caller), JSON.stringify(params), name];
    // The body as it was understood: a repeat may spell it in another way.
    const request: KeyedRequest = { scope, key: idempotencyKey, content: { query, body: body ?? text } };
    const noted = await noteRequest(deps, request, clock());
    if (!noted.ok) return noted;
    return ok({
      ...noted.value,
      refused: async (refusal) => {
        // Of a failure nobody knows what came of it: only a repeat may find out.
        if (PROBLEMS[refusal.code].status < 500) await freeRequest(deps, request, clock());
      },
    });
  };
}

function ownerOf(caller: unknown): string {
  const isChannel = typeof caller === "object" && caller !== null && "channelId" in caller;
  return isChannel ? String(caller.channelId) : "operators";
}
