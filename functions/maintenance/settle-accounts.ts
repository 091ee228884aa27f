import { listChannels } from "../../shared/channels/keys.ts";
import { readAccounts } from "../../shared/ledger/accounts.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { settleAccountsEnv } from "./env.ts";

const deps = { db, tables: tablesIn(readEnv(settleAccountsEnv)) };

/** The stream books within a second; what is older than this was missed, or is a debit that lost a race and crashed. */
const MISSED_AFTER_MS = 30_000;

/** Each minute: the backstop behind the stream. Orders are read after the account, and settled by its state read anew. */
export const handler = async (): Promise<void> => {
  const done = { accounts: 0, pendings: 0 };
  for (const channel of await listChannels(deps)) {
    for (const account of await readAccounts(deps, channel.id)) {
      const old = Object.entries(account.pending).filter(
        ([, { at }]) => clock().getTime() - Date.parse(at) > MISSED_AFTER_MS,
      );
      const ids = [...new Set(old.map(([key]) => key.slice(0, key.indexOf("@"))))];
      const orders = await Promise.all(ids.map((id) => readOrder(deps, id)));
      done.pendings += await settleOrders(
        deps,
        orders.filter((order) => order !== undefined),
      );
      done.accounts += 1;
    }
  }
  log("accounts_settled", done);
};
