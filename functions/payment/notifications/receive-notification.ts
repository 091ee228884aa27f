import { systemClock } from "../../../shared/kernel/clock.ts";
import { correlateWith } from "../../../shared/kernel/correlation.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { followNews } from "../../../shared/orders/follow-payment.ts";
import type { Acknowledgement } from "../../../shared/payments/contract.ts";
import type { Payment } from "../../../shared/payments/model.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";
import { providersBy } from "../../providers.ts";
import { anyone } from "../../runtime/callers.ts";
import { areSalesClosed } from "../../runtime/closed-sales.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { errorName, log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.receiveNotification);
const providers = providersBy(env);
const following = {
  ...given,
  ...providers,
  onRefundRefused: () => count("RefundRefused"),
  onRefundWaits: () => count("RefundWaits"),
  onUnknown: () => count("PaymentUnknown"),
};
const deps = {
  ...given,
  // A provider signs by the time of the world, which nobody moves.
  clock: systemClock,
  ...providers,
  sqs: sqsClient(),
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
  sealBody: sealer({ kms: kmsClient(), keyId: env.PERSONAL_KEY, context: { purpose: "notification" } }),
  follow: (payment: Payment) => followNews(following, payment),
  onLeft: (paymentId: string, error: unknown) =>
    log("notification_left", { paymentId, error: errorName(error) }, error),
};

const acknowledged = ({ status, body, contentType }: Acknowledgement) =>
  ok({ body, status, raw: true, headers: { "Content-Type": contentType } });

/** What is refused because sales are closed is no forgery: it comes again. */
function onRefused(): void {
  if (!areSalesClosed()) count("NotificationForged");
}

export const handler = httpFunction(
  "receive-notification",
  functions.receiveNotification,
  // Whatever is posted here and not taken is counted, also what is too large, can't be read, or names no provider.
  { authenticate: anyone, onRefused },
  {
    receiveNotification: async ({ params: { provider }, text, headers }) => {
      const received = await receiveNotification(deps, provider, text, headers);
      switch (received.kind) {
        case "followed": {
          const { id: paymentId, state } = received.payment;
          correlateWith(received.payment);
          log("payment_followed", { paymentId, state });
          return acknowledged(received.acknowledgement);
        }
        case "stored":
        case "unrelated":
          return acknowledged(received.acknowledgement);
        case "unknown_provider":
          return refuse("not_found", "There is no such payment provider.");
        case "refused":
          log("notification_refused", { provider, reason: received.reason });
          return refuse("forged_callback", "The notification does not verify.");
      }
    },
  },
);
