import * as z from "zod";
import { Cursor } from "../fields.ts";

// Fields that many calls of operators have.

export const Id = z.string().max(40);

/** A step of work that one call can't finish. */
export const Step = z.strictObject({ cursor: Cursor });
