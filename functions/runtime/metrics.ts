import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { environment } from "./env.ts";

// Metrics go into the log as EMF: no call, no wait. CloudWatch keeps each combination of dimensions as a metric of its own, so
// that an alarm must name the very dimensions that are written here: `infra/constructs/metrics.ts` does.

const about = (dimensions: Record<string, string>): Metrics =>
  new Metrics({
    namespace: "Vouchsafe",
    serviceName: "vouchsafe",
    defaultDimensions: { environment: environment(), ...dimensions },
  });

/** What is written without more dimensions. Made when first needed: it would slow every cold start. */
let shop: Metrics | undefined;

function write(name: string, unit: (typeof MetricUnit)[keyof typeof MetricUnit], value: number): void {
  shop ??= about({});
  shop.addMetric(name, unit, value);
  shop.publishStoredMetrics();
}

/** Counts something that happened in the shop. */
export function count(
  name:
    | "CallbackForged"
    | "CallbackUnknown"
    | "NotificationForged"
    | "RefundRefused"
    | "RefundWaits"
    | "PaymentUnknown"
    | "DisputeDeadlineNear"
    | "EvidenceRefused"
    | "CaseLate"
    | "DaysDifferent"
    | "DaysUnreconciled"
    | "ClosingsLate"
    | "OrphansSwept"
    | "OrderForgotten"
    | "OrderOverdue"
    | "OrdersInReview"
    | "ReviewUndecided"
    | "RunFailed"
    | "SupplierSick"
    | "ProductUnlisted"
    | "SyncFailed"
    | "RestockStopped"
    | "PurchaseReversed"
    | "ChargeDiffers"
    | "EventsPassed"
    | "WebhookDisabled"
    | "MessageFailed"
    | "LinkWrong",
  value = 1,
): void {
  write(name, MetricUnit.Count, value);
}

/** Measures something in seconds. */
export function measure(
  name:
    | "PaidToDelivered"
    | "OldestReviewSeconds"
    | "OldestPaymentSeconds"
    | "WebhooksLateSeconds"
    | "MessagesLateSeconds",
  seconds: number,
): void {
  write(name, MetricUnit.Seconds, seconds);
}

/**
 * Counts work that a function could not do and answered for: an HTTP call with a 500, or a message that it leaves to its queue. To
 * Lambda such a call is a success, so `Errors` says nothing of it.
 */
export function countFailure(kebabName: string): void {
  const failures = about({ function: kebabName });
  failures.addMetric("Failures", MetricUnit.Count, 1);
  failures.publishStoredMetrics();
}
