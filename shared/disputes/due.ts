import type { Db } from "../aws/dynamo.ts";
import { keysInList } from "../aws/listed.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { ProviderDeps } from "../payments/providers.ts";
import { askToFollow, type DisputeName, type PaymentQueue } from "../payments/queue.ts";
import { reachProvider } from "../payments/reach.ts";
import { listProviders } from "../payments/set-provider.ts";
import { disputeIdFor } from "./model.ts";
import { disputeNamed, OPEN, readDispute } from "./table.ts";

/** Before all times. */
const EVER = "0";

/** Has every dispute looked at that is due. Returns how many. The list may be a moment behind. */
export async function careDisputes(deps: Db<"operations"> & PaymentQueue & { clock: Clock }): Promise<number> {
  const places = { from: EVER, to: deps.clock().toISOString() };
  const due = await keysInList(deps, OPEN, places, LIMITS.disputesPerCare);
  for (const key of due) {
    const dispute = await disputeNamed(deps, key);
    if (dispute !== undefined) await askToFollow(deps, { dispute: nameOf(dispute) });
  }
  return due.length;
}

const nameOf = ({ provider, disputeId }: DisputeName): DisputeName => ({ provider, disputeId });

/**
 * Asks each provider for the disputes of the last days, and has those looked at that we don't know: their news was lost. `failed` hears of
 * a provider that can't say, and the others are asked all the same. Returns how many were found.
 */
export async function findDisputes(
  deps: ProviderDeps & PaymentQueue & { clock: Clock },
  failed: (provider: string, error: unknown) => void,
): Promise<number> {
  let found = 0;
  for (let after: string | undefined; ; ) {
    const { providers, next } = await listProviders(deps, LIMITS.largestPage, after);
    for (const { name } of providers) {
      try {
        found += await findAt(deps, name);
      } catch (error) {
        failed(name, error);
      }
    }
    if (next === null) return found;
    after = next;
  }
}

async function findAt(deps: ProviderDeps & PaymentQueue & { clock: Clock }, provider: string): Promise<number> {
  const desk = (await reachProvider(deps, provider))?.method.disputes;
  if (desk === undefined) return 0;
  const since = after(deps.clock(), -LIMITS.disputesAskedForSeconds);
  let found = 0;
  let cursor: string | undefined;
  for (let page = 0; page < LIMITS.disputePagesPerSearch; page++) {
    const listed = await desk.list(since, cursor);
    if (listed.kind === "unknown") throw new DisputesNotListed(listed.reason);
    for (const disputeId of listed.ids) {
      if ((await readDispute(deps, disputeIdFor(provider, disputeId))) !== undefined) continue;
      await askToFollow(deps, { dispute: { provider, disputeId } });
      found += 1;
    }
    if (listed.next === undefined) return found;
    cursor = listed.next;
  }
  throw new DisputesNotListed("too_many");
}

/** A provider does not say which disputes there are, or says too many. It is asked again in an hour. */
export class DisputesNotListed extends Error {
  override readonly name = "DisputesNotListed";
}
