import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, putIf, update } from "../aws/dynamo.ts";
import { after, type Clock, utcDay } from "../kernel/clock.ts";
import { Fault } from "../kernel/fault.ts";
import { LIMITS } from "../kernel/limits.ts";
import { budgetKey, budgets, numberKey, numbers } from "./table.ts";

// How many text messages one number gets, and how many messages one sender sends: exact, however many come at once.

type Deps = Db<"operations"> & { clock: Clock };

/** Text messages to one number: at most so many within so many seconds, all told. 阿里云 has the same limits and refuses the rest. */
export const NUMBER_LIMITS = [
  { seconds: 60, most: 1 },
  { seconds: 3_600, most: 5 },
  { seconds: 24 * 3_600, most: 10 },
] as const;
const LONGEST = 24 * 3_600;

/** Gives when a number may get the next message, if not now. `sent`: when it got messages, oldest first. */
export function nextAllowed(sent: readonly string[], now: Date): string | undefined {
  const ends = NUMBER_LIMITS.flatMap(({ seconds, most }) => {
    const within = sent.filter((at) => after(new Date(at), seconds) > now.toISOString());
    const first = within.at(-most);
    return within.length < most || first === undefined ? [] : [after(new Date(first), seconds)];
  });
  return ends.toSorted().at(-1);
}

/**
 * Takes a place among the messages that a number may get, by its keyed hash. Undefined: taken; otherwise when there is one. Of many at
 * once each reads what the one before has written.
 */
export async function takeNumber({ db, tables, clock }: Deps, to: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < LIMITS.numberTries; attempt++) {
    const found = await db.send(
      new GetCommand({ TableName: tables.operations, Key: numberKey(to), ConsistentRead: true }),
    );
    const { sent, version } = numbers.find(found.Item) ?? { sent: [], version: 0 };
    const now = clock();
    const until = nextAllowed(sent, now);
    if (until !== undefined) return until;
    const recent = sent.filter((at) => after(new Date(at), LONGEST) > now.toISOString());
    const next = { sent: [...recent, now.toISOString()], version: version + 1 };
    const written = await putIf(db, {
      TableName: tables.operations,
      Item: numbers.write(numberKey(to), next, { expiresAtEpoch: epochOf(now) + 2 * LONGEST }),
      ConditionExpression: "attribute_not_exists(pk) OR version = :version",
      ExpressionAttributeValues: { ":version": version },
    });
    if (written.ok) return undefined;
  }
  throw new Fault("number_contended", "too many messages to one number at once");
}

/** Takes one of the messages that a sender may send on a day (UTC). Undefined: taken; otherwise when the next day begins. */
export async function takeFromBudget(
  { db, tables, clock }: Deps,
  sender: string,
  perDay: number,
): Promise<string | undefined> {
  const now = clock();
  const day = utcDay(now);
  const taken = await update(db, {
    TableName: tables.operations,
    Key: budgetKey(sender, day),
    UpdateExpression: "SET used = if_not_exists(used, :none) + :one, v = :v, expiresAtEpoch = :end",
    ConditionExpression: "attribute_not_exists(used) OR used < :most",
    ExpressionAttributeValues: {
      ":none": 0,
      ":one": 1,
      ":v": budgets.version,
      ":most": perDay,
      ":end": epochOf(now) + 3 * LONGEST,
    },
  });
  return taken.ok ? undefined : after(new Date(`${day}T00:00:00.000Z`), LONGEST);
}

const epochOf = (at: Date): number => Math.floor(at.getTime() / 1000);
