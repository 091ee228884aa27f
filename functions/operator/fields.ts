import * as z from "zod";
import { LIMITS } from "../../shared/kernel/limits.ts";

// Fields that many calls of operators have.

export const Id = z.string().max(40);

export const Anything = z.looseObject({});

export const Cursor = z.string().max(1000).optional();

/** A page of a list, as long as the caller says. */
export const Page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.largestPage).default(LIMITS.pageSize),
  cursor: Cursor,
});

/** A step of work that one call can't finish. */
export const Step = z.strictObject({ cursor: Cursor });
