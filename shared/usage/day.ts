import { type Db, update } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type DayCount, dayCountsOf, type Taken, type User } from "./model.ts";
import { dayKey, VERSION } from "./table.ts";

type Deps = Db<"operations">;

/** A day by the shop's clocks, and the moment at which it ends. */
type Day = { name: string; endsAt: string };

/**
 * Takes so much of what a channel and its key may use in a day: all of it or nothing, exactly, however many ask at once. All counts of a
 * channel's day are one item, so it costs one write, or none where nothing is limited. Who dies before it has used what it took leaves
 * the counts higher than they are until the day is over: a limit is never passed for it.
 */
export async function takeOfDay(deps: Deps, user: User, day: Day, taken: Taken, now: Date): Promise<Result<undefined>> {
  const counts = dayCountsOf(user, taken);
  if (counts.length === 0) return ok(undefined);
  const room = (one: DayCount): number => one.limit - one.adds;
  const tooMuch = counts.find((one) => room(one) < 0);
  if (tooMuch !== undefined) return reached(tooMuch, day, now);
  const more = counts
    .slice(1)
    .map((_, index) => ` AND (attribute_not_exists(#n${index + 1}) OR #n${index + 1} <= :room${index + 1})`);
  const values = Object.fromEntries(counts.map((one, index) => [`:room${index}`, room(one)]));
  const { ExpressionAttributeValues, ...adding } = adds(deps, user, day, counts, (one) => one.adds);
  const written = await update(deps.db, {
    ...adding,
    ConditionExpression: `(attribute_not_exists(#n0) OR #n0 <= :room0)${more.join("")}`,
    ExpressionAttributeValues: { ...ExpressionAttributeValues, ...values },
  });
  if (written.ok) return ok(undefined);
  const full = counts.find((one) => Number(written.old?.[one.name] ?? 0) > room(one));
  return reached(full ?? counts[0], day, now);
}

/** Gives back what was taken of a day and not used. */
export async function giveBackOfDay(deps: Deps, user: User, day: Day, taken: Taken): Promise<void> {
  const counts = dayCountsOf(user, taken);
  if (counts.length > 0)
    await update(
      deps.db,
      adds(deps, user, day, counts, (one) => -one.adds),
    );
}

/** Makes the write that adds to the counts of a day. */
function adds(
  { tables }: Deps,
  { channelId }: User,
  { name, endsAt }: Day,
  counts: readonly DayCount[],
  by: (one: DayCount) => number,
) {
  return {
    TableName: tables.operations,
    Key: dayKey(channelId, name),
    UpdateExpression: `SET v = :v, expiresAtEpoch = :gone ADD ${counts.map((_, index) => `#n${index} :n${index}`).join(", ")}`,
    ExpressionAttributeNames: Object.fromEntries(counts.map((one, index) => [`#n${index}`, one.name])),
    ExpressionAttributeValues: {
      ":v": VERSION,
      ":gone": Math.floor(Date.parse(endsAt) / 1000) + LIMITS.usageKeptSeconds,
      ...Object.fromEntries(counts.map((one, index) => [`:n${index}`, by(one)])),
    },
  };
}

const reached = (count: DayCount | undefined, { endsAt }: Day, now: Date): Result<never> => ({
  ...refuse("quota_reached", `${count?.says ?? "The limit"}, until ${endsAt}.`),
  retryAfterSeconds: Math.max(1, Math.ceil((Date.parse(endsAt) - now.getTime()) / 1000)),
});
