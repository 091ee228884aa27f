import * as z from "zod";
import { noteLate } from "../../../shared/fulfilment/overdue.ts";
import { watchOrder } from "../../../shared/fulfilment/watch.ts";
import { refundUndecided } from "../../../shared/review/undecided.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, sfnClient, sqsClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.watchOrder);
const deps = {
  ...given,
  sfn: sfnClient(),
  workflowArn: env.WORKFLOW_ARN,
  sqs: sqsClient(),
  watchQueueUrl: env.WATCH_QUEUE_URL,
};

const Look = z.strictObject({ orderId: z.string(), looks: z.int(), turn: z.int().optional() });

/** Looks at an order, then at whether it is later than promised, or has been before a person for too long. */
export const handler = queueFunction("watch-order", "watch", Look, deps, async (look) => {
  await watchOrder(deps, look, async (order) => {
    if ((await noteLate(deps, order)) !== undefined) {
      count("OrderOverdue");
      log("order_overdue", { orderId: order.id, promised: order.promise?.withinSeconds ?? 0 });
    }
    const result = await refundUndecided(deps, order);
    switch (result) {
      case "nothing_due":
        break;
      case "refunded":
      case "escalated":
        count("ReviewUndecided");
        log("review_undecided", { orderId: order.id, result });
    }
  });
});
