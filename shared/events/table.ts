import * as z from "zod";
import { type Db, type Key, update } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { newNonce } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Cursor } from "./cursor.ts";

export type CursorDeps = Db<"operations"> & { clock: Clock };

/** How the keys of all cursors begin. */
export const CURSORS = "cursor#";
export const cursorKey = (consumer: string, subject: string): Key => ({
  pk: `${CURSORS}${consumer}#${subject}`,
  sk: "cursor",
});

const cursors = stored<Cursor>("cursor", z.object({ next: z.int(), passed: z.array(z.int()), lastAt: z.string() }));

/** A cursor that one call has for itself. */
export type Claimed = { cursor: Cursor; save: (to: Cursor) => Promise<void> };

/** Somebody else took the subject over meanwhile: what was done may be done again. */
export class CursorLost extends Error {
  override readonly name = "CursorLost";
}

/**
 * Takes a consumer's cursor of a subject for one call, so that no two calls work on one subject at once. `startAt`: how
 * far back a consumer looks that has no cursor yet. Undefined: another call has it. A call that dies loses it after
 * `LIMITS.subjectClaimedSeconds`. `save` writes how far the call came and lets go.
 */
export async function claimCursor(
  { db, tables, clock }: CursorDeps,
  consumer: string,
  subject: string,
  startAt: string,
): Promise<Claimed | undefined> {
  const now = clock();
  const key = { TableName: tables.operations, Key: cursorKey(consumer, subject) };
  const by = newNonce();
  const endsAt = Math.floor(now.getTime() / 1000) + LIMITS.cursorKeptSeconds;
  const claimed = await update(db, {
    ...key,
    UpdateExpression:
      "SET busyUntil = :until, busyBy = :by, #next = if_not_exists(#next, :one), passed = if_not_exists(passed, :none), lastAt = if_not_exists(lastAt, :start), v = :v, expiresAtEpoch = :end",
    ConditionExpression: "attribute_not_exists(busyUntil) OR busyUntil < :now",
    ExpressionAttributeNames: { "#next": "next" },
    ExpressionAttributeValues: {
      ":until": after(now, LIMITS.subjectClaimedSeconds),
      ":now": now.toISOString(),
      ":by": by,
      ":one": 1,
      ":none": [],
      ":start": startAt,
      ":v": cursors.version,
      ":end": endsAt,
    },
    ReturnValues: "ALL_NEW",
  });
  if (!claimed.ok) return undefined;
  return { cursor: cursors.read(claimed.item), save: (cursor) => saveCursor(db, key, by, cursor) };
}

/** Writes how far a call came, and lets go of the cursor, on condition that it is still this call's. */
async function saveCursor(
  db: CursorDeps["db"],
  key: { TableName: string; Key: Key },
  by: string,
  { next, passed, lastAt }: Cursor,
): Promise<void> {
  const saved = await update(db, {
    ...key,
    UpdateExpression: "SET #next = :next, passed = :passed, lastAt = :lastAt REMOVE busyUntil, busyBy",
    ConditionExpression: "busyBy = :by",
    ExpressionAttributeNames: { "#next": "next" },
    ExpressionAttributeValues: { ":next": next, ":passed": passed, ":lastAt": lastAt, ":by": by },
  });
  if (!saved.ok) throw new CursorLost();
}
