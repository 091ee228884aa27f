import { CURRENCY } from "./choices.ts";
import type { Given, Options } from "./command.ts";
import { amountOf, MONEY, type Said } from "./money.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** How a command line says what each code has cost us. */
export const costOptions: Options = {
  cost: { about: `what each code has cost us: ${MONEY}`, fields: ["/unitCost"] },
  "cost-currency": { ...CURRENCY, about: "its currency", fields: ["/unitCost"] },
  supplier: { about: "the supplier that is owed it", fields: ["/supplierId"] },
};

/** Reads what each code has cost us. Undefined: nobody says. */
export function costOf({ options }: Given): Said | undefined {
  const { cost, "cost-currency": currency } = options;
  if (cost === undefined && currency === undefined) return undefined;
  if (cost === undefined || currency === undefined) throw new WrongUsage("--cost and --cost-currency go together.");
  return { amount: amountOf("cost", cost, currency), currency };
}
