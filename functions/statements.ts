import * as z from "zod";
import { Page } from "./fields.ts";

// What channels and operators say and read of closed days.

export const Day = z.iso.date().meta({ description: "A day of the shop's zone." });

export const MonthOfYear = z
  .string()
  .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
  .meta({ description: "A month of the shop's zone, as 2026-03." });

/** A page of closed days. */
export const ClosedDays = Page.extend({
  from: Day.optional().meta({ description: "The first day." }),
  to: Day.optional().meta({ description: "The last day." }),
});

/** What is said of a month of which there is nothing to read. */
export const NOT_CLOSED = "No day of the month is closed, or the account has never had money in this currency.";

/** Where a page of closed days ends, and one of a journal. */
export const PLACE_OF_DAY = /^\d{4}-\d\d-\d\d$/;
export const PLACE_IN_JOURNAL = /^\d{4}-[\d:.TZ-]{10,25}#.{1,300}$/;

/** Gives the days that were asked for, as the list of closings wants them. */
export const daysOf = ({ from = "0000", to = "9999", limit }: Omit<z.infer<typeof ClosedDays>, "cursor">) => ({
  from,
  to,
  limit,
});
