import { awaitWakeUp } from "../../../shared/fulfilment/wake-up.ts";
import { dependenciesOfWorker, sfnClient } from "../../runtime/dependencies.ts";
import { taskFunction } from "../../runtime/task.ts";
import { WaitTask } from "./tasks.ts";
import { workers } from "./workers.ts";

const { deps: given } = dependenciesOfWorker(workers.awaitWakeUp);
const deps = { ...given, sfn: sfnClient() };

export const handler = taskFunction("await-wake-up", WaitTask, ({ orderId, taskToken: token, ...waiting }) =>
  awaitWakeUp(deps, orderId, { token, ...waiting }),
);
