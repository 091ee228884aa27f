import { askSync, suppliersInUse } from "../../shared/suppliers/ask-sync.ts";
import { clock, db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { forEachSubject } from "./each.ts";
import { scheduleSyncsEnv } from "./env.ts";

const env = readEnv(scheduleSyncsEnv);
const deps = { db, tables: tablesIn(env), sqs: sqsClient(), syncQueueUrl: env.SYNC_QUEUE_URL };

/** Each quarter of an hour: has the catalogue read of every supplier that something is bought from. */
export const handler = async (): Promise<void> => {
  await forEachSubject(
    "schedule-syncs",
    await suppliersInUse(deps),
    (supplierId) => supplierId,
    (supplierId) => askSync(deps, supplierId, clock()),
  );
};
