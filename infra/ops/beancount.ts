import { type AccountType, typeOf } from "../../shared/ledger/chart.ts";
import type { Entry } from "../../shared/ledger/entries.ts";
import { decimal } from "./money.ts";

const ROOTS = {
  asset: "Assets",
  liability: "Liabilities",
  income: "Income",
  expense: "Expenses",
} as const satisfies Record<AccountType, string>;

/** Beancount's names begin with a capital letter and have no underscore; ours have no hyphen that this could hide. */
const partOf = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).replaceAll("_", "-");

function nameOf(account: string): string {
  const type = typeOf(account);
  if (type === undefined) throw new Error("an account that the chart doesn't have");
  return [ROOTS[type], ...account.split(":").map(partOf)].join(":");
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** By day; within a day by time, and then by name, so that the same entries make the same book. */
const inOrder = (entries: readonly Entry[]): Entry[] => entries.toSorted((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
const placeOf = ({ day, at, name }: Entry): string => `${day} ${at} ${name}`;

/** Writes entries as a book for Beancount: https://beancount.github.io/docs/beancount_language_syntax.html */
export function beancountOf(entries: readonly Entry[]): string {
  const sorted = inOrder(entries);
  const [first] = sorted;
  if (first === undefined) return "";
  const currencies = [...new Set(sorted.map(({ currency }) => currency))].sort();
  const accounts = [...new Set(sorted.flatMap(({ legs }) => legs.map(({ account }) => nameOf(account))))].sort();
  return [
    'option "title" "Vouchsafe"',
    ...currencies.map((currency) => `option "operating_currency" "${currency}"`),
    ...currencies.map((currency) => `${first.day} commodity ${currency}`),
    ...accounts.map((account) => `${first.day} open ${account}`),
    ...sorted.map((entry) => `\n${transactionOf(entry)}`),
    "",
  ].join("\n");
}

function transactionOf({ name, at, day, bookedAt, currency, legs, link }: Entry): string {
  return [
    `${day} * ${quoted(name.slice(0, name.indexOf(":")))}`,
    `  name: ${quoted(name)}`,
    `  at: ${quoted(at)}`,
    ...(bookedAt === undefined ? [] : [`  booked-at: ${quoted(bookedAt)}`]),
    ...(link === undefined ? [] : [`  belongs-to: ${quoted(link)}`]),
    ...legs.map(({ account, amount }) => `  ${nameOf(account)}  ${decimal(amount, currency)} ${currency}`),
  ].join("\n");
}

const COLUMNS = ["day", "at", "name", "account", "amount", "currency", "minorUnits"];

/** Writes entries as CSV (RFC 4180), one leg a row. */
export function csvOfEntries(entries: readonly Entry[]): string {
  const rows = inOrder(entries).flatMap(({ day, at, name, currency, legs }) =>
    legs.map(({ account, amount }) => [day, at, name, account, decimal(amount, currency), currency, String(amount)]),
  );
  return [COLUMNS, ...rows].map((row) => row.join(",")).join("\n");
}
