import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { type Db, putIf } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { fingerprintOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { merged } from "../kernel/merge.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { caseSettingsKey as settingsKey } from "./table.ts";

const amount = z.int().min(0);
const fields = {
  byRuleUpTo: amount,
  byRulePerBuyer: z.int().min(0).max(1_000),
  decideWithinSeconds: z
    .int()
    .min(60)
    .max(90 * 24 * 3600),
  compensationBudget: amount,
};
const members = {
  /** What a case may be worth to be decided by a rule, in minor units of any currency, unless its product says. */
  byRuleUpTo: fields.byRuleUpTo.default(LIMITS.caseByRuleUpTo),
  /** Cases of one buyer that rules decide in 30 days. A person looks at the others. */
  byRulePerBuyer: fields.byRulePerBuyer.default(LIMITS.casesByRulePerBuyer),
  /** How long a person may take to decide a case, in seconds. Then it is late, with an alarm. */
  decideWithinSeconds: fields.decideWithinSeconds.default(LIMITS.caseSeconds),
  /** What pieces that are given for nothing may be worth in a month, in minor units of each currency. */
  compensationBudget: fields.compensationBudget.default(LIMITS.compensationBudget),
};
export const CaseSettings = z.strictObject(members);
export type CaseSettings = z.infer<typeof CaseSettings>;

/** A change of the settings: only what changes. Null goes back to the platform's value. */
export const CaseSettingsChange = z
  .strictObject({
    byRuleUpTo: fields.byRuleUpTo.nullable(),
    byRulePerBuyer: fields.byRulePerBuyer.nullable(),
    decideWithinSeconds: fields.decideWithinSeconds.nullable(),
    compensationBudget: fields.compensationBudget.nullable(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "must say what to change");
export type CaseSettingsChange = z.infer<typeof CaseSettingsChange>;

const settings = stored("settings", z.object({ ...members, version: z.int().default(0) }));

type Versioned = { settings: CaseSettings; version: number };

async function readVersioned(deps: Db<"operations">): Promise<Versioned> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: settingsKey, ConsistentRead: true }),
  );
  const { version, ...said } = settings.read(found.Item ?? settingsKey);
  return { settings: said, version };
}

/** Reads how cases are decided, strongly. What nobody has said is the platform's. */
export const readCaseSettings = async (deps: Db<"operations">): Promise<CaseSettings> =>
  (await readVersioned(deps)).settings;

export type CaseSettingsPlan = { before: Versioned; after: CaseSettings };

/** Plans a change of the settings; nothing is written. */
export async function planCaseSettings(deps: Db<"operations">, change: CaseSettingsChange): Promise<CaseSettingsPlan> {
  const before = await readVersioned(deps);
  return { before, after: CaseSettings.parse(merged(before.settings, change)) };
}

/** Writes planned settings. Refused if somebody else has changed them since they were read, so no change is lost. */
export async function writeCaseSettings(
  deps: Db<"operations">,
  { before, after }: CaseSettingsPlan,
): Promise<Result<CaseSettings>> {
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
