import { restock } from "../../../shared/restock/restock.ts";
import { suppliersInUse } from "../../../shared/restock/suppliers-in-use.ts";
import { allRestocks, readRestock } from "../../../shared/restock/table.ts";
import { askSync } from "../../../shared/suppliers/ask-sync.ts";
import { tellChargeDiffers } from "../../runtime/charges.ts";
import { dependenciesOfJobs, eventsClient, kmsClient, sqsClient, ssmClient } from "../../runtime/dependencies.ts";
import { forEachSubject } from "../../runtime/each.ts";
import { count } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.suppliersSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const deps = {
  ...given,
  sqs: sqsClient(),
  syncQueueUrl: env.SYNC_QUEUE_URL,
  kms: kmsClient(),
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
  events: eventsClient(),
  eventBusName: env.EVENT_BUS,
  onChargeDiffers: tellChargeDiffers,
  onPurchaseReversed: () => count("PurchaseReversed"),
};

export const handler = scheduleFunction(jobs, {
  /** Has the catalogue read of every supplier that something is bought from. */
  scheduleSyncs: async () => {
    await forEachSubject(
      "schedule-syncs",
      await suppliersInUse(deps),
      (supplierId) => supplierId,
      (supplierId) => askSync(deps, supplierId, deps.clock()),
    );
  },

  /** Buys ahead what is low, a step for each product. */
  restock: async () => {
    await forEachSubject(
      "restock",
      await allRestocks(deps),
      ({ productId }) => productId,
      async (before) => {
        await restock(deps, before);
        const after = await readRestock(deps, before.productId);
        if (after?.stopped !== undefined && after.stopped.at !== before.stopped?.at) count("RestockStopped");
      },
    );
  },
});
