import { type Db, putNew } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import type { Acknowledgement, Notice, Verified } from "./contract.ts";
import { readPayment } from "./payments.ts";
import { type ProviderDeps, SHORTEST_CACHE_MS } from "./providers.ts";
import { askToFollow, type DisputeName, type PaymentQueue } from "./queue.ts";
import { type Reached, reachProvider } from "./reach.ts";
import { notificationKey, notifications } from "./table.ts";

export type ReceiveDeps = ProviderDeps &
  PaymentQueue &
  Db<"orders"> & { sealBody: (body: string, boundTo: string) => Promise<Sealed>; clock: Clock };

/**
 * What became of a notification. `stored`: verified and queued · `unrelated`: verified, and about no payment of ours: acknowledged, and
 * nothing else is done · `refused`: it does not verify.
 */
export type ReceivedNotification =
  | { kind: "stored" | "unrelated"; acknowledgement: Acknowledgement }
  | { kind: "refused"; reason: "malformed" | "forged" | "stale" }
  | { kind: "unknown_provider" };

/**
 * Receives a notification: verifies the raw bytes, stores them sealed (they name people) with an end date, queues the payment, and
 * acknowledges in the provider's words. Nothing is believed and nothing moves here. A repeat of one that was processed is only
 * acknowledged; one that was not is queued again, because its first message may never have been sent.
 */
export async function receiveNotification(
  deps: ReceiveDeps,
  providerName: string,
  rawBody: string,
  headers: Record<string, string | undefined>,
): Promise<ReceivedNotification> {
  const reached = await reachProvider(deps, providerName);
  if (reached === undefined) return { kind: "unknown_provider" };
  const now = deps.clock();
  const verified = await verifiedWithNewest(deps, reached, rawBody, headers);
  if (!verified.ok) return { kind: "refused", reason: verified.reason };
  const { eventId, refundId } = verified.notice;
  const acknowledgement = reached.method.ack(true);
  const about = await subjectOf(deps, providerName, verified.notice);
  if (about === undefined) return { kind: "unrelated", acknowledgement };
  const item = notifications.write(
    notificationKey(providerName, eventId),
    {
      provider: providerName,
      eventId,
      ...("dispute" in about ? { disputeId: about.dispute.disputeId } : about),
      ...(refundId === undefined ? {} : { refundId }),
    },
    {
      receivedAt: now.toISOString(),
      expiresAtEpoch: Math.floor(now.getTime() / 1000) + LIMITS.callbackKeptSeconds,
      ...(await deps.sealBody(rawBody, `${providerName} ${eventId} notification`)),
    },
  );
  const stored = await putNew(deps.db, deps.tables.operations, item);
  if (stored.ok || stored.old?.["processedAt"] === undefined)
    await askToFollow(deps, { ...about, notification: { provider: providerName, eventId } });
  return { kind: "stored", acknowledgement };
}

/** Says what a notification has us look at. Which payment a dispute is about only its provider knows, which is asked later. */
async function subjectOf(
  deps: ReceiveDeps,
  provider: string,
  { paymentId, disputeId }: Notice,
): Promise<{ paymentId: string } | { dispute: DisputeName } | undefined> {
  if (disputeId !== undefined) return { dispute: { provider, disputeId } };
  if (paymentId === undefined || (await readPayment(deps, paymentId))?.provider !== provider) return undefined;
  return { paymentId };
}

/** Verifies with the secret as it is remembered; if that fails, with the one that is stored now: it may have been rotated. */
async function verifiedWithNewest(
  deps: ReceiveDeps,
  { provider, method }: Reached,
  rawBody: string,
  headers: Record<string, string | undefined>,
): Promise<Verified> {
  const verified = method.verify(rawBody, headers, deps.clock());
  if (verified.ok || verified.reason !== "forged") return verified;
  const newest = await reachProvider(deps, provider.name, SHORTEST_CACHE_MS);
  return newest === undefined ? verified : newest.method.verify(rawBody, headers, deps.clock());
}
