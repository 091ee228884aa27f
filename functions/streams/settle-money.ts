import type { DynamoDBStreamEvent } from "aws-lambda";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { settleMoneyEnv } from "./env.ts";
import { orderChanges } from "./order-images.ts";

const deps = { db, tables: tablesIn(readEnv(settleMoneyEnv)) };

/** Books the money of orders that were decided, off the buyer's path and many at once. */
export const handler = async (event: DynamoDBStreamEvent): Promise<void> => {
  const latest = new Map(orderChanges(event).map(({ after }) => [after.id, after]));
  await settleOrders(deps, [...latest.values()]);
};
