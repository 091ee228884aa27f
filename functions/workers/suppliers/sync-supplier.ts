import * as z from "zod";
import { checkMargins } from "../../../shared/catalog/check-margins.ts";
import { followCosts } from "../../../shared/catalog/follow-costs.ts";
import { type Synced, syncSupplier } from "../../../shared/suppliers/sync.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { clock, dependenciesOfWorker, eventsClient, ssmClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.syncSupplier);
const deps = {
  ...given,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
};

const Message = z.strictObject({ supplierId: z.string(), askedAt: z.iso.datetime() });

/** Reads a supplier's catalogue, then has prices follow it, and looks at what is sold from it. One that is down is read again by the schedule. */
export const handler = queueFunction("sync-supplier", "sync", Message, deps, async ({ supplierId, askedAt }) => {
  tell(supplierId, await syncSupplier(deps, supplierId, askedAt));
  for (const { id: productId, version } of await followCosts(deps, supplierId, clock()))
    log("price_followed", { productId, version });
  for (const { id: productId } of await checkMargins(deps, supplierId, clock())) {
    count("ProductUnlisted");
    log("product_unlisted", { productId });
  }
});

function tell(supplierId: string, synced: Synced): void {
  switch (synced.kind) {
    case "read": {
      const { items, changes, leftOut, balancesDown } = synced;
      log("supplier_synced", { supplierId, items, changed: changes.length, leftOut: leftOut.length });
      if (balancesDown !== undefined) failed(supplierId, `balances_${balancesDown}`);
      break;
    }
    case "down":
      failed(supplierId, synced.reason);
      break;
    case "no_catalogue":
    case "overtaken":
      break;
  }
}

function failed(supplierId: string, reason: string): void {
  count("SyncFailed");
  log("sync_failed", { supplierId, reason });
}
