import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** `pool` is absent for the total pool. */
const Pool = z.object({ productId: z.string(), pool: z.string().exactOptional() });

/** Every event of a pool of stock: each level that it crosses, numbered without gaps. */
export const stockEvents = {
  "stock.low": Pool,
  "stock.sold_out": Pool,
  /** There is enough again. */
  "stock.replenished": Pool,
} as const;

export type StockEvent = EventsOf<typeof stockEvents>;
