import { askSupplier } from "../../shared/fulfilment/ask-supplier.ts";
import { clock, db, ssmClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { taskFunction } from "../runtime/task.ts";
import { askSupplierEnv } from "./env.ts";
import { LineTask } from "./tasks.ts";

const env = readEnv(askSupplierEnv);
const deps = { db, tables: tablesIn(env), clock, ssm: ssmClient(), secretsPrefix: env.SECRETS_PREFIX };

export const handler = taskFunction("ask-supplier", LineTask, ({ orderId, lineId }) =>
  askSupplier(deps, orderId, lineId),
);
