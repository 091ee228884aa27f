import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { Db, Key } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { People } from "./people.ts";

/** How reviews are decided. What is left out is as the platform comes. */
export const ReviewSettings = z.strictObject({
  /** Amounts from which a decision takes two people, in minor units, by currency; others have the platform's figure. */
  twoPeopleFrom: z.record(z.string().regex(/^[A-Z]{3}$/), z.int().min(1)).default({}),
  /** What nobody decided for this long is refunded by rule. */
  decideWithinSeconds: z
    .int()
    .min(60)
    .max(90 * 24 * 3600)
    .default(LIMITS.decisionSeconds),
  /** Which principals are which people, for decisions that take two. */
  people: People.optional(),
});
export type ReviewSettings = z.infer<typeof ReviewSettings>;

const settingsKey: Key = { pk: "settings", sk: "reviews" };

export async function readReviewSettings(deps: Db<"platform">): Promise<ReviewSettings> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.platform, Key: settingsKey, ConsistentRead: true }),
  );
  const { pk: _pk, sk: _sk, ...settings } = found.Item ?? {};
  return ReviewSettings.parse(settings);
}

/** The settings as a whole: what is not said goes back to what the platform comes with. */
export async function writeReviewSettings(deps: Db<"platform">, settings: ReviewSettings): Promise<void> {
  await deps.db.send(new PutCommand({ TableName: deps.tables.platform, Item: { ...settingsKey, ...settings } }));
}

export function twoPeopleFrom(settings: ReviewSettings, currency: string): number {
  return settings.twoPeopleFrom[currency] ?? LIMITS.twoPeopleFrom;
}
