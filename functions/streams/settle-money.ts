import type { DynamoDBStreamEvent } from "aws-lambda";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { settleMoneyEnv } from "./env.ts";
import { notingFailures } from "./noting.ts";
import { orderChanges } from "./order-images.ts";

const deps = { db, tables: tablesIn(readEnv(settleMoneyEnv)), clock };

/** Books the money of orders that were decided, off the buyer's path and many at once. */
export const handler = async (event: DynamoDBStreamEvent): Promise<void> => {
  const changes = orderChanges(event);
  const latest = new Map(changes.map(({ after }) => [after.id, after]));
  await notingFailures(deps, "settle-money", changes, async () => {
    await settleOrders(deps, [...latest.values()]);
  });
};
