/**
 * The reason of a refusal because our money there is used up, in each protocol. The supplier is then left alone until
 * we have paid in.
 */
export const OUT_OF_FUNDS = "insufficient_funds";

/**
 * Tells whether a supplier's own text says so. The text is read for this alone and stored nowhere. For protocols that
 * don't publish a code for it.
 */
export function saysOutOfFunds(text: unknown): boolean {
  return (
    typeof text === "string" &&
    /(insufficient|not enough)[\s_-]+(account[\s_-]+)?(balance|funds|credit)|余额不足/i.test(text)
  );
}
