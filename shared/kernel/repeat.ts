import { ok, type Result, refuse } from "./problem.ts";

/**
 * Answers a request whose key has made something before. In the same words it is a repeat and gets what was made. In other words it
 * is refused, for the caller has used the key for `other`. `key`: what it is
 * called there.
 */
export function repeatOf<T>(made: T, isSame: boolean, other: string, key = "key"): Result<T> {
  return isSame ? ok(made) : refuse("idempotency_key_reused", `The ${key} was used for ${other}.`);
}
