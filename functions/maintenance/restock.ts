import { restock } from "../../shared/restock/restock.ts";
import { allRestocks, readRestock } from "../../shared/restock/table.ts";
import { tellChargeDiffers } from "../runtime/charges.ts";
import { clock, db, eventsClient, kmsClient, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { count } from "../runtime/metrics.ts";
import { forEachSubject } from "./each.ts";
import { restockEnv } from "./env.ts";

const env = readEnv(restockEnv);
const deps = {
  db,
  tables: tablesIn(env),
  clock,
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

/** Each minute: buys ahead what is low, a step for each product. */
export const handler = async (): Promise<void> => {
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
};
