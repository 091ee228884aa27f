/** The reason of a refusal for want of our money there, in each protocol: the supplier is left alone until we have paid in. */
export const OUT_OF_FUNDS = "insufficient_funds";

/** Does a supplier's own text say so? It is read for this alone, and kept nowhere. For protocols whose numbers for it are not published. */
export function saysOutOfFunds(text: unknown): boolean {
  return (
    typeof text === "string" &&
    /(insufficient|not enough)[\s_-]+(account[\s_-]+)?(balance|funds|credit)|余额不足/i.test(text)
  );
}
