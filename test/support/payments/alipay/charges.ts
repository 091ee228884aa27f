import { newId } from "../../../../shared/kernel/ids.ts";
import type { Charge, Refund } from "../../../../shared/payments/contract.ts";
import { orderPaymentId } from "../../../../shared/payments/model.ts";

/** A charge of an order that waits for ten minutes. */
export function aCharge(given: Partial<Charge> = {}): Charge {
  const orderId = newId("ord");
  return {
    id: orderPaymentId(orderId, 1, 1),
    purpose: { kind: "order", orderId, epoch: 1 },
    channelId: "chan_1",
    amount: { amount: 1500, currency: "CNY" },
    createdAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
    flow: "qr",
    description: "Steam 100元充值卡",
    ...given,
  };
}

let refunds = 0;
export function aRefund(amount: number, given: Partial<Refund> = {}): Refund {
  refunds += 1;
  const id = `rfd_${String(refunds).padStart(26, "0")}`;
  return { id, cause: `refund:${refunds}`, round: 1, amount, requestedAt: new Date().toISOString(), ...given };
}
