import * as z from "zod";
import { isCurrency, meant } from "./currencies.ts";

/** The largest price, deposit or order: ten thousand million yuan. Sums of many of them are still exact. */
export const LARGEST_AMOUNT = 1_000_000_000_000;

/** Checks the code of an active currency. */
export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, { message: "must be three capital letters, ISO 4217", abort: true })
  .refine(isCurrency, {
    error: ({ input }) => {
      const other = meant(String(input));
      return `is not a currency of ISO 4217${other === undefined ? "" : `; did you mean ${other}?`}`;
    },
  })
  .meta({ description: "ISO 4217 code." });

/** An amount of money: `amount` is a whole number of the currency's minor unit (fen, cent), never a fraction. */
export const Money = z
  .strictObject({
    amount: z.int().min(0).max(LARGEST_AMOUNT).meta({ description: "Whole minor units (fen, cents)." }),
    currency: Currency,
  })
  .meta({
    id: "Money",
    description: "A whole number of the currency's minor units: 1500 CNY is 15.00 yuan, 1500 JPY is 1,500 yen.",
    examples: [{ amount: 1500, currency: "CNY" }],
  });
export type Money = z.infer<typeof Money>;

/** An amount as it lies in a table. It was checked when it came in, so its currency may be one that is no longer active. */
export const StoredMoney = z.object({ amount: z.int(), currency: z.string() });

/** Multiplies an amount. */
export function times(unit: Money, quantity: number): Money {
  return { amount: unit.amount * quantity, currency: unit.currency };
}

/** Adds amounts of one currency. Throws if the currencies differ: callers must have refused that. */
export function sum(amounts: readonly Money[], currency: string): Money {
  let amount = 0;
  for (const one of amounts) {
    if (one.currency !== currency) throw new Error(`cannot add ${one.currency} to ${currency}`);
    amount += one.amount;
  }
  return { amount, currency };
}
