import { FOR_A_PERSON } from "../../../shared/payments/model.ts";
import { movePayment, newRefund, readPayment } from "../../../shared/payments/payments.ts";
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
