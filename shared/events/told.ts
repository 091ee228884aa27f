import * as z from "zod";
import type { ToldNews } from "./event.ts";

/**
 * What consumers get, as it lies in a queue and in the archive. The facts of an event stay as they are here: each
 * consumer reads those of the types that it takes, by the schemas beside their domains.
 */
export const ToldNewsSchema: z.ZodType<ToldNews> = z.object({
  subject: z.string(),
  types: z.array(z.string()),
  hasContact: z.literal(true).exactOptional(),
  events: z.array(
    z.looseObject({
      id: z.string(),
      type: z.string(),
      number: z.int().min(1).exactOptional(),
      at: z.string(),
      v: z.int(),
    }),
  ),
});
