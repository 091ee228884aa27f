import { expireUnpaid } from "../../shared/orders/expire-unpaid.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { expireOrdersEnv } from "./env.ts";

const deps = { db, tables: tablesIn(readEnv(expireOrdersEnv)), clock };

/** Each minute: codes of orders that nobody paid in time go back on sale. */
export const handler = async (): Promise<void> => {
  const expired = await expireUnpaid(deps);
  if (expired > 0) log("orders_expired", { orders: expired });
};
