import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of a product. */
export const productEvents = {
  /** An operator made it, gave it another version, for example another price, set whether it is on sale, or set a price of a tier. */
  "product.changed": z.object({ productId: z.string(), action: z.enum(["created", "version", "listing", "price"]) }),
  /** It was taken off sale by rule. */
  "product.unlisted": z.object({ productId: z.string(), reason: z.string() }),
} as const;

export type ProductEvent = EventsOf<typeof productEvents>;
