import type { Rule } from "../rule.ts";

const unit = (file: string, tests: string) => [`test/unit/payments/alipay/${file}.test.ts`, tests] as const;

/** The rules of payments at Alipay: only what it has signed counts, to the fen, and a refund is never taken for a sale. */
export const alipay: readonly Rule[] = [
  {
    rule: "a notice counts only with Alipay's signature",
    file: "shared/payments/alipay/notice.ts",
    from: "if (!isSigned || !isForUs)",
    to: "if (!isForUs)",
    red: unit("notice", "is forged when its total_amount is another"),
  },
  {
    rule: "a notice to another application or seller is not for us",
    file: "shared/payments/alipay/notice.ts",
    from: "if (!isSigned || !isForUs)",
    to: "if (!isSigned)",
    red: unit("notice", "is not believed days later, nor by another application"),
  },
  {
    rule: "every field of a notice is signed, known or not",
    file: "shared/payments/alipay/notice.ts",
    from: 'new Set(["sign", "sign_type"])',
    to: 'new Set(["sign", "sign_type", "extra"])',
    red: unit("notice", "is forged with a field more"),
  },
  {
    rule: "an answer with a wrong signature says nothing",
    file: "shared/payments/alipay/answer.ts",
    from: 'if (sign !== "" && verified === undefined) return "forged";',
    to: "",
    red: unit("adapter", "is unknown whenever Alipay has not signed a clear answer"),
  },
  {
    rule: "an answer without a signature says nothing but that nothing was done",
    file: "shared/payments/alipay/gateway.ts",
    from: 'if (!isSigned) return { kind: "unknown", reason: "unsigned_answer" };',
    to: "",
    red: unit("adapter", "is unknown whenever Alipay has not signed a clear answer"),
  },
  {
    rule: "a system error may have worked",
    file: "shared/payments/alipay/gateway.ts",
    from: "/SYSTEM_?ERROR|unknow-error|TIME_?OUT|UNKNOWN/i.test(sub_code)",
    to: "false",
    red: unit("adapter", "whose answer is lost is unknown, and a repeat brings it"),
  },
  {
    rule: "what was paid is what the buyer was charged",
    file: "shared/payments/alipay/adapter.ts",
    from: "const amount = fenOf(total_amount);",
    to: "const amount = charge.amount.amount;",
    red: unit("adapter", "also if it is another one"),
  },
  {
    rule: "amounts are whole fen",
    file: "shared/payments/alipay/notation.ts",
    from: 'Number(whole + fraction.padEnd(2, "0"))',
    to: "Number(`${whole}.${fraction}`) * 100",
    red: unit("notation", "every amount that Alipay takes comes back as it was"),
  },
  {
    rule: "a trade that was given back is not one that nobody paid",
    file: "shared/payments/alipay/adapter.ts",
    from: "wasPaid(trade.data) ?",
    to: 'trade.data.out_trade_no === "" ?',
    red: unit("adapter", "not that nobody paid"),
  },
  {
    rule: "what nobody has begun is not closed",
    file: "shared/payments/alipay/adapter.ts",
    from: 'return isOneOf(said.code, NOT_THERE) ? { kind: "never_heard" } : unknown("not_closed");',
    to: 'return isOneOf(said.code, NOT_THERE) ? { kind: "closed" } : unknown("not_closed");',
    red: unit("adapter", "a code may still be scanned until its time is over"),
  },
  {
    rule: "a refund is done when Alipay says that this call or an earlier one moved the money",
    file: "shared/payments/alipay/refunds.ts",
    from: 'return fund_change === "Y" ?',
    to: 'return fund_change !== "" ?',
    red: unit("refunds", "that Alipay has taken and not given yet"),
  },
  {
    rule: "a refusal is none while nobody can say whether the refund was done before",
    file: "shared/payments/alipay/refunds.ts",
    from: 'before.kind === "refunded" || before.kind === "unknown"',
    to: 'before.kind === "refunded"',
    red: unit("refunds", "that was done before is no refusal"),
  },
  {
    rule: "a payment ends with our hold",
    file: "shared/payments/alipay/start.ts",
    from: "time_expire: alipayTime(new Date(expiresAt))",
    to: "timeout_express: `${expiresAt.length}m`",
    red: unit("adapter", "is told its end"),
  },
];
