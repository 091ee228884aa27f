import { type Rule, scenes } from "../rule.ts";

const paymentScene = (tests: string) => scenes("payments/payments", tests);

/** The rules of payments at providers: what was paid counts once, or goes back once. */
export const payments: readonly Rule[] = [
  {
    rule: "a payment for an order that has its money goes back",
    file: "shared/orders/follow-payment.ts",
    from: 'if (counted !== undefined) return "second";',
    to: 'if (counted !== undefined) return "counts";',
    red: paymentScene("the second goes back once"),
  },
  {
    rule: "a payment of another amount or currency than was asked for never counts",
    file: "shared/orders/follow-payment.ts",
    from: "if (wrong !== undefined) return sendBack(deps, payment, wrong);",
    to: "if (wrong === undefined && payment.received === undefined) return;",
    red: paymentScene("never counts, and goes back"),
  },
  {
    rule: "an expired order that somebody has paid for is sold all the same",
    file: "shared/orders/follow-payment.ts",
    from: '(order.state === "expired" && reservedIn(order.lines).length === 0)',
    to: "false",
    red: paymentScene("when its order has expired"),
  },
  {
    rule: "what was paid at a provider is not refused but given back",
    file: "shared/orders/advance.ts",
    from: 'countedPayment(current) === undefined ? "refusing" : "refunding"',
    to: '"refusing"',
    red: paymentScene("when its order has expired"),
  },
  {
    rule: "a payment that nothing waits for is closed at its provider",
    file: "shared/orders/follow-payment.ts",
    from: "const closed = isToClose ? await method.close(payment) : undefined;",
    to: "const closed = isToClose && payment.id === '' ? await method.close(payment) : undefined;",
    red: paymentScene("payment is closed"),
  },
  {
    rule: "a sale that its buyer has paid is booked in the write that makes it",
    file: "shared/orders/advance.ts",
    from: "const alongside = isAllOutside ?",
    to: "const alongside = isAllOutside && paid !== undefined ?",
    red: ["test/chaos/payments/crash-sweep-payments.test.ts", "the next look delivers it, once"],
  },
  {
    rule: "what goes back is split by who paid",
    file: "shared/orders/payers.ts",
    from: "channel: amount - outside,",
    to: "channel: amount,",
    red: paymentScene("each gets its share back"),
  },
  {
    rule: "a notification moves nothing that its provider does not say itself",
    file: "shared/orders/follow-payment.ts",
    from: 'let isAsked = why === "due";',
    to: "let isAsked = true;",
    red: paymentScene("is sold when the provider says that it was paid"),
  },
];
