import * as z from "zod";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { correlateWith } from "../../../shared/kernel/correlation.ts";
import { providersBy } from "../../providers.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, eventsClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.followPayment);
const deps = {
  ...given,
  ...providersBy(env),
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
  onRefundRefused: () => count("RefundRefused"),
  onRefundWaits: () => count("RefundWaits"),
  onUnknown: () => count("PaymentUnknown"),
  onDeadlineNear: () => count("DisputeDeadlineNear"),
  onAnswerRefused: () => count("EvidenceRefused"),
};

const why = {
  isChanged: z.literal(true).exactOptional(),
  notification: z.strictObject({ provider: z.string(), eventId: z.string() }).exactOptional(),
};
const Message = z.union([
  z.strictObject({ paymentId: z.string(), ...why }),
  z.strictObject({ dispute: z.strictObject({ provider: z.string(), disputeId: z.string() }), ...why }),
]);

export const handler = queueFunction("follow-payment", "payments", Message, deps, async (message) => {
  const looked = await processMessage(deps, message);
  switch (looked?.kind) {
    case "payment": {
      const { id: paymentId, state } = looked.payment;
      correlateWith(looked.payment);
      return log("payment_followed", { paymentId, state });
    }
    case "dispute": {
      const { id: disputeId, paymentId, state } = looked.dispute;
      correlateWith(looked.dispute);
      return log("dispute_followed", { disputeId, paymentId, state });
    }
    case undefined:
      return undefined;
  }
});
