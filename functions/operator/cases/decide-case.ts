import { type CaseDecided, decideCase } from "../../../shared/cases/decide.ts";
import { ok } from "../../../shared/kernel/problem.ts";
import { countedPayment } from "../../../shared/orders/payers.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { askToFollow } from "../../../shared/payments/queue.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sfnClient, sqsClient, ssmClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { showInFull } from "./shown.ts";

const { env, deps: given } = dependenciesOf(functions.decideCase);
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
const STATUS = { done: 200, proposed: 202 } as const satisfies Record<CaseDecided["kind"], number>;

/** A decision puts itself on record: the record counts for the rule that two people decide. */
export const handler = httpFunction(
  "decide-case",
  functions.decideCase,
  { authenticate: operators },
  {
    decideCase: async ({ params: { caseId }, body, requestId }, { arn }) => {
      const decided = await decideCase(deps, caseId, body, { operator: arn, requestId });
      if (!decided.ok) return decided;
      const { kind, case: one } = decided.value;
      // The provider is asked at once, and not only when the refund is due.
      const order = one.state === "refunded" ? await readOrder(deps, one.orderId) : undefined;
      const paymentId = order === undefined ? undefined : countedPayment(order);
      if (paymentId !== undefined) await askToFollow(deps, { paymentId });
      return ok({ body: showInFull(one), status: STATUS[kind] });
    },
  },
);
