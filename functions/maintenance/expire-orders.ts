import { expireUnpaid } from "../../shared/orders/expire-unpaid.ts";
import { reviewBacklog } from "../../shared/review/backlog.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { count, measure } from "../runtime/metrics.ts";
import { failuresOf } from "./each.ts";
import { expireOrdersEnv } from "./env.ts";

const deps = { db, tables: tablesIn(readEnv(expireOrdersEnv)), clock };

/**
 * Each minute, for orders that wait: codes of those that nobody paid in time go back on sale, and those before a person are
 * counted. Throws in the end if any could not be given up.
 */
export const handler = async (): Promise<void> => {
  const failures = failuresOf("expire-orders");
  const expired = await expireUnpaid(deps, ({ id }, error) => failures.note(id, error));
  if (expired > 0) log("orders_expired", { orders: expired });
  // Only then: codes must come back also while this look fails.
  const { orders, oldestSeconds } = await reviewBacklog(deps);
  count("OrdersInReview", orders);
  measure("OldestReviewSeconds", oldestSeconds);
  failures.end();
};
