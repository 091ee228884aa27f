import { type Rule, scenes } from "../rule.ts";

const priceScene = (tests: string) => scenes("payments/prices-and-fees", tests);
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
    from: "const alongside = isWithoutBalance ?",
    to: "const alongside = isWithoutBalance && paid !== undefined ?",
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
    rule: "what a channel earns comes to its balance in the write that sells",
    file: "shared/orders/advance.ts",
    from: "const margin = { amount: outside?.margin ?? 0, currency };",
    to: "const margin = { amount: 0 * (outside?.margin ?? 0), currency };",
    red: priceScene("once, also if it had no account"),
  },
  {
    rule: "what a channel earns beside a part of its own comes to its balance when that part is booked",
    file: "shared/ledger/settle.ts",
    from: '":back": voided + earned,',
    to: '":back": voided,',
    red: priceScene("when its pending is booked"),
  },
  {
    rule: "what goes back takes the channel's margin with it",
    file: "shared/ledger/accounts.ts",
    from: "const gained = channel - (outside?.margin ?? 0);",
    to: "const gained = channel;",
    red: priceScene("whatever the channel has done with it"),
  },
  {
    rule: "the margin goes back that was earned with what goes back",
    file: "shared/orders/round.ts",
    from: "margin: marginBack(parts)",
    to: "margin: marginBack(lines.map((line) => ({ line, pieces: line.quantity })))",
    red: priceScene("at their retail price"),
  },
  {
    rule: "a price of nothing needs no account",
    file: "shared/orders/advance.ts",
    from: "const isWithoutBalance = balanceShare(order) === 0;",
    to: "const isWithoutBalance = outside !== undefined && balanceShare(order) === 0;",
    red: priceScene("an order of nothing"),
  },
  {
    rule: "a fee is that of the moment when its payment was written down",
    file: "shared/payments/record.ts",
    from: "feeOn(received, fee)",
    to: "feeOn(received, { ppm: 500_000 })",
    red: priceScene("a fee is booked with its payment"),
  },
  {
    rule: "a fee is in no other currency than its payment",
    file: "shared/payments/record.ts",
    from: "fee === undefined || currency !== payment.amount.currency ? 0",
    to: "fee === undefined ? 0",
    red: priceScene("no fee is guessed"),
  },
  {
    rule: "a deposit is reversed once, and only as it was proposed",
    file: "shared/ledger/deposits.ts",
    from: '"attribute_not_exists(reversedAt) AND proposal.#at = :at"',
    to: '"attribute_not_exists(reversedAt) OR proposal.#at = :at"',
    red: scenes("payments/deposits", "what was proposed anew meanwhile is not carried out"),
  },
  {
    rule: "nobody reverses a deposit alone",
    file: "shared/review/reverse-deposit.ts",
    from: 'if (second.value === "confirm")',
    to: "if (second.value !== undefined)",
    red: scenes("payments/deposits", "a wrong deposit is reversed"),
  },
  {
    rule: "a notification moves nothing that its provider does not say itself",
    file: "shared/orders/follow-payment.ts",
    from: 'let isAsked = why === "due";',
    to: "let isAsked = true;",
    red: paymentScene("is sold when the provider says that it was paid"),
  },
];
