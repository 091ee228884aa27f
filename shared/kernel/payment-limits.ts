/** Limits of payments at providers. */
export const PAYMENT_LIMITS = {
  /**
   * A payment provider tells by itself as a rule. Otherwise it is asked after this time, then after twice as long each time, at most
   * every ten minutes. Payments that are due are looked for once a minute, so many of each of 16 shards: 8,000 a minute. A buyer takes a
   * minute or two, so a payment is asked about once or twice before it is paid: that is a shop of some 70 orders a second. The consumer
   * takes 200 at a time, so it is done with them within the minute when a question takes a second.
   */
  firstPaymentAskSeconds: 20,
  longestPaymentAskSeconds: 600,
  paymentsPerCare: 500,
  /** How often a person can have a refund asked for that its provider refuses. Each time adds 400 bytes to the payment, and asks about all before it. */
  triesPerRefund: 10,
} as const;
