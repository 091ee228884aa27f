import * as z from "zod";
import { Money } from "../../shared/kernel/money.ts";
import { Cursor } from "../fields.ts";

// Fields that many calls of operators have.

export const Id = z.string().max(40);

/** A Money as JSON, where an address says it. */
export const MoneyText = z
  .string()
  .max(100)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "must be JSON" });
      return z.NEVER;
    }
  })
  .pipe(Money);

/** A step of work that one call can't finish. */
export const Step = z.strictObject({ cursor: Cursor });
