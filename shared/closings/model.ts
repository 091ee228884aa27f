import { createHash } from "node:crypto";
import type { Entry } from "../ledger/entries.ts";

/** What accounts have, by their names: debits less credits, in minor units. An account that has nothing is left out. */
export type Balances = Readonly<Record<string, number>>;

/** What went into an account and out of it on one day, in minor units; both are positive. */
export type Movement = { debit: number; credit: number };

/**
 * A closed day of a book. It never changes. `hash` is that of `adding`; it is made from the hash of the closing before too, so that
 * nobody can change a day without all that follow.
 */
export type Closing = {
  owner: string;
  currency: string;
  /** A day of the shop's zone. */
  day: string;
  /** The day before on which something was booked. Absent: this is the book's first. */
  before?: { day: string; hash: string };
  opening: Balances;
  movements: Readonly<Record<string, Movement>>;
  closing: Balances;
  /** How many entries count on this day. */
  entries: number;
  hash: string;
  closedAt: string;
};

/** Says where an entry stands in the journal of its day: by time, and then by name. */
export const placeIn = ({ at, name }: Pick<Entry, "at" | "name">): string => `${at}#${name}`;

/** Writes an entry as a line of the journal: JSON, with its fields in this order. */
export const lineOf = ({ name, at, day, bookedAt, currency, legs, link }: Entry): string =>
  JSON.stringify({
    name,
    at,
    day,
    bookedAt,
    currency,
    legs: legs.map(({ account, amount }) => ({ account, amount })),
    link,
  });

/**
 * Adds up the entries of a day, one after the other in the order of the journal: by time, and then by name. The hash is SHA-256 over the
 * hash of the closing before (hexadecimal, or nothing), and each line, all ended by a line feed.
 */
export function adding(before: { opening: Balances; hash: string }) {
  const movements = new Map<string, Movement>();
  const hash = createHash("sha256").update(`${before.hash}\n`);
  let entries = 0;
  return {
    add(entry: Entry): void {
      hash.update(`${lineOf(entry)}\n`);
      entries += 1;
      for (const { account, amount } of entry.legs) {
        const { debit, credit } = movements.get(account) ?? { debit: 0, credit: 0 };
        movements.set(account, { debit: debit + Math.max(0, amount), credit: credit + Math.max(0, -amount) });
      }
    },
    end(): Pick<Closing, "opening" | "movements" | "closing" | "entries" | "hash"> {
      const { opening } = before;
      const all = [...new Set([...Object.keys(opening), ...movements.keys()])].toSorted();
      const closing = all.map((account): [string, number] => {
        const { debit, credit } = movements.get(account) ?? { debit: 0, credit: 0 };
        return [account, (opening[account] ?? 0) + debit - credit];
      });
      return {
        opening,
        movements: Object.fromEntries(all.flatMap((account) => entryOf(movements, account))),
        closing: Object.fromEntries(closing.filter(([, amount]) => amount !== 0)),
        entries,
        hash: hash.digest("hex"),
      };
    },
  };
}

function entryOf(movements: ReadonlyMap<string, Movement>, account: string): [string, Movement][] {
  const movement = movements.get(account);
  return movement === undefined ? [] : [[account, movement]];
}
