import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, update } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { type Notice, suppressedKey, suppressions } from "./table.ts";

type Deps = Db<"operations"> & { clock: Clock };

const DAY = 24 * 3600;

/**
 * How long a recipient gets no more messages. An address that isn't there may be somebody's again after half a year; who has complained
 * is asked never again, as far as we remember. What was only put off counts for a week.
 */
const KEPT_SECONDS = { bounced: 180 * DAY, complained: 3 * 365 * DAY, deferred: 7 * DAY } as const satisfies Record<
  Notice,
  number
>;

/** Notices within a week that a message was put off, after which a recipient counts as unreachable. */
const MOST_DEFERRED = 3;

/** Notes what was told of a recipient, by its keyed hash. A final notice stands as long as the one that lasts longest. */
export async function suppress(deps: Deps, to: string, notice: Notice): Promise<void> {
  const until = Math.floor(deps.clock().getTime() / 1000) + KEPT_SECONDS[notice];
  await (notice === "deferred" ? countDeferred(deps, to, until) : noteFinal(deps, to, notice, until));
}

async function countDeferred({ db, tables }: Deps, to: string, until: number): Promise<void> {
  await update(db, {
    TableName: tables.operations,
    Key: suppressedKey(to),
    UpdateExpression:
      "SET putOff = if_not_exists(putOff, :none) + :one, expiresAtEpoch = if_not_exists(expiresAtEpoch, :until), v = :v",
    ExpressionAttributeValues: { ":v": suppressions.version, ":until": until, ":none": 0, ":one": 1 },
  });
}

async function noteFinal({ db, tables }: Deps, to: string, notice: Notice, until: number): Promise<void> {
  await update(db, {
    TableName: tables.operations,
    Key: suppressedKey(to),
    UpdateExpression: "SET notice = :notice, expiresAtEpoch = :until, v = :v",
    ConditionExpression: "attribute_not_exists(expiresAtEpoch) OR expiresAtEpoch < :until",
    ExpressionAttributeValues: { ":v": suppressions.version, ":until": until, ":notice": notice },
  });
}

/** Says why a recipient gets no more messages. Undefined: it may. */
export async function suppressedBy({ db, tables, clock }: Deps, to: string): Promise<Notice | undefined> {
  const found = await db.send(new GetCommand({ TableName: tables.operations, Key: suppressedKey(to) }));
  const known = suppressions.find(found.Item);
  // The table deletes what has ended, though days later.
  if (known === undefined || known.expiresAtEpoch * 1000 <= clock().getTime()) return undefined;
  return known.notice ?? ((known.putOff ?? 0) >= MOST_DEFERRED ? "deferred" : undefined);
}
