import { type Rule, scenes } from "../rule.ts";

const seen = (tests: string) => ["test/unit/catalog/seen.test.ts", tests] as const;
const tiers = (tests: string) => scenes("catalog/tier-prices", tests);

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
  {
    rule: "no tier pays less than the floor",
    file: "shared/catalog/seen.ts",
    from: "Math.max(window.amount, product.floor?.amount ?? 0)",
    to: "window.amount",
    red: seen("is never less than the floor"),
  },
  {
    rule: "a price counts no more at its last moment",
    file: "shared/catalog/windows.ts",
    from: "at < endOf(window)",
    to: "at <= endOf(window)",
    red: seen("counts from its first moment on, and not at its last"),
  },
  {
    rule: "a buyer at checkout never pays less than the channel",
    file: "shared/catalog/seen.ts",
    from: "Math.max(retailPriceOf(product).amount, amount)",
    to: "retailPriceOf(product).amount",
    red: seen("leaves what buyers pay at checkout as it is"),
  },
  {
    rule: "what a channel may not see is unknown to it",
    file: "shared/catalog/seen.ts",
    from: "visibleTo === undefined || visibleTo.some(",
    to: "visibleTo !== null || [].some(",
    red: tiers("what a channel may not see is unknown to it"),
  },
  {
    rule: "that a product is sold out is told to those alone who may see it",
    file: "shared/orders/place.ts",
    from: "isSeenBy(product, viewer) && ",
    to: "",
    red: tiers("what a channel may not see is unknown to it"),
  },
  {
    rule: "a price is written over the one that it was planned for",
    file: "shared/catalog/tier-prices.ts",
    from: '"version = :before"',
    to: '"version = :before OR attribute_exists(pk)"',
    red: tiers("of two changes of one price at once one is refused"),
  },
  {
    rule: "a price in time is charged at the time of the order",
    file: "shared/orders/place.ts",
    from: "findSeen(deps, viewer, productIds, deps.clock())",
    to: "findSeen(deps, viewer, productIds, new Date(0))",
    red: tiers("a price that ends between the quote and the order"),
  },
];
