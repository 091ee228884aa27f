/**
 * Amounts in Stripe's own units. Stripe counts most currencies as ISO 4217 does; those that it counts otherwise are here, and so is the
 * smallest charge that it takes.
 *
 * Source: https://docs.stripe.com/currencies, "Zero-decimal currencies", "Three-decimal currencies", "Special cases" and "Minimum and
 * maximum charge amounts", read on 2026-11-30. HUF and TWD are whole only in payouts: a charge may have two decimals.
 */
import { digitsOf } from "../../kernel/currencies.ts";
import type { Money } from "../../kernel/money.ts";

/** Counted without decimals. ISO 4217 gives the ariary two. */
const ZERO_DECIMALS = new Set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split(" "));
/** Counted in thousandths, of which card networks take tens only. */
const THREE_DECIMALS = new Set("BHD JOD KWD OMR TND".split(" "));
/** Without decimals in ISO 4217, and counted in hundredths, of which only whole hundreds are charged. */
const WHOLE_HUNDREDS = new Set("ISK UGX".split(" "));

/** The smallest charges, in Stripe's unit, of what settles in its own currency. Of others Stripe says so itself. */
const SMALLEST: ReadonlyMap<string, number> = new Map([
  ..."ARS AUD BRL CAD CHF COP EUR IDR ILS INR JPY KRW NZD PHP RUB SGD USD ZAR"
    .split(" ")
    .map((code) => [code, 50] as const),
  ...([
    ["AED", 200],
    ["CZK", 1500],
    ["DKK", 250],
    ["GBP", 30],
    ["HKD", 400],
    ["HUF", 17_500],
    ["MXN", 1000],
  ] as const),
  ...([
    ["MYR", 200],
    ["NOK", 300],
    ["PLN", 200],
    ["RON", 200],
    ["SEK", 300],
    ["THB", 1000],
  ] as const),
]);
/** Twelve digits. */
const LARGEST = 999_999_999_999;

/** How many of Stripe's units are one of ours, or of ours one of Stripe's; and of which multiples Stripe charges. */
type Unit = { times: number; per: number; step: number };

function unitOf(currency: string): Unit | undefined {
  const digits = digitsOf(currency);
  if (WHOLE_HUNDREDS.has(currency)) return { times: 100, per: 1, step: 100 };
  if (ZERO_DECIMALS.has(currency)) return { times: 1, per: digits === 2 ? 100 : 1, step: 1 };
  if (THREE_DECIMALS.has(currency)) return { times: 1, per: 1, step: 10 };
  return digits === 2 ? { times: 1, per: 1, step: 1 } : undefined;
}

export type InStripe = { ok: true; amount: number } | { ok: false; reason: string };

/** Gives an amount in Stripe's unit, exactly. Not ok: Stripe doesn't count this currency, or takes no such part of it. */
export function toStripe({ amount, currency }: Money): InStripe {
  const unit = unitOf(currency);
  if (unit === undefined) return { ok: false, reason: "currency_not_supported" };
  const theirs = (amount * unit.times) / unit.per;
  return Number.isSafeInteger(theirs) && theirs % unit.step === 0
    ? { ok: true, amount: theirs }
    : { ok: false, reason: "amount_not_chargeable" };
}

/** The same for what is to be charged, which Stripe limits. */
export function chargeInStripe(money: Money): InStripe {
  const theirs = toStripe(money);
  if (!theirs.ok) return theirs;
  if (theirs.amount < (SMALLEST.get(money.currency) ?? 1)) return { ok: false, reason: "amount_too_small" };
  return theirs.amount > LARGEST ? { ok: false, reason: "amount_too_large" } : theirs;
}

/** Gives what Stripe says in our minor units. Undefined: we can't say it exactly. */
export function fromStripe(amount: number, theirCurrency: string): Money | undefined {
  const currency = theirCurrency.toUpperCase();
  const unit = unitOf(currency);
  const ours = unit === undefined ? Number.NaN : (amount * unit.per) / unit.times;
  return Number.isSafeInteger(ours) ? { amount: ours, currency } : undefined;
}
