import { listChannels } from "../../shared/channels/keys.ts";
import { settleChannel } from "../../shared/orders/settle-orders.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { forEachSubject } from "./each.ts";
import { settleAccountsEnv } from "./env.ts";

const deps = { db, tables: tablesIn(readEnv(settleAccountsEnv)) };

/** The stream books within a second; what is older than this was missed, or is a debit that lost a race and crashed. */
const MISSED_AFTER_MS = 30_000;

/** Each minute: the backstop behind the stream. */
export const handler = async (): Promise<void> => {
  const done = { accounts: 0, pendings: 0 };
  try {
    await forEachSubject(
      "settle-accounts",
      await listChannels(deps),
      ({ id }) => id,
      async ({ id }) => {
        const { accounts, pendings } = await settleChannel(deps, id, new Date(clock().getTime() - MISSED_AFTER_MS));
        done.accounts += accounts;
        done.pendings += pendings;
      },
    );
  } finally {
    log("accounts_settled", done);
  }
};
