import { type Rule, scenes } from "../rule.ts";

const refundScene = (tests: string) => scenes("review/refunds", tests);
const providerScene = (tests: string) => scenes("payments/refunds", tests);
const inParts = (tests: string) => ["test/unit/orders/refund-parts.test.ts", tests] as const;

/** The rules of refunds: what was delivered goes back once, to the last unit, and never twice to stock. */
export const refunds: readonly Rule[] = [
  {
    rule: "one cause is one refund",
    file: "shared/review/refund-order.ts",
    from: "const made = order.refunds?.[cause];",
    to: "const made = order.refunds?.[`${cause} once`];",
    red: refundScene("one key is one refund"),
  },
  {
    rule: "what somebody has seen is void when it goes back",
    file: "shared/orders/begin-refund.ts",
    from: "const seen = revealed === undefined ? {} : { isSeen: true as const };",
    to: "const seen = revealed === null ? { isSeen: true as const } : {};",
    red: refundScene("what was seen is void"),
  },
  {
    rule: "what was seen and goes back has cost us what it has",
    file: "shared/orders/begin-refund.ts",
    from: "...(isSeen ? {} : await costOfCodes(deps, going))",
    to: "...(await costOfCodes(deps, going))",
    red: refundScene("stays ours with those that were seen"),
  },
  {
    rule: "the share of a piece is cumulative: it counts from those that went back before it",
    file: "shared/orders/shares.ts",
    from: "{ before: back?.pieces ?? 0, more: pieces, of: quantity }",
    to: "{ before: 0 * (back?.pieces ?? 0), more: pieces, of: quantity }",
    red: inParts("sum to what each has paid"),
  },
  {
    rule: "nobody looks at pieces that are on their way back",
    file: "shared/orders/goods.ts",
    from: "staying(lines).filter(",
    to: "lines.filter(",
    red: refundScene("from the ends of its runs"),
  },
  {
    rule: "an order that was delivered before its refund is not told as delivered again",
    file: "shared/orders/events.ts",
    from: 'state === "refunding" && reopened === true;',
    to: 'state === "refunding" && reopened === null;',
    red: inParts("is not told as delivered again"),
  },
  {
    rule: "what a provider can't give back puts its order before a person",
    file: "shared/orders/follow-refund.ts",
    from: 'if (outcome.kind === "refused") await noteRefused(',
    to: 'if (outcome.kind === "refused" && insteadOf === "") await noteRefused(',
    red: providerScene("puts the order before a person"),
  },
  {
    rule: "before a refund is tried again its provider is asked about the first one",
    file: "shared/orders/follow-refund.ts",
    from: 'if (step === "refund" && insteadOf !== undefined &&',
    to: 'if (step === "refund" && insteadOf === "" &&',
    red: providerScene("is not made a second time"),
  },
  {
    rule: "what had gone back and came to nothing is owed again",
    file: "shared/payments/ended-refund.ts",
    from: 'return put(deps, payment, to, "refused", now, [entry]);',
    to: 'return put(deps, payment, to, "refused", now, [entry].slice(1));',
    red: providerScene("comes to nothing later"),
  },
  {
    rule: "what is void in stock is an expense",
    file: "shared/inventory/closing.ts",
    from: "codes === 0 ? [] : [voidEntry(",
    to: "codes >= 0 ? [] : [voidEntry(",
    red: scenes("inventory/void-cost", "is an expense when that is voided"),
  },
  {
    rule: "what a person has paid in another way leaves our cash",
    file: "shared/payments/ended-refund.ts",
    from: '"paid_elsewhere", at, [entry]);',
    to: '"paid_elsewhere", at, [entry].slice(1));',
    red: providerScene("paid in another way"),
  },
];
