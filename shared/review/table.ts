import * as z from "zod";
import type { Key } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { LIMITS } from "../kernel/limits.ts";
import { People } from "./people.ts";

/** The key of everything that is set for the whole system. */
export const SETTINGS = "settings";
export const settingsKey: Key = { pk: SETTINGS, sk: "reviews" };

export const Currency = z.string().regex(/^[A-Z]{3}$/);
export const Amount = z.int().min(1);
export const Seconds = z
  .int()
  .min(60)
  .max(90 * 24 * 3600);

/** How reviews are decided. Settings that are left out have the platform's values. */
const members = {
  /**
   * Amounts from which a decision takes two people, in minor units, by currency. Other currencies have the platform's
   * amount.
   */
  twoPeopleFrom: z.record(Currency, Amount).default({}),
  /** What nobody decided for this long is refunded by rule. */
  decideWithinSeconds: Seconds.default(LIMITS.decisionSeconds),
  /** Which principals are which people, for decisions that take two. */
  people: People.optional(),
};
export const ReviewSettings = z.strictObject(members);
export type ReviewSettings = z.infer<typeof ReviewSettings>;

/** The settings, with how often they were changed. */
export const settings = stored("settings", z.object({ ...members, version: z.int().default(0) }));
