import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of a supplier, with its facts. */
export const supplierEvents = {
  "supplier.unhealthy": z.object({ supplierId: z.string(), reason: z.string() }),
  "supplier.healthy": z.object({ supplierId: z.string() }),
  /** It charged more than was agreed for the purchase of this reference, or in another currency. */
  "supplier.charge_differs": z.object({
    supplierId: z.string(),
    reference: z.string(),
    how: z.enum(["more", "other_currency"]),
  }),
} as const;

export type SupplierEvent = EventsOf<typeof supplierEvents>;
