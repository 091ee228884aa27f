import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, putIf } from "../aws/dynamo.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { merged } from "../kernel/merge.ts";
import { ok, pointersOf, type Result, refuse } from "../kernel/problem.ts";
import { Amount, Currency, ReviewSettings, Seconds, settings, settingsKey } from "./table.ts";

/** A change of the settings: only what changes. Null removes a currency's limit, or a principal's person. */
export const ReviewSettingsChange = z
  .strictObject({
    twoPeopleFrom: z.record(Currency, Amount.nullable()),
    decideWithinSeconds: Seconds,
    people: z.record(z.string(), z.string().nullable()),
    /** Everything that is not named goes back to the platform's values. */
    reset: z.literal(true),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "must say what to change");
export type ReviewSettingsChange = z.infer<typeof ReviewSettingsChange>;

export async function readReviewSettings(deps: Db<"operations">): Promise<ReviewSettings> {
  return (await readVersioned(deps)).settings;
}

/** The settings, and how often they were changed. */
type Versioned = { settings: ReviewSettings; version: number };

async function readVersioned(deps: Db<"operations">): Promise<Versioned> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: settingsKey, ConsistentRead: true }),
  );
  const { version, ...said } = settings.read(found.Item ?? settingsKey);
  return { settings: said, version };
}

export type SettingsPlan = { before: Versioned; after: ReviewSettings };

/** Plans a change of the settings; nothing is written. */
export async function planReviewSettings(
  deps: Db<"operations">,
  { reset, ...change }: ReviewSettingsChange,
): Promise<Result<SettingsPlan>> {
  const before = await readVersioned(deps);
  const after = ReviewSettings.safeParse(merged(reset === true ? {} : before.settings, change));
  if (after.success) return ok({ before, after: after.data });
  return refuse("invalid_request", "Some settings are not as they should be.", pointersOf(after.error.issues));
}

/** Writes planned settings. Refused if somebody else has changed them since they were read, so no change is lost. */
export async function writePlanned(
  deps: Db<"operations">,
  { before, after }: SettingsPlan,
): Promise<Result<ReviewSettings>> {
  const Item = settings.write(settingsKey, { ...after, version: before.version + 1 });
  const written = await putIf(deps.db, {
    TableName: deps.tables.operations,
    Item,
    ConditionExpression: "attribute_not_exists(version) OR version = :version",
    ExpressionAttributeValues: { ":version": before.version },
  });
  // The SDK repeats a put whose answer was lost; then our own item stands in the way.
  const isOurs = written.ok || fingerprintOf(written.old) === fingerprintOf(Item);
  return isOurs ? ok(after) : refuse("changed_meanwhile", "Somebody else has just changed the settings.");
}

/** Writes all settings, whatever they were. */
export async function writeReviewSettings(deps: Db<"operations">, settings: ReviewSettings): Promise<void> {
  const before = await readVersioned(deps);
  const written = await writePlanned(deps, { before, after: settings });
  if (!written.ok) throw new Error(written.detail);
}

export function twoPeopleFrom(settings: ReviewSettings, currency: string): number {
  return settings.twoPeopleFrom[currency] ?? LIMITS.twoPeopleFrom;
}
