import type { SQSClient } from "@aws-sdk/client-sqs";
import { type Db, putNew } from "../aws/dynamo.ts";
import { sendMessage } from "../aws/send-message.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { lineAskedFor, orderIdIn } from "../orders/model.ts";
import { readOrder } from "../orders/table.ts";
import { readPurchase } from "../restock/purchases.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import type { Acknowledgement, CallbackEvent, SupplierAdapter, Verified } from "../suppliers/contract.ts";
import {
  adapterFor,
  reachSupplier,
  SHORTEST_CACHE_MS,
  type Supplier,
  type SupplierDeps,
} from "../suppliers/settings.ts";
import { callbackKey, callbacks } from "../suppliers/table.ts";

export type ReceiveDeps = SupplierDeps &
  Db<"orders"> & {
    sqs: SQSClient;
    callbackQueueUrl: string;
    sealBody: (body: string, boundTo: string) => Promise<Sealed>;
    clock: Clock;
  };

/**
 * What became of a callback. `stored`: verified and queued · `dropped`: unsigned, and about nothing that we have asked
 * this supplier for; it is acknowledged all the same · `refused`: its signature does not verify · `unreadable`:
 * unsigned, and not in the supplier's format.
 */
export type Received =
  | { kind: "stored" | "dropped"; acknowledgement: Acknowledgement }
  | { kind: "refused"; reason: "malformed" | "forged" | "stale" }
  | { kind: "unreadable" }
  | { kind: "unknown_supplier" };

/** The binding of a sealed callback. */
const callbackBinding = (supplierId: string, eventId: string): string => `${supplierId} ${eventId} callback`;

/**
 * Receives a callback: verifies the raw bytes, stores them sealed (they may carry codes) with an end date, queues the
 * id, and acknowledges. Nothing is believed and nothing moves here. A repeat of an event that was processed is only
 * acknowledged; one that was not is queued again, because its first message may never have been sent.
 *
 * Anybody can post to an address where callbacks are not signed. A callback that is about no order that this supplier
 * was asked for costs one read at most: nothing is sealed, stored or queued. The answer is the same, so nobody learns
 * which references exist.
 */
export async function receiveCallback(
  deps: ReceiveDeps,
  supplierId: string,
  rawBody: string,
  headers: Record<string, string | undefined>,
): Promise<Received> {
  const reached = await reachSupplier(deps, supplierId);
  if (reached === undefined) return { kind: "unknown_supplier" };
  const now = deps.clock();
  const verified = await verifiedWithNewest(deps, reached, (adapter) => adapter.verify(rawBody, headers, now));
  const isSigned = reached.adapter.signsCallbacks;
  if (!verified.ok) return isSigned ? { kind: "refused", reason: verified.reason } : { kind: "unreadable" };
  const acknowledgement = reached.adapter.acknowledge();
  if (!isSigned && !(await isAboutOurs(deps, supplierId, verified.event))) return { kind: "dropped", acknowledgement };
  const { eventId, reference, catalogueChanged } = verified.event;
  const callback = {
    supplierId,
    eventId,
    ...(reference === undefined ? {} : { reference }),
    ...(catalogueChanged === undefined ? {} : { catalogueChanged }),
  };
  const stored = await putNew(
    deps.db,
    deps.tables.operations,
    callbacks.write(callbackKey(supplierId, eventId), callback, {
      receivedAt: now.toISOString(),
      expiresAtEpoch: Math.floor(now.getTime() / 1000) + LIMITS.callbackKeptSeconds,
      ...(await deps.sealBody(rawBody, callbackBinding(supplierId, eventId))),
    }),
  );
  if (stored.ok || stored.old?.["processedAt"] === undefined) {
    await sendMessage(deps.sqs, deps.callbackQueueUrl, JSON.stringify({ supplierId, eventId }));
  }
  return { kind: "stored", acknowledgement };
}

/**
 * Verifies a callback. If it seems forged, verifies it once more with the secret as it is stored now, because the
 * secret may have been rotated since it was read. The limit of age keeps forged callbacks from costing a read each.
 */
async function verifiedWithNewest(
  deps: ReceiveDeps,
  { supplier, adapter }: { supplier: Supplier; adapter: SupplierAdapter },
  verify: (adapter: SupplierAdapter) => Verified,
): Promise<Verified> {
  const verified = verify(adapter);
  if (verified.ok || verified.reason !== "forged") return verified;
  return verify(await adapterFor(deps, supplier, SHORTEST_CACHE_MS));
}

/**
 * Tells whether this supplier was asked for something under that reference. Attempts are written down before they are
 * made.
 */
async function isAboutOurs(deps: ReceiveDeps, supplierId: string, { reference = "" }: CallbackEvent): Promise<boolean> {
  const orderId = orderIdIn(reference);
  if (orderId === undefined) return (await readPurchase(deps, reference))?.supplierId === supplierId;
  return lineAskedFor(await readOrder(deps, orderId), supplierId, reference) !== undefined;
}
