import { listChannels } from "../../shared/channels/keys.ts";
import { beginWatch } from "../../shared/fulfilment/watch.ts";
import { settleChannel } from "../../shared/orders/settle-orders.ts";
import { clock, db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { forEachSubject } from "./each.ts";
import { settleAccountsEnv } from "./env.ts";

const env = readEnv(settleAccountsEnv);
const deps = { db, tables: tablesIn(env), clock, sqs: sqsClient(), watchQueueUrl: env.WATCH_QUEUE_URL };

/** The stream books within a second; what is older than this was missed, or is a debit that lost a race and crashed. */
const MISSED_AFTER_MS = 30_000;

/** Each minute: the backstop behind the stream. An order that has long been open with its money pending gets a watch. */
export const handler = async (): Promise<void> => {
  const done = { accounts: 0, pendings: 0 };
  try {
    await forEachSubject(
      "settle-accounts",
      await listChannels(deps),
      ({ id }) => id,
      async ({ id }) => {
        const missed = new Date(clock().getTime() - MISSED_AFTER_MS);
        const { accounts, pendings } = await settleChannel(deps, id, missed, (order) => beginWatch(deps, order.id, 0));
        done.accounts += accounts;
        done.pendings += pendings;
      },
    );
  } finally {
    log("accounts_settled", done);
  }
};
