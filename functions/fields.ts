import * as z from "zod";
import { LIMITS } from "../shared/kernel/limits.ts";

// Fields that many calls have, of channels and of operators.

export const Time = z.iso.datetime().meta({ description: "RFC 3339, UTC." });

export const Cursor = z.string().max(1000).optional().meta({ description: "The `nextCursor` of the page before." });

/** A page of a list, as long as the caller says. */
export const Page = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMITS.largestPage)
    .default(LIMITS.pageSize)
    .meta({ description: "Items on a page." }),
  cursor: Cursor,
});

/** Makes the schema of an answer with a page of a list. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });
