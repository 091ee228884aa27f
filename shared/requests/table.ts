import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { sha256 } from "../kernel/ids.ts";

/** The prefix of all notes: a role may be allowed to write these and nothing else of the table. */
export const NOTES = "request#";

/** Makes the key of a note. The Idempotency-Key itself is not stored: it may be an order's number. */
export const noteKey = ({ scope, key }: { scope: readonly string[]; key: string }): Key => ({
  pk: `${NOTES}${sha256(JSON.stringify([...scope, key]))}`,
  sk: "request",
});

/** What an idempotency key was used for. A free one may be used for something else. */
const note = z.object({
  requestHash: z.string(),
  of: z.string().exactOptional(),
  is: z.enum(["used", "free"]),
  at: z.string(),
});
export const notes = stored("note of a request with a key", note);
