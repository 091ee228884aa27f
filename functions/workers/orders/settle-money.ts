import { settleOrders } from "../../../shared/orders/settle-orders.ts";
import { logSales } from "../../../shared/restore/sales-log.ts";
import { dependenciesOfWorker, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { orderStreamFunction } from "./following.ts";
import type { OrderChange } from "./order-images.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.settleMoney);
const deps = {
  ...given,
  s3: s3Client(),
  salesLog: env.SALES_LOG,
  sqs: sqsClient(),
  queuePrefix: env.QUEUE_PREFIX,
};

/**
 * Books what orders have decided, off the buyer's path and many at once: what they took of stock in the log beside the tables,
 * then their money.
 */
export const handler = orderStreamFunction(deps, "settle-money", { do: book });

async function book(changes: readonly OrderChange[]): Promise<void> {
  const latest = new Map(changes.map(({ after }) => [after.id, after]));
  await logSales(deps, [...latest.values()], changes);
  await settleOrders(deps, [...latest.values()]);
}
