import { ok } from "../../shared/kernel/problem.ts";
import { listOrders } from "../../shared/orders/list.ts";
import { LIST_CURSOR, orderIdFor, readOrder } from "../../shared/orders/table.ts";
import { channels } from "../runtime/callers.ts";
import { cursorFrom, cursorTo } from "../runtime/cursor.ts";
import { db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { listOrdersEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showOrder } from "./present.ts";

const deps = { db, tables: tablesIn(readEnv(listOrdersEnv)) };

export const handler = httpFunction("list-orders", operations.listOrders, channels(deps), async ({ query }, caller) => {
  if (query.idempotencyKey !== undefined) {
    const order = await readOrder(deps, orderIdFor(caller.channelId, query.idempotencyKey));
    return ok({ body: { data: order === undefined ? [] : [showOrder(order)], nextCursor: null } });
  }
  const after = cursorFrom(query.cursor, LIST_CURSOR);
  if (!after.ok) return after;
  const { orders, next } = await listOrders(deps, caller.channelId, query.limit, after.value);
  return ok({ body: { data: orders.map((order) => showOrder(order)), nextCursor: cursorTo(next) } });
});
