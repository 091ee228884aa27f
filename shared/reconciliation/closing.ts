import type { Db } from "../aws/dynamo.ts";
import { dayAfter } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Zone } from "../ledger/day.ts";
import type { Booked } from "../ledger/entries.ts";
import { heldBy } from "../ledger/payment-entries.ts";
import type { Compared } from "./compare-day.ts";
import { boundsOf } from "./day.ts";
import { movedBetween } from "./expected.ts";
import type { Difference, Reconciliation, Sums } from "./model.ts";
import { reconciliationsBetween } from "./table.ts";

/** What both sides have at the end of a day, by how much ours has moved on it, and where the statement's balance is not what it must be. */
export type Closed = { closing?: Sums; account?: Sums; moved?: Sums; differences: Difference[] };

type OfDay = { provider: string; day: string; zone: Zone };

/**
 * Closes a day. A closing balance must be that of the day before and all lines since, or something has moved that no line tells. The first
 * one must be what our books say. Without a balance nothing is closed; a day without lines has that of the day before.
 */
export async function closeDay(
  deps: Db<"operations" | "ledger">,
  of: OfDay,
  { closing: said, net, counts }: Compared,
  entries: readonly Booked[],
): Promise<Closed> {
  const { provider, day, zone } = of;
  const from = dayAfter(day, 0 - LIMITS.closingsReadDays);
  const earlier = await reconciliationsBetween(deps, provider, from, dayAfter(day, -1));
  const before = earlier.find((one) => one.day === dayAfter(day, -1))?.closing;
  const closing = Object.keys(said).length === 0 && counts.lines === 0 ? before : said;
  const currencies = Object.keys(closing ?? {});
  if (closing === undefined || currencies.length === 0) return { differences: [] };
  const moved = await movedOn(deps, of, currencies, entries);
  const account = await accountAfter(deps, of, currencies, earlier, moved);
  const isFirst = earlier.every((one) => one.closing === undefined);
  const at = boundsOf(zone, day).to;
  const differences = currencies.flatMap((currency): Difference[] => {
    const must = isFirst ? account[currency] : before && (before[currency] ?? 0) + (net[currency] ?? 0);
    // The day before was not read, so nobody can say.
    if (must === undefined || must === closing[currency]) return [];
    const figures = (amount: number) => ({ amount, feeThousandths: 0, currency, at });
    const [ours, theirs] = [figures(must), figures(closing[currency] ?? 0)];
    return [{ is: "other_closing", todo: "find_missing_movement", ours, theirs }];
  });
  return { closing, account, moved, differences };
}

/** Sums up how our account has moved on a day, with what is being booked of it now. */
async function movedOn(
  deps: Db<"ledger">,
  { provider, day, zone }: OfDay,
  currencies: readonly string[],
  entries: readonly Booked[],
): Promise<Sums> {
  const moved = await movedBetween(deps, provider, currencies, boundsOf(zone, day));
  for (const { entry } of entries)
    for (const { account, amount } of entry.legs)
      if (account === heldBy(provider)) moved[entry.currency] = (moved[entry.currency] ?? 0) + amount;
  return moved;
}

/**
 * Says what our books have at the end of a day: what they had at the end of the oldest day that is known here, and what has moved on each day
 * since; so that what was booked late counts as soon as its own day is compared again. Or everything that ever moved.
 */
async function accountAfter(
  deps: Db<"ledger">,
  { provider, day, zone }: OfDay,
  currencies: readonly string[],
  earlier: readonly Reconciliation[],
  moved: Sums,
): Promise<Sums> {
  const oldest = earlier.findLast(({ account }) => account !== undefined);
  const { from } = boundsOf(zone, day);
  const before = oldest?.account ?? (await movedBetween(deps, provider, currencies, { from: BEFORE_ALL, to: from }));
  const sums = currencies.map((currency) => [currency, (before[currency] ?? 0) + (moved[currency] ?? 0)] as const);
  const account: Sums = Object.fromEntries(sums);
  const known = new Map(earlier.map((one) => [one.day, one.moved]));
  for (let one = dayAfter(oldest?.day ?? day); one < day; one = dayAfter(one)) {
    const ofDay = known.get(one) ?? (await movedBetween(deps, provider, currencies, boundsOf(zone, one)));
    for (const currency of currencies) account[currency] = (account[currency] ?? 0) + (ofDay[currency] ?? 0);
  }
  return account;
}

/** It sorts before every moment. */
const BEFORE_ALL = "0";
