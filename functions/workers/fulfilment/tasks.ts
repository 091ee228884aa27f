import * as z from "zod";

/** What the workflow hands to its tasks: ids, and a token to wake it by. */
export const OrderTask = z.object({ orderId: z.string() });
export const WaitTask = OrderTask.extend({
  taskToken: z.string(),
  waitingFor: z.enum(["supplier", "decision"]),
  // Runs that an earlier version has started don't say these.
  execution: z.string().optional(),
  seconds: z.number().optional(),
});
