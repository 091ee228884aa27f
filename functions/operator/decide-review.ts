import { showInside } from "../../shared/fulfilment/inspect.ts";
import { ok } from "../../shared/kernel/problem.ts";
import { decide } from "../../shared/review/decide.ts";
import { operators } from "../runtime/callers.ts";
import { clock, db, kmsClient, sfnClient, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { decideReviewEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(decideReviewEnv);
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
  "decide-review",
  operations.decideReview,
  operators,
  async ({ params, body, requestId }, operator) => {
    const decided = await decide(deps, params.orderId, body, { operator: operator.arn, requestId });
    if (!decided.ok) return decided;
    const { outcome, order } = decided.value;
    return ok({ body: showInside(order), ...(outcome === "proposed" ? { status: 202 } : {}) });
  },
);
