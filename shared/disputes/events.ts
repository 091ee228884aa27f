import * as z from "zod";
import type { EventsOf } from "../events/event.ts";
import { DISPUTE_STATES } from "../payments/dispute-contract.ts";

/** Every event of a dispute. */
export const disputeEvents = {
  /** A dispute or complaint is new, or in another state. Without `orderId` it is about a deposit. */
  "dispute.changed": z.object({
    disputeId: z.string(),
    paymentId: z.string(),
    channelId: z.string(),
    orderId: z.string().exactOptional(),
    state: z.enum(DISPUTE_STATES),
  }),
} as const;

export type DisputeEvent = EventsOf<typeof disputeEvents>;
