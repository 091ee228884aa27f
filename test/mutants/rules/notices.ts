import { type Rule, scenes } from "../rule.ts";

const flood = (tests: string) => ["test/chaos/payments/notifications.test.ts", tests] as const;
const waiting = (tests: string) => scenes("payments/waiting-refunds", tests);

/** The rules of notifications from all providers, of refunds that wait, and of their desks of disputes. */
export const notices: readonly Rule[] = [
  {
    rule: "what is posted as a notification and not taken is counted, whoever refuses it",
    file: "functions/payment/notifications/receive-notification.ts",
    from: "function onRefused(): void {\n  if (!areSalesClosed()) count",
    to: 'function onRefused(code?: string): void {\n  if (code === "forged_callback") count',
    red: flood("what is no notification at all"),
  },
  {
    rule: "each notification that does not verify is counted once",
    file: "functions/runtime/http.ts",
    from: "if (PROBLEMS[refusal.code].status < 500) onRefused?.(refusal.code);",
    to: "if (PROBLEMS[refusal.code].status > 401) onRefused?.(refusal.code);",
    red: flood("again, in any order, late and forged"),
  },
  {
    rule: "a payment that was closed and is paid all the same is heard of",
    file: "shared/payments/record.ts",
    from: 'if (isOver(payment) && outcome.kind !== "paid") return payment;',
    to: "if (isOver(payment)) return payment;",
    red: flood("again, in any order, late and forged"),
  },
  {
    rule: "the second payment of an order goes back",
    file: "shared/orders/follow-payment.ts",
    from: 'if (counted !== undefined) return says("second");',
    to: 'if (counted !== undefined) return says("counts");',
    red: flood("again, in any order, late and forged"),
  },
  {
    rule: "what is no answer of Stripe's says nothing",
    file: "shared/payments/stripe/client.ts",
    from: "if (answer.status !== 200 || answer.value == null) throw",
    to: "if (answer.status !== 200) throw",
    red: ["test/unit/payments/stripe/adapter.test.ts", "a page or half an answer is unknown"],
  },
  {
    rule: "who has paid at a provider gets the channel's margin back too",
    file: "shared/orders/payers.ts",
    from: "amount: outside + margin, ",
    to: "amount: outside, ",
    red: ["test/chaos/payments/payment-life.test.ts", "is what the model says"],
  },
  {
    rule: "too little money at a provider is told to a person",
    file: "shared/payments/waiting-refund.ts",
    from: "return outcome.reason === BALANCE_TOO_LOW || isOlderThan(LIMITS.refundNotTakenSeconds);",
    to: "return isOlderThan(LIMITS.refundNotTakenSeconds);",
    red: waiting("wechat has too little of our money"),
  },
  {
    rule: "a complaint that was completed before is completed",
    file: "shared/payments/wechat/complaints.ts",
    from: 'if (asked.kind === "dispute" && asked.news.state === "completed") return { kind: "taken" };',
    to: 'if (asked.kind === "dispute" && asked.news.state === "complained") return { kind: "taken" };',
    red: ["test/unit/payments/wechat/trades.test.ts", "saying so again says the same"],
  },
  {
    rule: "a dispute that was accepted before is accepted",
    file: "shared/payments/stripe/disputes.ts",
    from: 'status === "lost";',
    to: 'status === "won";',
    red: ["test/unit/payments/stripe/conformance.test.ts", "saying so again says the same"],
  },
];
