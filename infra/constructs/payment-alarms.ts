import { Duration } from "aws-cdk-lib";
import type { Alarms } from "./alarms.ts";
import type { Metrics } from "./metrics.ts";

/** Makes the alarms about payments at providers: money that can't go back, that is not looked at, and news that is not theirs. */
export function paymentAlarms(alarms: Alarms, metrics: Metrics): void {
  alarms.add({
    name: "refunds-refused",
    means: "A payment provider can't give money back: a buyer is owed it until a person sends it another way.",
    runbook: "refused-refunds",
    metric: metrics.own("RefundRefused"),
    above: 0,
  });
  alarms.add({
    name: "refunds-waiting",
    means:
      "Money does not go back to a buyer until a person does something: we have too little at a payment provider, or it has not taken a refund for a day.",
    runbook: "waiting-refunds",
    // It is asked for again at least every ten minutes, and counts each time: the alarm ends when the money has gone back.
    metric: metrics.own("RefundWaits", { period: Duration.minutes(15) }),
    above: 0,
  });
  alarms.add({
    name: "payments-unknown",
    means:
      "A payment provider can't say whether a buyer has paid, ten minutes after that could be done; the codes are on sale again.",
    runbook: "unknown-payments",
    metric: metrics.own("PaymentUnknown"),
    above: 0,
  });
  alarms.add({
    name: "dispute-deadlines",
    means: "A dispute or a complaint has no answer, and its time runs out: what is not answered is lost.",
    runbook: "dispute-deadlines",
    metric: metrics.own("DisputeDeadlineNear"),
    above: 0,
  });
  alarms.add({
    name: "evidence-refused",
    means: "A payment provider does not take our evidence: a dispute is lost unless a person sends it another way.",
    runbook: "refused-evidence",
    metric: metrics.own("EvidenceRefused"),
    above: 0,
  });
  alarms.add({
    name: "cases-late",
    means: "Nobody has decided in time what a buyer asked for after the sale: they wait, and may dispute the payment.",
    runbook: "late-cases",
    // Each case that is late is counted once an hour, until it is decided.
    metric: metrics.own("CaseLate", { period: Duration.hours(1) }),
    above: 0,
  });
  alarms.add({
    name: "payments-late",
    means: "Payments have been due for a quarter of an hour: buyers may have paid and wait, or wait for their money.",
    runbook: "late-payments",
    metric: metrics.own("OldestPaymentSeconds", { statistic: "Maximum" }),
    above: Duration.minutes(15).toSeconds(),
  });
  alarms.add({
    name: "statements-different",
    means:
      "A payment provider says something else of a day than our books: money is missing, or nobody knows whose it is.",
    runbook: "different-statements",
    metric: metrics.own("DaysDifferent", { statistic: "Maximum", period: Duration.hours(1) }),
    above: 0,
  });
  alarms.add({
    name: "reconciliations-late",
    means:
      "Nobody has compared a payment provider's day with our books, a day after its statement should have been there.",
    runbook: "late-reconciliations",
    metric: metrics.own("DaysUnreconciled", { statistic: "Maximum", period: Duration.hours(1) }),
    above: 0,
  });
  alarms.add({
    name: "closings-late",
    means: "A day of the books can't be closed: money of an order is set aside from before its end and is not booked.",
    runbook: "late-closings",
    // The job counts each hour. Money that waits for the stream alone is booked within seconds.
    metric: metrics.own("ClosingsLate", { statistic: "Maximum", period: Duration.hours(1) }),
    above: 0,
  });
  alarms.add({
    name: "notifications-forged",
    means:
      "Notifications of payments are refused as forged: somebody tries the door, or a provider signs with another secret than ours.",
    runbook: "forged-notifications",
    // A provider sends again what we refuse, at growing intervals: one true notification is three within the hour.
    metric: metrics.own("NotificationForged", { period: Duration.hours(1) }),
    above: 2,
  });
}
