import type { Db } from "../aws/dynamo.ts";
import { keysInList } from "../aws/listed.ts";
import type { Clock } from "../kernel/clock.ts";
import { inParallel } from "../kernel/in-parallel.ts";
import { listAllEndpoints, readEndpoint } from "./endpoints.ts";
import { rests } from "./model.ts";
import { dueAt, type Endpoint, type EndpointName } from "./table.ts";

export type SweepDeps = Db<"operations"> & { clock: Clock; wake: (name: EndpointName) => Promise<void> };

/** Endpoints that are looked at at the same time. */
const AT_ONCE = 16;

/**
 * Wakes the sender of each endpoint that something is due to: what is to be sent again, and what a lost message was about. Costs half a
 * read unit for each endpoint. Returns how many seconds the oldest of it is late; 0 if nothing is.
 */
export async function sweepWebhooks(deps: SweepDeps): Promise<number> {
  const some = (await listAllEndpoints(deps)).filter(({ enabled }) => enabled);
  return Math.max(0, ...(await inParallel(AT_ONCE, some, (endpoint) => sweepOne(deps, endpoint))));
}

async function sweepOne(deps: SweepDeps, endpoint: Endpoint): Promise<number> {
  const now = deps.clock();
  const [first] = await keysInList(deps, dueAt(endpoint.endpointId), { from: " ", to: now.toISOString() }, 1);
  if (first === undefined) return 0;
  const found = await readEndpoint(deps, endpoint);
  if (found === undefined || rests(found.sender, now)) return 0;
  await deps.wake(endpoint);
  return (now.getTime() - Date.parse(first.listPlace)) / 1000;
}
