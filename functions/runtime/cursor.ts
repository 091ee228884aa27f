import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";

/** Where a page ended, opaque to the client. */
export function cursorTo(next: string | null): string | null {
  return next === null ? null : Buffer.from(next).toString("base64url");
}

/** Where the next page starts; only what could have come from us. */
export function cursorFrom(cursor: string | undefined, shape: RegExp): Result<string | undefined> {
  if (cursor === undefined) return ok(undefined);
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (shape.test(text)) return ok(text);
  return refuse("invalid_request", "The cursor is not one of ours.", [
    { pointer: "/query/cursor", message: "must be the nextCursor of the page before" },
  ]);
}
