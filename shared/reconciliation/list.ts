import type { Db } from "../aws/dynamo.ts";
import { LIMITS } from "../kernel/limits.ts";
import { listProviders } from "../payments/set-provider.ts";
import { type KeptDeps, PER_PART, readPart } from "./kept.ts";
import {
  type Accepted,
  type Difference,
  differenceId,
  type Reconciliation,
  type ReconciliationState,
} from "./model.ts";
import { readReconciliation, reconciliationsBetween } from "./table.ts";

/** Reads how days stand, the newest first: of one provider, or of all; from `since` to `until`; in one state, or in any. */
export async function listReconciliations(
  deps: Db<"operations">,
  { provider, since, until, state }: { provider?: string; since: string; until: string; state?: ReconciliationState },
): Promise<Reconciliation[]> {
  const providers = provider === undefined ? await allProviders(deps) : [provider];
  const all = await Promise.all(providers.map((name) => reconciliationsBetween(deps, name, since, until)));
  return all
    .flat()
    .filter((one) => state === undefined || one.state === state)
    .toSorted((a, b) => b.day.localeCompare(a.day) || a.provider.localeCompare(b.provider));
}

async function allProviders(deps: Db<"operations">): Promise<string[]> {
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await listProviders(deps, LIMITS.largestPage, after);
    names.push(...page.providers.map(({ name }) => name));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return names;
}

/** The place of a difference in its day's list, by which a page goes on: the look that found it, and its number. */
export const DIFFERENCE_PLACE = /^[0-9a-z]{12}#\d{1,9}$/;

/** A difference with its id, and with what a person has said who accepted it. */
export type Listed = Difference & { id: string; accepted?: Pick<Accepted, "reason" | "by" | "at"> };

/** A page of what differs on a day. `not_compared`: nobody has · `changed`: the day was looked at since the page before. */
export type DifferencesPage =
  | { kind: "page"; differences: Listed[]; next: string | null }
  | { kind: "not_compared" | "changed" };

/** Reads a page of what differs on a day, in the order in which it was found. A page may be shorter than asked for and not the last one. */
export async function listDifferences(
  deps: Db<"operations"> & KeptDeps,
  { provider, day }: { provider: string; day: string },
  limit: number,
  after?: string,
): Promise<DifferencesPage> {
  const one = await readReconciliation(deps, provider, day);
  if (one?.hash === undefined) return { kind: "not_compared" };
  const { name, parts } = one.differences ?? { name: "", parts: 0 };
  const [ofLook = name, number = "0"] = after?.split("#") ?? [];
  if (ofLook !== name) return { kind: "changed" };
  const [part, from] = [Math.floor(Number(number) / PER_PART), Number(number) % PER_PART];
  if (part >= parts) return { kind: "page", differences: [], next: null };
  const all = await readPart(deps, { provider, day, name }, part);
  const differences = all.slice(from, from + limit).map((difference): Listed => {
    const id = differenceId(difference);
    const { reason, by, at } = one.accepted?.[id] ?? {};
    if (reason === undefined || by === undefined || at === undefined) return { id, ...difference };
    return { id, ...difference, accepted: { reason, by, at } };
  });
  const isLast = part === parts - 1 && from + limit >= all.length;
  const next = isLast ? null : `${name}#${part * PER_PART + from + differences.length}`;
  return { kind: "page", differences, next };
}
