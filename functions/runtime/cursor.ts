import { ok, type Result, refuse } from "../../shared/kernel/problem.ts";

/** Where a page ended, opaque to the client. */
export function cursorTo(next: string | number | null): string | null {
  return next === null ? null : Buffer.from(String(next)).toString("base64url");
}

type MayHaveCursor = { cursor?: unknown } | undefined;

/** Reads where the next page starts from the cursor in the query or the body. Takes only what could have come from us. */
export function cursorFrom(query: MayHaveCursor, body: MayHaveCursor, shape: RegExp): Result<string | undefined> {
  const cursor = query?.cursor ?? body?.cursor;
  if (typeof cursor !== "string") return ok(undefined);
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (shape.test(text)) return ok(text);
  return refuse("invalid_request", "The cursor is not one of ours.", [
    {
      pointer: query?.cursor === undefined ? "/cursor" : "/query/cursor",
      message: "must be the nextCursor of the page before",
    },
  ]);
}
