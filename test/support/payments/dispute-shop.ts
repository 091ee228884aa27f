import { type FollowDisputeDeps, followDispute } from "../../../shared/disputes/follow.ts";
import { type Dispute, disputeIdFor } from "../../../shared/disputes/model.ts";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { readDispute } from "../../../shared/disputes/table.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import type { PaymentQueue } from "../../../shared/payments/queue.ts";
import type { Domain } from "../engine/domain.ts";
import { fakeBus, fakeQueues } from "../engine/fake-aws.ts";
import { settleMoney } from "../orders/market.ts";
import { valueOf } from "../value-of.ts";
import { follow, now, PROVIDER, waitingOrder, withPayments } from "./checkout-shop.ts";

/** A shop whose payments may be disputed, with a bus that remembers what it was told and a queue that a test reads. */
export async function withDisputes<D extends Domain>(domain: D) {
  const { simulator, deps } = await withPayments(domain);
  const { events, told } = fakeBus();
  const { sqs, sent } = fakeQueues();
  const disputing = { ...deps, events, eventBusName: "bus", sqs, paymentQueueUrl: "payments" };
  return { simulator, deps: disputing, told, sent };
}

export type Disputing = Awaited<ReturnType<typeof withDisputes<Domain>>>;
export type DisputingDeps = FollowDisputeDeps & PaymentQueue;

/** An order that its buyer has paid, sold and, unless nobody looks, seen. */
export async function paidOrder(
  { deps, simulator }: Pick<Disputing, "deps" | "simulator">,
  { isSeen = true, ...options }: { price?: number; retail?: number; isSeen?: boolean } = {},
) {
  const { market, order, payment } = await waitingOrder({ deps, simulator } as never, { stock: 1, ...options });
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  await settleMoney(deps, order.id);
  const sold = (await now(deps, order.id)).order;
  const looker = { keyId: "key_buyer", sourceIp: "198.51.100.7", requestId: "req_1" };
  if (isSeen) valueOf(await revealGoods(deps, sold, looker));
  return { market, order: sold, payment, paymentId: payment.id };
}

/** News of a dispute, as the queue's consumer takes it. */
export const hear = (deps: DisputingDeps, disputeId: string): Promise<Dispute | undefined> =>
  followDispute(deps, { provider: PROVIDER, disputeId }, true);

/** What the schedule brings: a look at what is due. */
export const look = (deps: DisputingDeps, disputeId: string): Promise<Dispute | undefined> =>
  followDispute(deps, { provider: PROVIDER, disputeId }, false);

/** The dispute as it is stored. */
export async function stored(deps: Disputing["deps"], disputeId: string): Promise<Dispute> {
  const dispute = await readDispute(deps, disputeIdFor(PROVIDER, disputeId));
  if (dispute === undefined) throw new Error(`${disputeId} is unknown`);
  return dispute;
}

/** Works off what is due for a payment and its disputes, as the queue and the schedule do. */
export async function settleDown(deps: DisputingDeps, paymentId: string): Promise<void> {
  for (let again = 0; again < 3; again++) await processMessage(deps, { paymentId, isChanged: true });
  for (const id of Object.keys((await readPayment(deps, paymentId))?.disputes ?? {})) {
    const dispute = await readDispute(deps, id);
    if (dispute !== undefined) await hear(deps, dispute.disputeId);
  }
  await processMessage(deps, { paymentId, isChanged: true });
}
