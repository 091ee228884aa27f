import { careForUnfinished } from "../../shared/fulfilment/care.ts";
import { clock, db, sqsClient, tablesIn } from "../runtime/dependencies.ts";
import { readEnv } from "../runtime/env.ts";
import { log } from "../runtime/log.ts";
import { count } from "../runtime/metrics.ts";
import { failuresOf } from "./each.ts";
import { careForOrdersEnv } from "./env.ts";

const env = readEnv(careForOrdersEnv);
const deps = { db, tables: tablesIn(env), clock, sqs: sqsClient(), watchQueueUrl: env.WATCH_QUEUE_URL };

/** Each minute: orders that nobody has looked after get a watch. Throws in the end if any could not be given one. */
export const handler = async (): Promise<void> => {
  const failures = failuresOf("care-for-orders");
  const begun = await careForUnfinished(deps, failures.note);
  if (begun > 0) {
    count("OrderForgotten", begun);
    log("orders_forgotten", { orders: begun });
  }
  failures.end();
};
