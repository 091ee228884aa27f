import * as z from "zod";
import { Page } from "./fields.ts";

// What channels and operators say and read of closed days.

export const Day = z.iso.date().meta({ description: "A day of the shop's zone." });

/** A page of closed days. */
export const ClosedDays = Page.extend({
  from: Day.optional().meta({ description: "The first day." }),
  to: Day.optional().meta({ description: "The last day." }),
});

/** Where a page of closed days ends, and one of a journal. */
export const PLACE_OF_DAY = /^\d{4}-\d\d-\d\d$/;
export const PLACE_IN_JOURNAL = /^\d{4}-[\d:.TZ-]{10,25}#.{1,300}$/;

/** Gives the days that were asked for, as the list of closings wants them. */
export const daysOf = ({ from = "0000", to = "9999", limit }: Omit<z.infer<typeof ClosedDays>, "cursor">) => ({
  from,
  to,
  limit,
});
