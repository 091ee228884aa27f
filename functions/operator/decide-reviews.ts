import { ok } from "../../shared/kernel/problem.ts";
import { LIST_CURSOR } from "../../shared/orders/table.ts";
import { decideMany } from "../../shared/review/bulk.ts";
import { knownFilter, misspelt } from "../../shared/review/known.ts";
import { operators } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { clock, db, kmsClient, sfnClient, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { decideReviewsEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(decideReviewsEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
  sfn: sfnClient(),
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
};

export const handler = httpFunction(
  "decide-reviews",
  operations.decideReviews,
  operators,
  async ({ body, requestId }, operator) => {
    const after = cursorFrom(body.cursor, LIST_CURSOR);
    if (!after.ok) return after;
    const known = await knownFilter(deps, body.filter, "/filter");
    if (!known.ok) return known;
    const { results, filter, next } = await decideMany(deps, body, { operator: operator.arn, requestId }, after.value);
    const spelt = results.length === 0 && next === null ? misspelt(filter, "/filter") : known;
    if (!spelt.ok) return spelt;
    return ok({ body: { results, filter, nextCursor: cursorTo(next) } });
  },
);
