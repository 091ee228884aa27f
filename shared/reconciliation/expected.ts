import type { Db } from "../aws/dynamo.ts";
import { dayAfter } from "../kernel/clock.ts";
import type { Zone } from "../ledger/day.ts";
import { type Entry, kindOf } from "../ledger/entries.ts";
import { heldBy, keptBy, paidAt } from "../ledger/payment-entries.ts";
import { platformCurrencies, platformEntries } from "../ledger/platform-entries.ts";
import { boundsOf } from "./day.ts";
import type { Expected } from "./match.ts";
import type { Sums } from "./model.ts";

const THOUSANDTHS = 1_000;

/**
 * Goes through what our books expect in a provider's statement of a day: what was paid, what went back, and what came back of that. The days
 * before and after are read too, because the two sides may see midnight at different moments. Nothing is written for this when something is
 * sold: our own book has each of them anyway, by the time at which the provider says that it happened.
 */
export async function* expectedOn(
  deps: Db<"ledger">,
  provider: string,
  zone: Zone,
  day: string,
): AsyncGenerator<Expected> {
  const due = boundsOf(zone, day);
  const around = { from: boundsOf(zone, dayAfter(day, -1)).from, to: boundsOf(zone, dayAfter(day)).to };
  for (const currency of await platformCurrencies(deps))
    for await (const entry of platformEntries(deps, currency, around)) {
      const movement = movementIn(entry, provider);
      if (movement !== undefined) yield { ...movement, isDue: due.from <= entry.at && entry.at < due.to };
    }
}

const KINDS = { payment: "payment", repayment: "refund", bounce: "bounce" } as const;

/** Reads a movement at a provider out of its entry. Undefined: the entry is about something else. */
function movementIn(entry: Entry, provider: string): Omit<Expected, "isDue"> | undefined {
  const entryKind = kindOf(entry);
  if (entryKind !== "payment" && entryKind !== "repayment" && entryKind !== "bounce") return undefined;
  const amountOn = (account: string): number | undefined => entry.legs.find((leg) => leg.account === account)?.amount;
  const owed = amountOn(paidAt(provider));
  if (owed === undefined || amountOn(heldBy(provider)) === undefined) return undefined;
  // A refund that came to nothing and was made again has a second entry, `repayment:REFUND#2`. To the provider it is the same refund.
  const [name = ""] = entry.name.slice(entryKind.length + 1).split("#");
  return {
    kind: KINDS[entryKind],
    name,
    amount: Math.abs(owed),
    feeThousandths: (amountOn(keptBy(provider)) ?? 0) * THOUSANDTHS,
    currency: entry.currency,
    at: entry.at,
  };
}

/** Sums up by how much the account of a provider has changed between two moments, in each of these currencies. */
export async function movedBetween(
  deps: Db<"ledger">,
  provider: string,
  currencies: readonly string[],
  between: { from: string; to: string },
): Promise<Sums> {
  const account = heldBy(provider);
  const sums: Sums = {};
  for (const currency of currencies) {
    let moved = 0;
    for await (const { legs } of platformEntries(deps, currency, between))
      for (const leg of legs) if (leg.account === account) moved += leg.amount;
    sums[currency] = moved;
  }
  return sums;
}
