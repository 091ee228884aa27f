import { Duration } from "aws-cdk-lib";
import type { Alarms } from "./alarms.ts";
import type { Metrics } from "./metrics.ts";

/** Makes the alarms about suppliers: their health, prices, catalogues and callbacks. */
export function supplierAlarms(alarms: Alarms, metrics: Metrics): void {
  alarms.add({
    name: "suppliers-sick",
    means: "A supplier fails or is out of our money: other sources take its orders; where there are none, buyers wait.",
    runbook: "sick-suppliers",
    metric: metrics.own("SupplierSick"),
    above: 0,
  });
  alarms.add({
    name: "charges-differ",
    means: "A supplier charged more than was agreed, or in another currency: what it delivers may be sold at a loss.",
    runbook: "differing-charges",
    metric: metrics.own("ChargeDiffers"),
    above: 0,
  });
  alarms.add({
    name: "products-unlisted",
    means: "A product was taken off sale by rule: its suppliers ask more than it costs, or nothing at all.",
    runbook: "unlisted-products",
    metric: metrics.own("ProductUnlisted"),
    above: 0,
  });
  alarms.add({
    name: "restock-stopped",
    means:
      "Stock is low and is not bought ahead: its price moved, the day's budget is spent, or a purchase is unclear.",
    runbook: "stopped-restocks",
    metric: metrics.own("RestockStopped"),
    above: 0,
  });
  alarms.add({
    name: "purchases-reversed",
    means:
      "A supplier has taken back what was bought ahead from it: what is left of it is frozen, and what was sold may be dead.",
    runbook: "reversed-purchases",
    metric: metrics.own("PurchaseReversed"),
    above: 0,
  });
  alarms.add({
    name: "sync-failed",
    means: "A supplier's catalogue can't be read: prices and stock are older than they should be.",
    runbook: "failed-syncs",
    // Read each quarter of an hour: three of the last four failed.
    metric: metrics.own("SyncFailed", { period: Duration.minutes(15) }),
    above: 0,
    periods: 4,
    atLeast: 3,
  });
  alarms.add({
    name: "callbacks-forged",
    means:
      "Callbacks are refused as forged: somebody tries the door, or a supplier signs with another secret than ours.",
    runbook: "forged-callbacks",
    // A supplier calls again what we refuse, at growing intervals: one true callback is three within the hour.
    metric: metrics.own("CallbackForged", { period: Duration.hours(1) }),
    above: 2,
  });
}
