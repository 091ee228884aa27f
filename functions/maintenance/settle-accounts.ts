import { listChannels } from "../../shared/channels/keys.ts";
import { readAccounts } from "../../shared/ledger/accounts.ts";
import type { Account, Pending } from "../../shared/ledger/model.ts";
import { settleOn } from "../../shared/orders/settle-orders.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { forEachSubject } from "./each.ts";
import { settleAccountsEnv } from "./env.ts";

const deps = { db, tables: tablesIn(readEnv(settleAccountsEnv)) };

/** The stream books within a second; what is older than this was missed, or is a debit that lost a race and crashed. */
const MISSED_AFTER_MS = 30_000;

/** Each minute: the backstop behind the stream. Orders are read before the account is read anew and settled. */
export const handler = async (): Promise<void> => {
  const done = { accounts: 0, pendings: 0 };
  try {
    await forEachSubject(
      "settle-accounts",
      await listChannels(deps),
      ({ id }) => id,
      async ({ id }) => {
        for (const account of await readAccounts(deps, id)) {
          done.pendings += await settleOld(account);
          done.accounts += 1;
        }
      },
    );
  } finally {
    log("accounts_settled", done);
  }
};

async function settleOld(account: Account): Promise<number> {
  const isOld = ({ at }: Pending): boolean => clock().getTime() - Date.parse(at) > MISSED_AFTER_MS;
  const old = Object.entries(account.pending).filter(([, pending]) => isOld(pending));
  const ids = [...new Set(old.map(([key]) => key.slice(0, key.indexOf("@"))))];
  const orders = await Promise.all(ids.map((id) => readOrder(deps, id)));
  return settleOn(
    deps,
    account,
    orders.filter((order) => order !== undefined),
  );
}
