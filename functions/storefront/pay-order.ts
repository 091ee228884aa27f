import { ok } from "../../shared/kernel/problem.ts";
import { payOrder } from "../../shared/orders/pay.ts";
import { channels } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { payOrderEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showOrder } from "./present.ts";

const deps = { db, tables: tablesIn(readEnv(payOrderEnv)), clock };

/** Without the goods: those that may open them are two functions, and this is neither. */
export const handler = httpFunction("pay-order", operations.payOrder, channels(deps), async ({ params }, caller) => {
  const paid = await payOrder(deps, caller.channelId, params.orderId);
  return paid.ok ? ok({ body: showOrder(paid.value) }) : paid;
});
