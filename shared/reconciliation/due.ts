import type { Clock } from "../kernel/clock.ts";
import { dayAfter } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { dayIn } from "../ledger/day.ts";
import type { ProviderDeps } from "../payments/providers.ts";
import { reachProvider } from "../payments/reach.ts";
import { listProviders } from "../payments/set-provider.ts";
import type { StatementDesk } from "../payments/statement-contract.ts";
import { readyAt } from "./day.ts";
import { askToReconcile, type ReconciliationQueue } from "./queue.ts";
import { reconciliationsBetween } from "./table.ts";

type Deps = ProviderDeps & ReconciliationQueue & { clock: Clock };

/** How the last days stand. `asked`: so many are looked at now · `different`: so many differ · `late`: so many nobody could compare in time. */
export type Standing = { asked: number; different: number; late: number };

/**
 * Has each provider's last days looked at that are not reconciled: level, not edge, so a day whose statement was late, or whose message was
 * lost, is looked at again. `failed` hears of a provider that can't be looked at; the others are looked at all the same.
 */
export async function careReconciliations(
  deps: Deps,
  failed: (provider: string, error: unknown) => void,
): Promise<Standing> {
  const standing: Standing = { asked: 0, different: 0, late: 0 };
  let after: string | undefined;
  do {
    const page = await listProviders(deps, LIMITS.largestPage, after);
    for (const { name } of page.providers)
      await careProvider(deps, name, standing).catch((error: unknown) => failed(name, error));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return standing;
}

async function careProvider(deps: Deps, provider: string, standing: Standing): Promise<void> {
  const desk = (await reachProvider(deps, provider))?.method.statements;
  if (desk === undefined) return;
  const now = deps.clock();
  const days = readyDays(desk, now);
  const [oldest, newest] = [days[0], days.at(-1)];
  if (oldest === undefined || newest === undefined) return;
  const known = new Map((await reconciliationsBetween(deps, provider, oldest, newest)).map((one) => [one.day, one]));
  for (const day of days) {
    const one = known.get(day);
    if (one?.state === "different") standing.different++;
    if (one?.hash === undefined && isLate(desk, day, now)) standing.late++;
    if (one?.state === "reconciled" || (one?.lookAt ?? "") > now.toISOString()) continue;
    await askToReconcile(deps, { provider, day });
    standing.asked++;
  }
}

/** The last days whose statements should be there, the oldest first: a day is easier to tell when the one before it is known. */
function readyDays(desk: StatementDesk, now: Date): string[] {
  const today = dayIn(desk.zone, now.toISOString());
  return Array.from({ length: LIMITS.reconciledDaysBack }, (_, back) =>
    dayAfter(today, back - LIMITS.reconciledDaysBack),
  ).filter((day) => readyAt(desk, day) <= now.toISOString());
}

const isLate = (desk: StatementDesk, day: string, now: Date): boolean =>
  Date.parse(readyAt(desk, day)) + LIMITS.lateReconciliationSeconds * 1000 <= now.getTime();
