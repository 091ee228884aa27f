import { ok } from "../../shared/kernel/problem.ts";
import { readReviewSettings } from "../../shared/review/settings.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { getReviewSettingsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(getReviewSettingsEnv)) };

export const handler = httpFunction("get-review-settings", operations.getReviewSettings, operators, async () =>
  ok({ body: await readReviewSettings(deps) }),
);
