import type Stripe from "stripe";
import {
  BrokenStatement,
  type StatementDesk,
  type StatementKind,
  type StatementLine,
  type StatementRow,
} from "../statement-contract.ts";
import { type Answered, ask } from "./client.ts";
import { fromStripe } from "./currency.ts";
import { PAYMENT, REFUND } from "./names.ts";
import { isoOf, statementPage, type Transaction } from "./wire.ts";

const PAGE = 100;
const DAY_SECONDS = 24 * 60 * 60;
/** In one call of a function; a hundred thousand movements. */
const MOST_PAGES = 1_000;
const THOUSANDTHS = 1_000;

/** Stripe's `reporting_category` (https://docs.stripe.com/reports/reporting-categories), and which metadata has our name of its source. */
const CATEGORIES: Readonly<Record<string, { kind: StatementKind; by?: string }>> = {
  charge: { kind: "payment", by: PAYMENT },
  refund: { kind: "refund", by: REFUND },
  refund_failure: { kind: "bounce", by: REFUND },
  dispute: { kind: "dispute" },
  dispute_reversal: { kind: "dispute" },
  fee: { kind: "fee" },
  network_cost: { kind: "fee" },
  tax: { kind: "fee" },
  payout: { kind: "payout" },
  payout_reversal: { kind: "payout" },
};

type Page = { data: Transaction[]; has_more: boolean };

/**
 * Stripe's books: the balance transactions of a day (UTC), a page at a time, each with what it is about. The balance itself Stripe tells
 * only for now, so there is no balance of a day.
 */
export const stripeStatements = (stripe: Stripe): StatementDesk => ({
  zone: "UTC",
  readyAfterHours: 2,
  async read(day) {
    const first = await pageOf(stripe, day);
    if (first.kind !== "answered") return { kind: "unknown", reason: first.reason };
    if (first.value.data.length === 0) return { kind: "none" };
    return { kind: "statement", rows: rowsOf(stripe, day, first) };
  },
});

async function* rowsOf(stripe: Stripe, day: string, first: Answered<Page>): AsyncGenerator<StatementRow> {
  let number = 0;
  let { data, has_more: hasMore } = first.value;
  for (let pages = 1; ; pages++) {
    for (const transaction of data) yield rowOf(transaction, ++number);
    const last = data.at(-1);
    if (!hasMore || last === undefined) return;
    if (pages === MOST_PAGES) throw new BrokenStatement("too_many_movements");
    const page = await pageOf(stripe, day, last.id);
    if (page.kind !== "answered") throw new BrokenStatement(page.reason);
    ({ data, has_more: hasMore } = page.value);
  }
}

function pageOf(stripe: Stripe, day: string, after?: string) {
  const from = Math.floor(Date.parse(`${day}T00:00:00Z`) / 1000);
  const query = { created: { gte: from, lt: from + DAY_SECONDS }, limit: PAGE, expand: ["data.source"] };
  const behind = after === undefined ? {} : { starting_after: after };
  return ask<Page>(statementPage, stripe.balanceTransactions.list({ ...query, ...behind }));
}

function rowOf(transaction: Transaction, number: number): StatementRow {
  const line = lineOf(transaction);
  return line === undefined ? { row: "unreadable", number, reason: "unreadable_amount" } : { row: "line", line };
}

function lineOf(transaction: Transaction): StatementLine | undefined {
  const { id, source, amount, fee, currency, created, reporting_category: category } = transaction;
  const { kind, by } = CATEGORIES[category] ?? { kind: "other" as const };
  const [money, cost] = [fromStripe(amount, currency), fromStripe(fee, currency)];
  if (money === undefined || cost === undefined) return undefined;
  const externalId = (typeof source === "string" ? source : source?.id) ?? id;
  const ours = by !== undefined && typeof source === "object" ? source?.metadata?.[by] : undefined;
  return {
    kind,
    name: ours ?? externalId,
    externalId,
    amount: kind === "dispute" || kind === "other" ? money.amount : signed(category, money.amount),
    feeThousandths: cost.amount * THOUSANDTHS,
    currency: money.currency,
    at: isoOf(created),
  };
}

/** What leaves our balance is negative there. A payout that comes back is a negative payout, and a fee is what was taken. */
function signed(category: string, amount: number): number {
  const isOutgo = /^(?:refund|payout|payout_reversal|fee|network_cost|tax)$/.test(category);
  // Not −0, which is another value than 0 to some comparisons.
  return isOutgo ? 0 - amount : amount;
}
