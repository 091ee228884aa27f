import type Stripe from "stripe";
import type { StatementLine, StatementPage } from "../contract.ts";
import { ask } from "./client.ts";
import { fromStripe } from "./currency.ts";
import { isoOf, statementPage, type Transaction } from "./wire.ts";

const PAGE = 100;
const DAY_SECONDS = 24 * 60 * 60;

/** Stripe's `reporting_category` (https://docs.stripe.com/reports/reporting-categories). `second`: it undoes another of the same source. */
const CATEGORIES: Readonly<Record<string, { kind: StatementLine["kind"]; second?: true }>> = {
  charge: { kind: "payment" },
  charge_failure: { kind: "payment", second: true },
  refund: { kind: "refund" },
  refund_failure: { kind: "refund", second: true },
  dispute: { kind: "dispute" },
  dispute_reversal: { kind: "dispute", second: true },
  fee: { kind: "fee" },
  network_cost: { kind: "fee" },
  tax: { kind: "fee" },
  payout: { kind: "payout" },
  payout_reversal: { kind: "payout", second: true },
};

/**
 * Reads a page of what Stripe has booked in our balance on a day (UTC). Throws if it can't be read; and on what no shop's balance has, such
 * as transfers to connected accounts, because a statement that leaves something out says that it was not there.
 */
export async function statement(stripe: Stripe, day: string, cursor: string | undefined): Promise<StatementPage> {
  const from = Math.floor(Date.parse(`${day}T00:00:00Z`) / 1000);
  const query = { created: { gte: from, lt: from + DAY_SECONDS }, limit: PAGE };
  const after = cursor === undefined ? {} : { starting_after: cursor };
  const page = await ask(statementPage, stripe.balanceTransactions.list({ ...query, ...after }));
  if (page.kind !== "answered") throw new Error(`Stripe's statement can't be read: ${page.reason}`);
  const { data, has_more } = page.value;
  const last = data.at(-1);
  return { lines: data.map(lineOf), ...(has_more && last !== undefined ? { next: last.id } : {}) };
}

function lineOf({
  id,
  source,
  amount,
  fee,
  currency,
  created,
  reporting_category: category,
}: Transaction): StatementLine {
  const { kind, second } = CATEGORIES[category] ?? {};
  const [money, cost] = [fromStripe(amount, currency), fromStripe(fee, currency)];
  if (kind === undefined || money === undefined || cost === undefined)
    throw new Error(`Stripe's statement can't be read: ${id} is of a kind or amount that we don't know`);
  return {
    kind,
    externalId: source ?? id,
    occurrence: second === true ? 2 : 1,
    ...money,
    fee: cost.amount,
    at: isoOf(created),
  };
}
