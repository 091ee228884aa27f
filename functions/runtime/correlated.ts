import type { Context } from "aws-lambda";
import { correlated } from "../../shared/kernel/correlation.ts";

/** What Lambda hands over beside the event, as far as it is needed here. */
export type Called = Pick<Context, "awsRequestId">;

/** Has a handler work under the id of its call, until the event, a message or an order gives another one. */
export const underItsId =
  <Event, Answer>(handle: (event: Event) => Answer) =>
  (event: Event, called?: Called): Answer =>
    correlated(called?.awsRequestId, () => handle(event));
