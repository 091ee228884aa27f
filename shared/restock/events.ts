import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of buying ahead. */
export const restockEvents = {
  /** Stock is low and is not bought ahead; the reason is one of ours. */
  "stock.restock_stopped": z.object({ productId: z.string(), reason: z.string() }),
  /** A supplier took back what was bought ahead: what is left of it is frozen. */
  "stock.purchase_reversed": z.object({ productId: z.string(), supplierId: z.string(), reference: z.string() }),
} as const;

export type RestockEvent = EventsOf<typeof restockEvents>;
