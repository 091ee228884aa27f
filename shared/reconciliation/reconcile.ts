import { type Db, transact } from "../aws/dynamo.ts";
import { after, type Clock, dayAfter } from "../kernel/clock.ts";
import { newNonce } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { bookingWrites } from "../ledger/books.ts";
import type { Zone } from "../ledger/day.ts";
import type { Booked } from "../ledger/entries.ts";
import { statementEntry } from "../ledger/payment-entries.ts";
import type { ProviderDeps } from "../payments/providers.ts";
import { reachProvider } from "../payments/reach.ts";
import { BrokenStatement, type StatementDesk } from "../payments/statement-contract.ts";
import { closeDay } from "./closing.ts";
import { type Compared, compareDay } from "./compare-day.ts";
import { boundsOf, readyAt } from "./day.ts";
import { DifferencesWriter, type KeptDeps, keepLines, readPart } from "./kept.ts";
import { keyOf } from "./match.ts";
import { differenceId, noCounts, type Reconciliation, type Sums, stateOf } from "./model.ts";
import { Spool } from "./spool.ts";
import { readReconciliation, reconciliationsBetween, reconciliationWrite } from "./table.ts";

export type ReconcileDeps = ProviderDeps &
  KeptDeps &
  Db<"orders" | "operations" | "ledger"> & { clock: Clock; zone: Zone };

/**
 * What came of it. `looked`: this is how the day stands now · `overtaken`: another look was faster, and counts · `no_books`: there is no
 * such provider, or it has no statements.
 */
export type Reconciled = { kind: "looked"; is: Reconciliation } | { kind: "overtaken" | "no_books" };

/**
 * Compares a provider's statement of a day with our books, keeps what was read and what differs, and books what only the statement tells:
 * fees beyond the contract, and what was paid out. Idempotent: entry and result are one write, conditional on the result before, so the same
 * statement again changes nothing, and a corrected one books only what is more. Safe to interrupt: what lies in the bucket without a result
 * is read by nobody.
 */
export async function reconcile(deps: ReconcileDeps, provider: string, day: string): Promise<Reconciled> {
  const desk = (await reachProvider(deps, provider))?.method.statements;
  if (desk === undefined) return { kind: "no_books" };
  const before = await readReconciliation(deps, provider, day);
  const now = deps.clock();
  const spool = new Spool();
  const read = await readInto(spool, desk, day);
  const isEarly = now.toISOString() < readyAt(desk, day);
  if (read.kind === "unknown") return write(deps, unread(before, { provider, day, now, reason: read.reason }));
  // Without a bill there may be one yet, until its time has come. Then nothing has moved on that day.
  if (read.kind === "none" && isEarly) return write(deps, unread(before, { provider, day, now }));
  const hash = spool.end();
  if (hash !== before?.hash) await keepLines(deps, { provider, day, hash }, spool.packed);
  const name = newNonce();
  const around = await neighbours(deps, provider, day);
  const accepted = new Set(Object.keys(before?.accepted ?? {}));
  const of = { provider, zone: desk.zone, day, ...around, accepted };
  const { compared, writer } = await compareDay(
    deps,
    of,
    spool,
    () => new DifferencesWriter(deps, { provider, day, name }),
  );
  return settle(deps, desk, { provider, day, now, before, hash, kept: spool.packed.length, compared, name, writer });
}

type Read = { kind: "read" | "none" } | { kind: "unknown"; reason: string };

async function readInto(spool: Spool, desk: StatementDesk, day: string): Promise<Read> {
  const said = await desk.read(day);
  if (said.kind !== "statement") return said;
  try {
    for await (const row of said.rows) spool.add(row);
    return { kind: "read" };
  } catch (error) {
    if (error instanceof BrokenStatement) return { kind: "unknown", reason: error.reason };
    throw error;
  }
}

/** What the days before and after have of this one, and whether the day after was compared. */
async function neighbours(deps: ReconcileDeps, provider: string, day: string) {
  const days = await reconciliationsBetween(deps, provider, dayAfter(day, -1), dayAfter(day));
  const elsewhere = new Set<string>();
  for (const other of days) {
    if (other.day === day || other.differences === undefined || other.counts.other_day === 0) continue;
    const { name, parts } = other.differences;
    for (let part = 0; part < parts; part++)
      for (const one of await readPart(deps, { provider, day: other.day, name }, part))
        if (one.is === "other_day") elsewhere.add(keyOf({ kind: one.kind ?? "", name: one.name ?? "" }));
  }
  return { elsewhere, isNextRead: days.some((other) => other.day === dayAfter(day) && other.hash !== undefined) };
}

type Seen = {
  provider: string;
  day: string;
  now: Date;
  before: Reconciliation | undefined;
  hash: string;
  kept: number;
  compared: Compared;
  name: string;
  writer: DifferencesWriter;
};

/** Books what only the statement tells, and writes the result down with it. */
async function settle(deps: ReconcileDeps, desk: StatementDesk, seen: Seen): Promise<Reconciled> {
  const { provider, day, now, before, hash, kept, compared, name, writer } = seen;
  const { counts, first, fees, payouts } = compared;
  const booked = before?.booked ?? nothingBooked();
  // Nobody knows what a statement says that can't be read whole.
  const isWhole = counts.unreadable === 0;
  const { entries, after: bookedNow } = isWhole ? moreOf(deps, desk, seen, booked) : { entries: [], after: booked };
  const { differences, ...closed } = await closeDay(deps, { provider, day, zone: desk.zone }, compared, entries);
  for (const one of differences) {
    await writer.add(one);
    if (before?.accepted?.[differenceId(one)] !== undefined) continue;
    counts.other_closing++;
    if (first.length < LIMITS.differencesShown) first.push(one);
  }
  await writer.end();
  const state = stateOf(counts, compared.carried);
  const is: Reconciliation = {
    provider,
    day,
    version: (before?.version ?? 0) + 1,
    state,
    lookedAt: now.toISOString(),
    ...(state === "reconciled" ? {} : { lookAt: after(now, LIMITS.differentStatementSeconds) }),
    hash,
    kept,
    counts,
    first,
    ...(writer.parts === 0 ? {} : { differences: { name, parts: writer.parts } }),
    ...(before?.accepted === undefined ? {} : { accepted: before.accepted }),
    fees,
    payouts,
    booked: bookedNow,
    ...closed,
  };
  return write(deps, is, entries);
}

const nothingBooked = (): Reconciliation["booked"] => ({ fees: {}, payouts: {}, entries: 0 });

/** Makes the entries of what a statement has more than what is booked of its day: one for each currency in which it has any. */
function moreOf(deps: ReconcileDeps, desk: StatementDesk, seen: Seen, booked: Reconciliation["booked"]) {
  const { provider, day, now, compared } = seen;
  const of = { provider, day, entry: booked.entries + 1 };
  // It happened at the last moment of that day, and is booked now.
  const at = new Date(Date.parse(boundsOf(desk.zone, day).to) - 1).toISOString();
  const times = { at, bookedAt: now.toISOString(), zone: deps.zone };
  const { fees, payouts } = compared;
  const entries = [
    ...new Set([fees, payouts, booked.fees, booked.payouts].flatMap((sums) => Object.keys(sums))),
  ].flatMap((currency) => {
    const more = (said: Sums, known: Sums): number => (said[currency] ?? 0) - (known[currency] ?? 0);
    const what = { fee: more(fees, booked.fees), paidOut: more(payouts, booked.payouts) };
    return statementEntry(of, what, currency, times) ?? [];
  });
  const after = { fees, payouts, entries: booked.entries + (entries.length === 0 ? 0 : 1) };
  return { entries, after };
}

/** A day that could not be compared now. What an earlier look has found of it stays. */
function unread(
  before: Reconciliation | undefined,
  { provider, day, now, reason }: { provider: string; day: string; now: Date; reason?: string },
): Reconciliation {
  const { reason: _reason, ...known } = before ?? {
    provider,
    day,
    version: 0,
    state: "waiting" as const,
    lookedAt: "",
    counts: noCounts(),
    first: [],
    fees: {},
    payouts: {},
    booked: nothingBooked(),
  };
  const isCompared = known.hash !== undefined;
  return {
    ...known,
    version: known.version + 1,
    state: isCompared ? known.state : reason === undefined ? "waiting" : "failed",
    lookedAt: now.toISOString(),
    lookAt: after(now, LIMITS.unreadStatementSeconds),
    ...(reason === undefined ? {} : { reason }),
  };
}

async function write(deps: ReconcileDeps, is: Reconciliation, entries: readonly Booked[] = []): Promise<Reconciled> {
  const writes = [reconciliationWrite(deps, is, is.version - 1), ...(await bookingWrites(deps, entries))];
  const written = await transact(deps.db, writes);
  return written.ok ? { kind: "looked", is } : { kind: "overtaken" };
}
