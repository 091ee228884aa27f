import { inspectOrder } from "../../../shared/fulfilment/inspect.ts";
import { ok, refuse } from "../../../shared/kernel/problem.ts";
import { operators } from "../../runtime/callers.ts";
import { dependenciesOf, sfnClient } from "../../runtime/dependencies.ts";
import { httpFunction } from "../../runtime/http.ts";
import { functions } from "./operations.ts";
import { operatorDocument } from "./operator-document.ts";

const { env, deps: given } = dependenciesOf(functions.operatorOrders);
const deps = { ...given, sfn: sfnClient(), workflowArn: env.WORKFLOW_ARN };

export const handler = httpFunction(
  "operator-orders",
  functions.operatorOrders,
  { authenticate: operators },
  {
    inspectOrder: async ({ params: { orderId } }) => {
      const timeline = await inspectOrder(deps, orderId);
      return timeline === undefined ? refuse("not_found", "There is no such order.") : ok({ body: timeline });
    },

    getOperatorOpenapi: async () => ok({ body: operatorDocument() }),
  },
);
