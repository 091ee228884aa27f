import { inspectOrder } from "../../shared/fulfilment/inspect.ts";
import { ok, refuse } from "../../shared/kernel/problem.ts";
import { operators } from "../runtime/callers.ts";
import { db, sfnClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { httpFunction } from "../runtime/http.ts";
import { inspectOrderEnv } from "./env.ts";
import { operations } from "./operations.ts";

const env = readEnv(inspectOrderEnv);
const deps = { db, tables: tablesIn(env), sfn: sfnClient(), workflowArn: env.WORKFLOW_ARN };

export const handler = httpFunction("inspect-order", operations.inspectOrder, operators, async ({ params }) => {
  const timeline = await inspectOrder(deps, params.orderId);
  return timeline === undefined ? refuse("not_found", "There is no such order.") : ok({ body: timeline });
});
