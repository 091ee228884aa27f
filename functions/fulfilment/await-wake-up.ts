import { awaitWakeUp } from "../../shared/fulfilment/wake-up.ts";
import { clock, db, sfnClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { taskFunction } from "../runtime/task.ts";
import { awaitWakeUpEnv } from "./env.ts";
import { WaitTask } from "./tasks.ts";

const deps = { db, tables: tablesIn(readEnv(awaitWakeUpEnv)), clock, sfn: sfnClient() };

export const handler = taskFunction("await-wake-up", WaitTask, ({ orderId, taskToken: token, ...waiting }) =>
  awaitWakeUp(deps, orderId, { token, ...waiting }),
);
