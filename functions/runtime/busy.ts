import { isNotNow } from "../../shared/aws/dynamo.ts";
import { Busy } from "../../shared/orders/busy.ts";
import { errorName } from "./log.ts";

/** What AWS calls it when it throttles us, by the time that the SDK has given up. */
const THROTTLED = ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"];

/** Throttled, or contended by others: worth another try in a moment, and nobody's mistake. */
export function isBusy(error: unknown): boolean {
  return error instanceof Busy || isNotNow(error) || THROTTLED.includes(errorName(error));
}
