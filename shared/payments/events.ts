import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

const deposit = z.object({ depositId: z.string(), channelId: z.string(), paymentId: z.string() });

/** Every event of a deposit that a channel has begun at a payment provider: the ends that it comes to. */
export const depositEvents = {
  /** It is in the channel's balance. */
  "deposit.paid": deposit,
  /** Something else was paid than was asked for, and goes back. */
  "deposit.returned": deposit,
  /** Nobody has paid in time. */
  "deposit.expired": deposit,
  /** The provider does not take it. */
  "deposit.refused": deposit,
  /** It was wrong, and was taken out of the balance again. */
  "deposit.reversed": deposit,
} as const;

export type DepositEvent = EventsOf<typeof depositEvents>;
