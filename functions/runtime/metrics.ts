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

const metrics = about({});

/** Counts something that happened in the shop. */
export function count(
  name:
    | "CallbackForged"
    | "CallbackUnknown"
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
    | "ChargeDiffers",
  value = 1,
): void {
  metrics.addMetric(name, MetricUnit.Count, value);
  metrics.publishStoredMetrics();
}

/** Measures something in seconds. */
export function measure(name: "PaidToDelivered" | "OldestReviewSeconds", seconds: number): void {
  metrics.addMetric(name, MetricUnit.Seconds, seconds);
  metrics.publishStoredMetrics();
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
