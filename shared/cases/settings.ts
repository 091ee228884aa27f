import { GetCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";
import { SETTINGS } from "../review/table.ts";

const settingsKey: Key = { pk: SETTINGS, sk: "cases" };

const members = {
  /** What a case may be worth to be decided by a rule, in minor units, by currency; and of any other currency. */
  byRuleUpTo: z.record(z.string().regex(/^[A-Z]{3}$/), z.int().min(0)).default({}),
  anyCurrencyUpTo: z.int().min(0).default(LIMITS.caseByRuleUpTo),
  /** Cases of one buyer that rules decide in 30 days. A person looks at the others. */
  byRulePerBuyer: z.int().min(0).max(1_000).default(LIMITS.casesByRulePerBuyer),
  /** How long a person may take to decide a case, in seconds. Then it is late, with an alarm. */
  decideWithinSeconds: z
    .int()
    .min(60)
    .max(90 * 24 * 3600)
    .default(LIMITS.caseSeconds),
};
export const CaseSettings = z.strictObject(members);
export type CaseSettings = z.infer<typeof CaseSettings>;

const settings = stored("settings", z.object(members));

/** Reads how cases are decided, strongly. What nobody has said is the platform's. */
export async function readCaseSettings(deps: Db<"operations">): Promise<CaseSettings> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.operations, Key: settingsKey, ConsistentRead: true }),
  );
  return settings.read(found.Item ?? settingsKey);
}
