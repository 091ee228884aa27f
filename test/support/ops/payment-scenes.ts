import { randomUUID } from "node:crypto";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { credentials } from "../../../infra/local/deploy.ts";
import { transact } from "../../../shared/aws/dynamo.ts";
import { FOR_A_PERSON } from "../../../shared/payments/model.ts";
import { movePayment, newRefund, readPayment } from "../../../shared/payments/payments.ts";
import { DifferencesWriter } from "../../../shared/reconciliation/kept.ts";
import { type Difference, differenceId, noCounts } from "../../../shared/reconciliation/model.ts";
import { reconciliationWrite } from "../../../shared/reconciliation/table.ts";
import { deployedStack } from "../engine/deployed-stack.ts";
import { domain } from "../engine/domain.ts";
import { openShop, order, stockProduct } from "../orders/shop.ts";
import { aPayment, newPaymentProvider, post } from "./subjects.ts";
import type { Scene } from "./webhook-scenes.ts";

/** An order whose payment provider refuses to give its money back. */
async function aRefusedRefund(): Promise<{ subject: string; paymentId: string; refundId: string }> {
  const paymentId = await aPayment();
  const payment = await readPayment(domain(), paymentId);
  if (payment?.purpose.kind !== "order") throw new Error("the payment is for no order");
  const at = new Date().toISOString();
  const { amount, currency } = payment.amount;
  const received = { providerPaymentId: "p", amount, currency, at };
  const asked = newRefund(paymentId, { cause: `return:${paymentId}`, round: 1, amount, requestedAt: at });
  const refunds = { [asked.id]: { ...asked, state: "refused" as const, reason: "refund_window_over", endedAt: at } };
  const paid = { state: "succeeded", received, returned: "nobody_waits", refunds, dueAt: FOR_A_PERSON } as const;
  await movePayment(domain(), payment, paid);
  return { subject: payment.purpose.orderId, paymentId, refundId: asked.id };
}

async function seenTo(act: "settlements" | "retries", action: string): Promise<Scene> {
  const { subject, paymentId, refundId } = await aRefusedRefund();
  const says = { action, what: { reason: "r", paymentId, refundId, amount: 1500, state: "refused" } };
  return { path: `/admin/v1/payments/${paymentId}/refunds/${refundId}/${act}`, json: { reason: "r" }, subject, says };
}

/** A provider's day on which one thing differs. */
async function aDayWith({ provider, day }: { provider: string; day: string }, one: Difference): Promise<void> {
  const { awsEndpoint, region } = deployedStack();
  const s3 = new S3Client({ endpoint: awsEndpoint, region, credentials, forcePathStyle: true });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const statements = Buckets.find(({ Name = "" }) => Name.includes("statements"))?.Name ?? "";
  const writer = new DifferencesWriter({ s3, statements }, { provider, day, name: "look" });
  await writer.add(one);
  await writer.end();
  const counts = { ...noCounts(), lines: 1, [one.is]: 1 };
  const is = { provider, day, version: 1, state: "different", lookedAt: `${day}T12:00:00.000Z`, hash: "h" } as const;
  const beside = {
    differences: { name: "look", parts: 1 },
    fees: {},
    payouts: {},
    booked: { fees: {}, payouts: {}, entries: 0 },
  };
  await transact(domain().db, [reconciliationWrite(domain(), { ...is, counts, first: [one], ...beside }, 0)]);
}

/** Acts of operators on payments and refunds, with what their records say. */
export const paymentScenes = {
  requestPaymentLook: async (): Promise<Scene> => {
    const subject = await aPayment();
    const says = { action: "payment_look_requested", what: { state: "created" } };
    return { path: `/admin/v1/payments/${subject}/looks`, subject, says };
  },
  requestReconciliation: async (): Promise<Scene> => {
    await post("/admin/v1/payment-providers", newPaymentProvider);
    const { name } = newPaymentProvider;
    const says = { action: "reconciliation_requested" };
    const path = `/admin/v1/payment-providers/${name}/reconciliations/2026-03-10`;
    return { path, subject: `${name}@2026-03-10`, says };
  },
  acceptDifference: async (): Promise<Scene> => {
    const [provider, day] = [`d${randomUUID().slice(0, 8)}`, "2026-03-10"];
    const figures = { amount: 70, feeThousandths: 0, currency: "CNY", at: `${day}T00:00:00.000Z` };
    const difference = { is: "missing_here", todo: "find_owner", kind: "payment", name: "x", theirs: figures } as const;
    await aDayWith({ provider, day }, difference);
    const what = {
      provider,
      date: day,
      difference: differenceId(difference),
      is: "missing_here",
      name: "x",
      reason: "r",
    };
    const says = { action: "difference_accepted", what, before: { state: "different" } };
    const path = `/admin/v1/payment-providers/${provider}/reconciliations/${day}/differences/${what.difference}/acceptance`;
    return { path, json: { reason: "r" }, subject: `${provider}@${day}`, says };
  },
  settleRefund: (): Promise<Scene> => seenTo("settlements", "refund_paid_elsewhere"),
  retryRefund: (): Promise<Scene> => seenTo("retries", "refund_retried"),
  refundOrder: async (): Promise<Scene> => {
    const [shop, { productId }] = await Promise.all([openShop(), stockProduct(deployedStack(), 2)]);
    const { id: subject } = (await order(shop, [{ productId, quantity: 2 }])).body as { id: string };
    const what = { lines: '["1"]', pieces: 1, evenIfUnresolved: false };
    const says = { action: "order_refunded", note: "r", what, before: { state: "fulfilled", refunded: 0 } };
    const json = { lines: ["1"], pieces: 1, reason: "r" };
    return { path: `/admin/v1/orders/${subject}/refunds`, json, subject, says };
  },
};
