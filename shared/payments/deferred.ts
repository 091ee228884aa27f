import type { PaymentMethod } from "./contract.ts";

/**
 * Paying later: nobody is asked for money when the order is placed, and nothing is held anywhere. The order waits until another method
 * pays for it. There is never anything to close or to give back.
 */
export const deferred: PaymentMethod = {
  inFlightSeconds: 0,
  start: () => Promise.resolve({ kind: "pending" }),
  query: () => Promise.resolve({ kind: "pending" }),
  close: () => Promise.resolve({ kind: "closed" }),
  refund: () => Promise.resolve({ kind: "refused", reason: "nothing_was_paid" }),
  queryRefund: () => Promise.resolve({ kind: "never_heard" }),
  verify: () => ({ ok: false, reason: "forged" }),
  ack: () => ({ status: 404, body: "", contentType: "text/plain" }),
};
