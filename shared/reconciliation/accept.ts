import { type Db, transact } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { type KeptDeps, readPart } from "./kept.ts";
import { type Difference, differenceId, type Reconciliation, stateOf } from "./model.ts";
import { readReconciliation, reconciliationWrite } from "./table.ts";

type Deps = Db<"operations"> & KeptDeps;
type OfDay = { provider: string; day: string };

/**
 * What accepting a difference would do. `accept`: it is there, so many times, and counts · `accepted`: somebody has accepted it before ·
 * `not_compared`: nobody has compared the day · `unknown`: the last look has found no such difference · `not_yours`: no person can say that it is
 * all right (`why`) · `too_many`: so many of this day were accepted that something else must be wrong.
 */
export type Acceptance =
  | { kind: "accept"; one: Reconciliation; difference: Difference; times: number }
  | { kind: "accepted"; one: Reconciliation }
  | { kind: "not_yours"; why: string }
  | { kind: "not_compared" | "unknown" | "too_many" };

/** Why nobody can accept what must be read, or will be found by itself. */
const NOT_YOURS: Partial<Record<Difference["todo"], string>> = {
  // Nothing of such a statement is booked: accepted, its fees would never be.
  read_by_hand: "can't be read, and what nobody has read can't be accepted",
  wait_a_day: "may be in the statement of the day after, which is not read yet",
  nothing: "needs nobody: both have it",
};

/** Looks for a difference that a person wants to accept. Nothing is written. */
export async function planAcceptance(deps: Deps, of: OfDay, id: string): Promise<Acceptance> {
  const one = await readReconciliation(deps, of.provider, of.day);
  if (one?.hash === undefined) return { kind: "not_compared" };
  if (one.accepted?.[id] !== undefined) return { kind: "accepted", one };
  const found = await findIn(deps, one, id);
  const [difference] = found;
  if (difference === undefined) return { kind: "unknown" };
  const why = NOT_YOURS[difference.todo];
  if (why !== undefined) return { kind: "not_yours", why };
  if (Object.keys(one.accepted ?? {}).length >= LIMITS.acceptedDifferences) return { kind: "too_many" };
  return { kind: "accept", one, difference, times: found.length };
}

async function findIn(deps: Deps, { provider, day, differences }: Reconciliation, id: string): Promise<Difference[]> {
  const found: Difference[] = [];
  for (let part = 0; part < (differences?.parts ?? 0); part++)
    for (const one of await readPart(deps, { provider, day, name: differences?.name ?? "" }, part))
      if (differenceId(one) === id) found.push(one);
  return found;
}

/**
 * Notes that a person accepts a difference: from then on it is listed and counts no more, also in later looks, as long as both sides say the
 * same. Nothing is booked. Undefined: the day was compared again meanwhile.
 */
export async function acceptDifference(
  deps: Db<"operations"> & { clock: Clock },
  { one, difference, times }: Extract<Acceptance, { kind: "accept" }>,
  { reason, by }: { reason: string; by: string },
): Promise<Reconciliation | undefined> {
  const { lookAt: _lookAt, ...rest } = one;
  const id = differenceId(difference);
  const { is, name } = difference;
  const counts = { ...one.counts, [is]: one.counts[is] - times };
  const state = stateOf(counts, 0);
  const to: Reconciliation = {
    ...rest,
    ...(state === "reconciled" || one.lookAt === undefined ? {} : { lookAt: one.lookAt }),
    version: one.version + 1,
    state,
    counts,
    first: one.first.filter((other) => differenceId(other) !== id),
    accepted: {
      ...one.accepted,
      [id]: { is, ...(name === undefined ? {} : { name }), reason, by, at: deps.clock().toISOString() },
    },
  };
  const written = await transact(deps.db, [reconciliationWrite(deps, to, one.version)]);
  return written.ok ? to : undefined;
}
