import type { Rule } from "../rule.ts";

const parts = ["test/chaos/orders/part-refunds.test.ts", "every payer has its share back"] as const;

/** The rules of prices, and of what goes back of them. */
export const prices: readonly Rule[] = [
  {
    rule: "the shares of a line are cumulative, so that they sum to it",
    file: "shared/pricing/refund-share.ts",
    from: "Number(upTo(total, before + more, of) - upTo(total, before, of))",
    to: "Number(upTo(total, more, of))",
    red: parts,
  },
  {
    rule: "what a supplier did not deliver of a line costs what is left of its price",
    file: "shared/fulfilment/outcome.ts",
    from: "...partOf(rest, next.quantity, missing), id",
    to: "...rest, quantity: missing, id",
    red: parts,
  },
  {
    rule: "the channel gets back what it has paid, and not what others paid",
    file: "shared/orders/shares.ts",
    from: "shareBack(paidByChannel(part.line), part)",
    to: "shareBack(part.line.net, part)",
    red: parts,
  },
];
