import * as z from "zod";
import { jsonText } from "../../shared/kernel/json-text.ts";
import { Money } from "../../shared/kernel/money.ts";
import { Cursor } from "../fields.ts";

// Fields that many calls of operators have.

export const Id = z.string().max(40);

/** A Money as JSON, where an address says it. */
export const MoneyText = jsonText(100, Money);

/** A step of work that one call can't finish. */
export const Step = z.strictObject({ cursor: Cursor });
