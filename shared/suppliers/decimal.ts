import { digitsOf } from "../kernel/convert.ts";
import type { Money } from "../kernel/money.ts";

/**
 * A supplier's decimal amount as whole minor units, rounded up: what we pay is never less than it says. Undefined for what
 * is no amount. By its digits and not by arithmetic, for 0.1 + 0.2 is not 0.3.
 */
export function moneyOf(decimal: string | number, currency: string): Money | undefined {
  const [, whole, fraction = ""] = /^(\d{1,12})(?:\.(\d{1,12}))?$/.exec(String(decimal)) ?? [];
  if (whole === undefined || !/^[A-Z]{3}$/.test(currency)) return undefined;
  const digits = digitsOf(currency);
  const kept = Number(whole + fraction.slice(0, digits).padEnd(digits, "0"));
  const isMore = /[1-9]/.test(fraction.slice(digits));
  return { amount: kept + (isMore ? 1 : 0), currency };
}
