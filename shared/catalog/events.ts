import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of a product. */
export const productEvents = {
  /** It was taken off sale by rule. */
  "product.unlisted": z.object({ productId: z.string(), reason: z.string() }),
} as const;

export type ProductEvent = EventsOf<typeof productEvents>;
