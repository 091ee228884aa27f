import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** `paymentId`: it was begun at a payment provider · `reference`: an operator has typed it in. */
const deposit = z.object({
  depositId: z.string(),
  channelId: z.string(),
  paymentId: z.string().optional(),
  reference: z.string().optional(),
});

/** Every event of a deposit: the ends that it comes to. One that an operator has typed in is `paid`, and may be `reversed`. */
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
