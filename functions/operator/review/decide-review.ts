import { showInside } from "../../../shared/fulfilment/show-inside.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { decideMany } from "../../../shared/review/bulk.ts";
import { type Decided, decide } from "../../../shared/review/decide.ts";
import { knownFilter, misspelt } from "../../../shared/review/known.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sfnClient, ssmClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.decideReview);
const deps = {
  ...given,
  sfn: sfnClient(),
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
};

/** A proposal is accepted, and waits for the second person. */
const STATUS = { done: 200, noted: 200, proposed: 202 } as const satisfies Record<Decided["kind"], number>;

/** A decision puts itself on record: the record counts for the rule that two people decide. */
export const handler = httpFunction(
  "decide-review",
  functions.decideReview,
  { authenticate: operators },
  {
    decideReview: async ({ params, body, requestId }, operator) => {
      const decided = await decide(deps, params.orderId, body, { operator: operator.arn, requestId });
      if (!decided.ok) return decided;
      const { kind, order } = decided.value;
      return ok({ body: showInside(order), status: STATUS[kind] });
    },

    decideReviews: async ({ body, requestId, after }, operator) => {
      const known = await knownFilter(deps, body.filter, "/filter");
      if (!known.ok) return known;
      const { results, filter, next } = await decideMany(deps, body, { operator: operator.arn, requestId }, after);
      const spelt = results.length === 0 && next === null ? misspelt(filter, "/filter") : known;
      return spelt.ok ? ok({ body: { results, filter }, next }) : spelt;
    },
  },
);
