import * as z from "zod";
import { correlateWith } from "../../../shared/kernel/correlation.ts";
import { processNotification } from "../../../shared/orders/process-notification.ts";
import { providersBy } from "../../providers.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.followPayment);
const deps = {
  ...given,
  ...providersBy(env),
  onRefundRefused: () => count("RefundRefused"),
  onUnknown: () => count("PaymentUnknown"),
};

const Message = z.strictObject({
  paymentId: z.string(),
  isChanged: z.literal(true).optional(),
  notification: z.strictObject({ provider: z.string(), eventId: z.string() }).optional(),
});

export const handler = queueFunction(
  "follow-payment",
  "payments",
  Message,
  deps,
  async ({ paymentId, notification, isChanged }) => {
    const payment = await processNotification(deps, paymentId, notification, isChanged);
    if (payment === undefined) return;
    correlateWith(payment);
    log("payment_followed", { paymentId, state: payment.state });
  },
);
