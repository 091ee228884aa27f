import { ok } from "../../shared/kernel/problem.ts";
import { cancelOrder } from "../../shared/orders/cancel.ts";
import { channels } from "../runtime/callers.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { cancelOrderEnv } from "./env.ts";
import { operations } from "./operations.ts";
import { showOrder } from "./present.ts";

const deps = { db, tables: tablesIn(readEnv(cancelOrderEnv)), clock };

export const handler = httpFunction(
  "cancel-order",
  operations.cancelOrder,
  channels(deps),
  async ({ params }, caller) => {
    const cancelled = await cancelOrder(deps, caller.channelId, params.orderId);
    return cancelled.ok ? ok({ body: showOrder(cancelled.value) }) : cancelled;
  },
);
