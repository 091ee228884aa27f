import type { OperatorCall } from "../../../infra/ops/client.ts";
import type { AuditFacts } from "../../../shared/audit/table.ts";
import { type Json, openShop } from "../orders/shop.ts";
import { post } from "./subjects.ts";

export type Says = { action: string; what?: AuditFacts; before?: AuditFacts; after?: AuditFacts };
/** A call; whose trail has its record, if that is not what the call makes; and what the record says. */
export type Scene = Omit<OperatorCall, "method" | "path"> & {
  path: string;
  subject: string | ((made: Json) => string);
  says: Says | ((made: Json) => Says);
};

export const channelOf = async (): Promise<string> => (await openShop(0)).channelId;

/** A range of time that is asked for. */
export const told = { from: "2026-01-01T00:00:00Z", to: "2026-01-01T01:00:00Z" };

/** An endpoint of webhooks: its channel, and where its calls are. */
async function anEndpoint(): Promise<{ subject: string; at: string; id: string }> {
  const subject = await channelOf();
  const path = `/admin/v1/channels/${subject}/webhook-endpoints`;
  const { id } = await post(path, { url: "https://shop.example/" });
  return { subject, at: `${path}/${id}`, id };
}

/** Acts of operators on endpoints of webhooks, with what their records say. */
export const webhookScenes = {
  createChannelsEndpoint: async (): Promise<Scene> => {
    const subject = await channelOf();
    return {
      path: `/admin/v1/channels/${subject}/webhook-endpoints`,
      json: { url: "https://shop.example/hooks/token" },
      subject,
      says: ({ id }: Json) => ({ action: `webhooks_created ${id}`, what: { endpointId: id, host: "shop.example" } }),
    };
  },
  changeChannelsEndpoint: async (): Promise<Scene> => {
    const { subject, at, id } = await anEndpoint();
    const says = { action: `webhooks_changed ${id}`, before: { enabled: true }, after: { enabled: false } };
    return { path: at, json: { enabled: false }, subject, says };
  },
  deleteChannelsEndpoint: async (): Promise<Scene> => {
    const { subject, at, id } = await anEndpoint();
    return { path: at, subject, says: { action: `webhooks_deleted ${id}`, what: { endpointId: id } } };
  },
  rotateChannelsSecret: async (): Promise<Scene> => {
    const { subject, at, id } = await anEndpoint();
    const says = { action: `webhooks_rotated ${id}`, what: { endpointId: id } };
    return { path: `${at}/rotations`, subject, says };
  },
  testChannelsEndpoint: async (): Promise<Scene> => {
    const { subject, at, id } = await anEndpoint();
    return { path: `${at}/tests`, subject, says: { action: `webhooks_tested ${id}`, what: { endpointId: id } } };
  },
  attemptChannelsDelivery: async (): Promise<Scene> => {
    const { subject, at, id } = await anEndpoint();
    const delivery = await post(`${at}/tests`, {});
    const says = { action: `webhooks_attempted ${id}`, what: { deliveryId: delivery.id } };
    return { path: `${at}/deliveries/${delivery.id}/attempts`, subject, says };
  },
  replayChannelsDeliveries: async (): Promise<Scene> => {
    const { subject, at, id } = await anEndpoint();
    const says = { action: `webhooks_replayed ${id}`, what: told };
    return { path: `${at}/replays`, json: told, subject, says };
  },
};
