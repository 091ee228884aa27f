import { type Db, putNew } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Sealed } from "../secrecy/sealer.ts";
import type { Acknowledgement, Notice, Verified } from "./contract.ts";
import { isOver, type Payment } from "./model.ts";
import { readPayment } from "./payments.ts";
import { type ProviderDeps, SHORTEST_CACHE_MS } from "./providers.ts";
import { askToFollow, type DisputeName, type PaymentQueue } from "./queue.ts";
import { type Reached, reachProvider } from "./reach.ts";
import { notificationKey, notifications } from "./table.ts";

/**
 * `follow` looks at a payment of an order, as the queue would have done: it asks the provider, and does what is due. What it throws is told
 * to `onLeft`.
 */
export type ReceiveDeps = ProviderDeps &
  PaymentQueue &
  Db<"orders"> & {
    sealBody: (body: string, boundTo: string) => Promise<Sealed>;
    clock: Clock;
    follow: (payment: Payment) => Promise<Payment | undefined>;
    onLeft?: (paymentId: string, error: unknown) => void;
  };

/**
 * What became of a notification. `followed`: verified, and its payment was looked at · `stored`: verified and queued · `unrelated`:
 * verified, and about no payment of ours: acknowledged, and nothing else is done · `refused`: it does not verify.
 */
export type ReceivedNotification =
  | { kind: "followed"; payment: Payment; acknowledgement: Acknowledgement }
  | { kind: "stored" | "unrelated"; acknowledgement: Acknowledgement }
  | { kind: "refused"; reason: "malformed" | "forged" | "stale" }
  | { kind: "unknown_provider" };

/**
 * Receives a notification: verifies the raw bytes, looks at the payment, and acknowledges in the provider's words. Nothing that it says is
 * believed: the provider is asked. A call that dies before it has answered is repeated by the provider, and by the time at which the payment
 * is due. What can't be done at once, and all that is about more than whether an order is paid, is stored sealed (it names people) with an
 * end date, and queued. A repeat of one that was processed is only acknowledged; one that was not is queued again, because its first message
 * may never have been sent.
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
  if ("payment" in about && isAboutPaying(about.payment, verified.notice)) {
    const followed = await followNow(deps, about.payment);
    if (followed !== undefined) return { kind: "followed", payment: followed, acknowledgement };
  }
  const subject = "payment" in about ? { paymentId: about.payment.id } : about;
  const item = notifications.write(
    notificationKey(providerName, eventId),
    {
      provider: providerName,
      eventId,
      ...("dispute" in subject ? { disputeId: subject.dispute.disputeId } : subject),
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
    await askToFollow(deps, { ...subject, notification: { provider: providerName, eventId } });
  return { kind: "stored", acknowledgement };
}

/** Says what a notification has us look at. Which payment a dispute is about only its provider knows, which is asked later. */
async function subjectOf(
  deps: ReceiveDeps,
  provider: string,
  { paymentId, disputeId }: Notice,
): Promise<{ payment: Payment } | { dispute: DisputeName } | undefined> {
  if (disputeId !== undefined) return { dispute: { provider, disputeId } };
  const payment = paymentId === undefined ? undefined : await readPayment(deps, paymentId);
  return payment?.provider === provider ? { payment } : undefined;
}

/**
 * Tells whether a notification can only be about whether an order is paid. Then there is one thing to ask, and when that is known a repeat
 * asks nobody. What may be about a refund is told apart by its event, and what is about a deposit moves an account: both go by the queue.
 */
const isAboutPaying = ({ purpose, state, refunds }: Payment, { refundId }: Notice): boolean =>
  purpose.kind === "order" && refundId === undefined && !isOver({ state }) && Object.keys(refunds).length === 0;

/** Looks at a payment at once. Undefined: that was not possible now, for whatever reason; the queue has time for it. */
async function followNow({ follow, onLeft }: ReceiveDeps, payment: Payment): Promise<Payment | undefined> {
  try {
    return await follow(payment);
  } catch (error) {
    onLeft?.(payment.id, error);
    return undefined;
  }
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
