import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { type Db, type Key, putNew, update } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import type { Acknowledgement } from "./contract.ts";
import { reachSupplier, type SupplierDeps } from "./settings.ts";

/** A callback that verified, on its way from the door to whoever acts on it. */
export type Callback = {
  supplierId: string;
  eventId: string;
  reference?: string;
  catalogueChanged?: true;
  processedAt?: string;
};

export type ReceiveDeps = SupplierDeps & {
  sqs: SQSClient;
  callbackQueueUrl: string;
  sealBody: (body: string, boundTo: string) => Promise<Sealed>;
  clock: Clock;
};

export type Received =
  | { ok: true; acknowledgement: Acknowledgement }
  | { ok: false; reason: "unknown_supplier" | "malformed" | "forged" | "stale" };

const callbackKey = (supplierId: string, eventId: string): Key => ({
  pk: `callback#${supplierId}#${eventId}`,
  sk: "callback",
});

/** What binds a sealed callback to its place. */
const callbackBinding = (supplierId: string, eventId: string): string => `${supplierId} ${eventId} callback`;

/**
 * Takes a callback at the door: verifies the raw bytes, stores them sealed (they may carry codes) with an end date, queues
 * the id, acknowledges. Nothing is believed and nothing moves here. A repeat of an event that was processed is only
 * acknowledged; one that was not is queued again, for its first message may never have been sent.
 */
export async function receiveCallback(
  deps: ReceiveDeps,
  supplierId: string,
  rawBody: string,
  headers: Record<string, string | undefined>,
): Promise<Received> {
  const reached = await reachSupplier(deps, supplierId);
  if (reached === undefined) return { ok: false, reason: "unknown_supplier" };
  const now = deps.clock();
  const verified = reached.adapter.verify(rawBody, headers, now);
  if (!verified.ok) return verified;
  const { eventId, reference, catalogueChanged } = verified.event;
  const stored = await putNew(deps.db, deps.tables.platform, {
    ...callbackKey(supplierId, eventId),
    supplierId,
    eventId,
    reference,
    catalogueChanged,
    receivedAt: now.toISOString(),
    expiresAtEpoch: Math.floor(now.getTime() / 1000) + LIMITS.callbackKeptSeconds,
    ...(await deps.sealBody(rawBody, callbackBinding(supplierId, eventId))),
  });
  if (stored.ok || stored.old?.["processedAt"] === undefined) {
    const message = JSON.stringify({ supplierId, eventId });
    await deps.sqs.send(new SendMessageCommand({ QueueUrl: deps.callbackQueueUrl, MessageBody: message }));
  }
  return { ok: true, acknowledgement: reached.adapter.acknowledge() };
}

export async function readCallback(
  deps: Db<"platform">,
  supplierId: string,
  eventId: string,
): Promise<Callback | undefined> {
  const found = await deps.db.send(
    new GetCommand({ TableName: deps.tables.platform, Key: callbackKey(supplierId, eventId), ConsistentRead: true }),
  );
  return found.Item as Callback | undefined;
}

/** The callback has had its effect, or none was due; its repeats need no more than an acknowledgement. */
export async function markProcessed(
  deps: Db<"platform">,
  callback: Callback,
  result: string,
  now: Date,
): Promise<void> {
  await update(deps.db, {
    TableName: deps.tables.platform,
    Key: callbackKey(callback.supplierId, callback.eventId),
    UpdateExpression: "SET processedAt = :now, #result = :result",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeNames: { "#result": "result" },
    ExpressionAttributeValues: { ":now": now.toISOString(), ":result": result },
  });
}
