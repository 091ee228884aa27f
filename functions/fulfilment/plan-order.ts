import { planOrder } from "../../shared/fulfilment/step.ts";
import { clock, db, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { taskFunction } from "../runtime/task.ts";
import { planOrderEnv } from "./env.ts";
import { OrderTask } from "./tasks.ts";

const deps = { db, tables: tablesIn(readEnv(planOrderEnv)), clock };

export const handler = taskFunction("plan-order", OrderTask, ({ orderId }) => planOrder(deps, orderId));
