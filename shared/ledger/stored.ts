import * as z from "zod";
import type { Item } from "../aws/dynamo.ts";
import { stored } from "../aws/stored.ts";
import { type BookAccount, isBookAccount, nameToday } from "./chart.ts";
import { type Entry, LEGS, move, wrongLegs } from "./entries.ts";

const text = z.string();
const account = z.custom<BookAccount>((value) => typeof value === "string" && isBookAccount(value));

/** An entry as it is written. */
export const entries = stored<Entry>(
  "entry",
  z.object({
    name: text,
    at: text,
    day: text,
    bookedAt: text.exactOptional(),
    currency: text,
    legs: z.array(z.object({ account, amount: z.int() })).max(LEGS),
    link: text.exactOptional(),
  }),
  2,
);

const older = z.object({ name: text, at: text, currency: text, debit: text, credit: text, amount: z.int() });

/** An entry as earlier versions wrote it: one debit, one credit. They knew no zone: its day is that of UTC. */
const olderEntries = stored<Entry>(
  "entry",
  older
    .transform(({ name, at, currency, debit, credit, amount }) => ({
      name,
      at,
      day: at.slice(0, 10),
      currency,
      legs: move(nameToday(debit) as BookAccount, nameToday(credit) as BookAccount, amount),
    }))
    .refine(({ legs }) => wrongLegs(legs) === undefined),
);

/** Reads an entry of any version. It is never written again. Throws `DamagedItem` if it does not parse. */
export const asEntry = (item: Item): Entry => (item["v"] === undefined ? olderEntries : entries).read(item);

/** A deposit, by its reference. `proposal`: somebody wants it reversed, and a second person must say so too. */
const deposit = z.object({
  amount: z.int(),
  currency: text,
  /** Where it was paid. Absent: to us. */
  provider: text.exactOptional(),
  proposal: z.object({ substance: text, by: text, person: text.exactOptional(), at: text }).exactOptional(),
  reversedAt: text.exactOptional(),
});
export type Deposit = z.infer<typeof deposit>;
export const deposits = stored("deposit", deposit);
