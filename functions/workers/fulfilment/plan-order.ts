import { planOrder } from "../../../shared/fulfilment/step.ts";
import { dependenciesFor } from "../../runtime/dependencies.ts";
import { taskFunction } from "../../runtime/task.ts";
import { OrderTask } from "./tasks.ts";
import { workers } from "./workers.ts";

const { deps } = dependenciesFor(workers.planOrder.needs);

export const handler = taskFunction("plan-order", OrderTask, ({ orderId }) => planOrder(deps, orderId));
