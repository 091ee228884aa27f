import { showInside } from "../../../shared/fulfilment/show-inside.ts";
import { idOf } from "../../../shared/kernel/ids.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { countedPayment } from "../../../shared/orders/payers.ts";
import { askToFollow } from "../../../shared/payments/queue.ts";
import { decideMany } from "../../../shared/review/bulk.ts";
import { type Decided, decide } from "../../../shared/review/decide.ts";
import { knownFilter, misspelt } from "../../../shared/review/known.ts";
import { refundOrder } from "../../../shared/review/refund-order.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sfnClient, sqsClient, ssmClient } from "../../runtime/dependencies.ts";
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
  sqs: sqsClient(),
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
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

    refundOrder: async ({ params, body, requestId, idempotencyKey }, { arn }) => {
      const by = { operator: arn, requestId, cause: idOf("req", "refund", idempotencyKey) };
      const refunded = await refundOrder(deps, params.orderId, body, by);
      if (!refunded.ok) return refunded;
      const { kind, order } = refunded.value;
      // The provider is asked at once, and not only when the refund is due.
      const paymentId = countedPayment(order);
      if (kind === "done" && paymentId !== undefined) await askToFollow(deps, { paymentId });
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
