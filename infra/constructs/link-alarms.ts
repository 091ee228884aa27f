import type { Alarms } from "./alarms.ts";
import type { Metrics } from "./metrics.ts";

/** Wrong links in a period of five minutes, after which somebody is told. Buyers open old links now and then; programs try by hundreds. */
const WRONG_LINKS = 100;

/** Makes the alarm about links of buyers that somebody guesses. */
export function linkAlarms(alarms: Alarms, metrics: Metrics): void {
  alarms.add({
    name: "links-guessed",
    means:
      "Somebody tries links of buyers' pages by the hundred. None can be guessed, but they may have a list of true ones.",
    runbook: "guessed-links",
    metric: metrics.own("LinkWrong"),
    above: WRONG_LINKS,
  });
}
