import * as z from "zod";
import { LIMITS } from "../../shared/kernel/limits.ts";

// Fields that many calls of channels have.

export const Time = z.iso.datetime().meta({ description: "RFC 3339, UTC." });

export const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.largestPage).default(LIMITS.pageSize),
  cursor: z.string().max(500).optional().meta({ description: "The `nextCursor` of the page before." }),
});

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() });
