import { supplierSources } from "../../shared/catalog/model.ts";
import { allProducts } from "../../shared/catalog/products.ts";
import { askSync } from "../../shared/suppliers/ask-sync.ts";
import { clock, db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { forEachSubject } from "./each.ts";
import { scheduleSyncsEnv } from "./env.ts";

const env = readEnv(scheduleSyncsEnv);
const deps = { db, tables: tablesIn(env), sqs: sqsClient(), syncQueueUrl: env.SYNC_QUEUE_URL };

/** Each quarter of an hour: has the catalogue read of every supplier that some product is bought from. */
export const handler = async (): Promise<void> => {
  const sources = (await allProducts(deps)).flatMap(supplierSources);
  const suppliers = [...new Set(sources.map(({ supplierId }) => supplierId))];
  await forEachSubject(
    "schedule-syncs",
    suppliers,
    (supplierId) => supplierId,
    (supplierId) => askSync(deps, supplierId, clock()),
  );
};
