import { planOrder } from "../../../shared/fulfilment/step.ts";
import { dependenciesOfWorker } from "../../runtime/dependencies.ts";
import { taskFunction } from "../../runtime/task.ts";
import { OrderTask } from "./tasks.ts";
import { workers } from "./workers.ts";

const { deps } = dependenciesOfWorker(workers.planOrder);

export const handler = taskFunction("plan-order", OrderTask, ({ orderId }) => planOrder(deps, orderId));
