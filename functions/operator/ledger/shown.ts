import * as z from "zod";
import { Time } from "../../fields.ts";
import { MonthOfYear } from "../../statements.ts";

const Day = z.iso.date().meta({ description: "The day on which it counts, in the shop's zone." });

export const Book = z
  .object({
    owner: z.string().meta({ description: "A channel, a supplier, or `platform`." }),
    currency: z.string(),
  })
  .meta({ id: "Book", description: "Where entries lie together." });

export const Entry = z
  .object({
    name: z.string().meta({ description: "What caused it; one cause is one entry." }),
    at: Time,
    day: Day,
    bookedAt: Time.optional().meta({ description: "When it was booked, if that is not when its cause happened." }),
    currency: z.string(),
    legs: z.array(z.object({ account: z.string(), amount: z.int() })),
    link: z.string().optional().meta({ description: "The name of the entry that it belongs to." }),
  })
  .meta({ id: "LedgerEntry", description: "Its legs sum to zero; a positive amount is a debit." });

export const BookCheck = z
  .object({
    sums: z.record(z.string(), z.int()).meta({ description: "What the entries of this page sum to, by account." }),
    sold: z.int(),
    names: z.array(z.string()),
    differences: z.array(
      z.object({
        at: z.string(),
        is: z.enum(["damaged", "unbalanced", "twice", "miscounted"]),
        detail: z.string(),
      }),
    ),
    counters: z
      .object({
        balance: z.int(),
        posted: z.int(),
        pendings: z.array(z.object({ key: z.string(), amount: z.int() })),
      })
      .optional()
      .meta({ description: "The last page of a channel's book has what the account's lanes count." }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "BookCheck", description: "A page of a check. What only all pages can tell, their reader adds up." });

const Balances = z.record(z.string(), z.int());

const Movements = z.record(z.string(), z.object({ debit: z.int(), credit: z.int() }));

export const Month = z
  .object({
    owner: z.string(),
    currency: z.string(),
    month: MonthOfYear,
    through: Day.meta({ description: "The last day of the month that is closed." }),
    isOver: z.boolean().meta({ description: "True: that is the month's last day, so nothing of it changes any more." }),
    opening: Balances,
    movements: Movements,
    closing: Balances,
    entries: z.int(),
    hash: z.string().meta({ description: "That of its last closed day, or of the last one before it." }),
  })
  .meta({ id: "Month", description: "A month of a book, added up from its closed days." });

export const Closing = z
  .object({
    owner: z.string(),
    currency: z.string(),
    day: Day,
    before: z
      .object({ day: z.string(), hash: z.string() })
      .optional()
      .meta({ description: "The closed day before on which something was booked. Absent: there is none." }),
    opening: Balances.meta({ description: "What each account had: debits less credits, in minor units." }),
    movements: Movements,
    closing: Balances,
    entries: z.int(),
    hash: z
      .string()
      .meta({ description: "SHA-256 over the hash before and each line of the journal; see shared/closings." }),
    closedAt: Time,
  })
  .meta({ id: "Closing", description: "A closed day of a book. It never changes." });
