import { expireUnpaid } from "../../shared/orders/expire-unpaid.ts";
import { reviewBacklog } from "../../shared/review/backlog.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { errorName, log } from "../runtime/log.ts";
import { count, measure } from "../runtime/metrics.ts";
import { expireOrdersEnv } from "./env.ts";

const deps = { db, tables: tablesIn(readEnv(expireOrdersEnv)), clock };

/**
 * Each minute, for orders that wait: codes of those that nobody paid in time go back on sale, and those before a person are
 * counted. Throws in the end if any could not be given up.
 */
export const handler = async (): Promise<void> => {
  const { orders, oldestSeconds } = await reviewBacklog(deps);
  count("OrdersInReview", orders);
  measure("OldestReviewSeconds", oldestSeconds);
  const failed: string[] = [];
  const expired = await expireUnpaid(deps, ({ id }, error) => {
    failed.push(id);
    log("maintenance_failed", { job: "expire-orders", subject: id, error: errorName(error) }, error);
  });
  if (expired > 0) log("orders_expired", { orders: expired });
  if (failed.length > 0) throw new Error(`expire-orders failed for ${failed.length}`);
};
