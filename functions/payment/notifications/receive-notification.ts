import { systemClock } from "../../../shared/kernel/clock.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import type { Acknowledgement } from "../../../shared/payments/contract.ts";
import { receiveNotification } from "../../../shared/payments/receive-notification.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";
import { providersBy } from "../../providers.ts";
import { anyone } from "../../runtime/callers.ts";
import { dependenciesOf, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { functions } from "./operations.ts";

const { env, deps: given } = dependenciesOf(functions.receiveNotification);
const deps = {
  ...given,
  // A provider signs by the time of the world, which nobody moves.
  clock: systemClock,
  ...providersBy(env),
  sqs: sqsClient(),
  paymentQueueUrl: env.PAYMENT_QUEUE_URL,
  sealBody: sealer({ kms: kmsClient(), keyId: env.PERSONAL_KEY, context: { purpose: "notification" } }),
};

const acknowledged = ({ status, body, contentType }: Acknowledgement) =>
  ok({ body, status, raw: true, headers: { "Content-Type": contentType } });

export const handler = httpFunction(
  "receive-notification",
  functions.receiveNotification,
  // Whatever is posted here and not taken is counted, also what is too large, can't be read, or names no provider.
  { authenticate: anyone, onRefused: () => count("NotificationForged") },
  {
    receiveNotification: async ({ params: { provider }, text, headers }) => {
      const received = await receiveNotification(deps, provider, text, headers);
      switch (received.kind) {
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
