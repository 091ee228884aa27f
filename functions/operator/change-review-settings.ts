import { ok } from "../../shared/kernel/problem.ts";
import { writeReviewSettings } from "../../shared/review/settings.ts";
import { operators } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { audited } from "./audited.ts";
import { changeReviewSettingsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(changeReviewSettingsEnv)) };

export const handler = httpFunction(
  "change-review-settings",
  operations.changeReviewSettings,
  operators,
  async ({ body, requestId }, operator) => {
    await audited(deps, operator, requestId, "review_settings_changed", "settings");
    await writeReviewSettings(deps, body);
    return ok({ body });
  },
);
