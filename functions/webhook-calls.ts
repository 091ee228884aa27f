import { ok, type Result } from "../shared/kernel/problem.ts";
import {
  attemptAgain,
  type DeliveryDeps,
  listDeliveries,
  replayDeliveries,
  testEndpoint,
} from "../shared/webhooks/deliveries.ts";
import {
  changeEndpoint,
  createEndpoint,
  deleteEndpoint,
  type EndpointChange,
  type EndpointDeps,
  findEndpoint,
  listEndpoints,
  type NewEndpoint,
} from "../shared/webhooks/endpoints.ts";
import { rotateSecret } from "../shared/webhooks/rotate.ts";
import type { EndpointName } from "../shared/webhooks/table.ts";
import { showDelivery, showEndpoint } from "./webhooks.ts";

const bodyOf = <T, Shown>(result: Result<T>, show: (value: T) => Shown): Result<{ body: Shown }> =>
  result.ok ? ok({ body: show(result.value) }) : result;

/** The calls about webhooks, as channels make them for themselves and operators for a channel. */
export const webhookCalls = (deps: EndpointDeps & DeliveryDeps) => ({
  create: async (channelId: string, wanted: NewEndpoint, key: string) =>
    bodyOf(await createEndpoint(deps, channelId, wanted, key), showEndpoint),
  list: async (channelId: string) =>
    ok({ body: { data: (await listEndpoints(deps, channelId)).map(showEndpoint), nextCursor: null } }),
  get: async (name: EndpointName) => bodyOf(await findEndpoint(deps, name), showEndpoint),
  change: async (name: EndpointName, change: EndpointChange) => {
    const changed = await changeEndpoint(deps, name, change);
    if (changed.ok && change.enabled === true) await deps.wake(name);
    return bodyOf(changed, showEndpoint);
  },
  remove: async (name: EndpointName) => bodyOf(await deleteEndpoint(deps, name), (deleted) => deleted),
  rotate: async (name: EndpointName, key: string) => bodyOf(await rotateSecret(deps, name, key), showEndpoint),
  test: async (name: EndpointName, key: string) => bodyOf(await testEndpoint(deps, name, key), showDelivery),
  deliveries: async (name: EndpointName, limit: number, after: string | undefined) => {
    const found = await findEndpoint(deps, name);
    if (!found.ok) return found;
    const { deliveries, next } = await listDeliveries(deps, name, limit, after);
    return ok({ body: { data: deliveries.map(showDelivery) }, next });
  },
  attempt: async (name: EndpointName, deliveryId: string) =>
    bodyOf(await attemptAgain(deps, name, deliveryId), showDelivery),
  replay: async (name: EndpointName, range: { from: string; to: string }, after: string | undefined) => {
    const replayed = await replayDeliveries(deps, name, range, after);
    return replayed.ok ? ok({ body: { sent: replayed.value.sent }, next: replayed.value.next }) : replayed;
  },
});
