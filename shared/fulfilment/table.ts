import type { Key } from "../aws/dynamo.ts";
import { sha256 } from "../kernel/ids.ts";
import { orderKey } from "../orders/table.ts";

/** How the second keys of waiting executions begin. */
export const WAITS = "wait#";

/** Each waiting execution has an item of its own beside the order, so reruns may wait at the same time. */
export const waitKey = (orderId: string, token: string): Key => ({
  ...orderKey(orderId),
  sk: `${WAITS}${sha256(token).slice(0, 16)}`,
});
