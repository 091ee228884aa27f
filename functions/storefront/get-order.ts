import { ok, refuse } from "../../shared/kernel/problem.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { channels } from "../runtime/callers.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { getOrderEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showOrder } from "./present.ts";

const deps = { db, tables: tablesIn(readEnv(getOrderEnv)) };

export const handler = httpFunction("get-order", operations.getOrder, channels(deps), async ({ params }, caller) => {
  const order = await readOrder(deps, params.orderId);
  // Another channel's order is as unknown as none at all.
  if (order?.channelId !== caller.channelId) return refuse("not_found", "There is no such order.");
  return ok({ body: showOrder(order) });
});
