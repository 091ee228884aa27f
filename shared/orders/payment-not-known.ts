/** The provider can't say what its own notification was about, or is down. The message is tried again by its queue. */
export class PaymentNotKnown extends Error {
  override readonly name = "PaymentNotKnown";
}
