import { Duration } from "aws-cdk-lib";
import type { Alarms } from "./alarms.ts";
import type { Metrics } from "./metrics.ts";

/** Makes the alarms about messages to buyers: those that nobody will get, and those that come late. */
export function messageAlarms(alarms: Alarms, metrics: Metrics): void {
  alarms.add({
    name: "messages-failed",
    means:
      "A message could not be sent and is not tried again, though its buyer can be reached: nobody has told them of their order.",
    runbook: "failed-messages",
    metric: metrics.own("MessageFailed"),
    above: 0,
  });
  alarms.add({
    name: "messages-late",
    means: "Messages to buyers have waited for half an hour: a sender is down, or set up wrongly.",
    runbook: "late-messages",
    metric: metrics.own("MessagesLateSeconds", { statistic: "Maximum" }),
    above: Duration.minutes(30).toSeconds(),
  });
}
