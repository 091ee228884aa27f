import { differences, factsOf } from "../../shared/audit/differences.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { planReviewSettings, writePlanned } from "../../shared/review/settings.ts";
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
    const planned = await planReviewSettings(deps, body);
    if (!planned.ok) return planned;
    const { before, after } = planned.value;
    const said = factsOf(differences(before.settings, after));
    const written = await audited(
      deps,
      { operator, requestId, action: "review_settings_changed", subject: "settings", ...said },
      () => writePlanned(deps, planned.value),
    );
    return written.ok ? ok({ body: written.value }) : written;
  },
);
