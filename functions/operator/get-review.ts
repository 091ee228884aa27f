import { ok, refuse } from "../../shared/kernel/problem.ts";
import { readReview } from "../../shared/review/queue.ts";
import { readReviewSettings } from "../../shared/review/settings.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { getReviewEnv } from "./env.ts";
import { operations } from "./operations.ts";

const deps = { db, tables: tablesIn(readEnv(getReviewEnv)) };

export const handler = httpFunction("get-review", operations.getReview, operators, async ({ params }) => {
  const details = await readReview(deps, params.orderId, await readReviewSettings(deps), clock());
  return details === undefined ? refuse("not_found", "No such order is before a person.") : ok({ body: details });
});
