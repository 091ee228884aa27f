import type { Rule } from "../rule.ts";

const wechat = (file: string, tests: string) => [`test/unit/payments/wechat/${file}.test.ts`, tests] as const;

/** The rules of WeChat Pay: what is not signed is not believed, and what may have been paid is no refusal. */
export const wechatRules: readonly Rule[] = [
  {
    rule: "a notice counts only if WeChat Pay has signed it",
    file: "shared/payments/wechat/signing.ts",
    from: 'if (!isTheirs) return "forged";',
    to: 'if (!isTheirs && rawBody === "") return "forged";',
    red: wechat("notices", "each by its name"),
  },
  {
    rule: "an answer of WeChat Pay counts only if its signature verifies",
    file: "shared/payments/wechat/exchange.ts",
    from: 'headers, systemClock()) !== "valid")',
    to: 'headers, systemClock()) === "stale")',
    red: wechat("trades", "lost, late, wrong or unsigned is unknown"),
  },
  {
    rule: "a probe is no answer, and is asked again",
    file: "shared/payments/wechat/exchange.ts",
    from: 'if (isProbe(headers)) return "probe";',
    to: 'if (isProbe(headers) && status === 0) return "probe";',
    red: wechat("trades", "a probe is not believed, and the call is made again"),
  },
  {
    rule: "a signature counts by the key that its serial names",
    file: "shared/payments/wechat/signing.ts",
    from: "const key = theirKeys.get(serial);",
    to: "const key = theirKeys.get(serial) ?? [...theirKeys.values()][0];",
    red: wechat("signing", "no other text or time does"),
  },
  {
    rule: "what was asked for counts, and not what the payer had to pay of it",
    file: "shared/payments/wechat/wire.ts",
    from: "amount: z.object({ total: Fen, currency: z.string().exactOptional() }).exactOptional(),",
    to: "amount: z.object({ payer_total: Fen }).transform(({ payer_total: total }) => ({ total, currency: 'CNY' })).exactOptional(),",
    red: wechat("trades", "a discount of WeChat Pay's is theirs"),
  },
  {
    rule: "a trade counts only if it is this merchant's",
    file: "shared/payments/wechat/trades.ts",
    from: "if (out_trade_no !== charge.id || mchid !== mchId)",
    to: "if (out_trade_no !== charge.id)",
    red: wechat("trades", "another trade, merchant or app is not believed"),
  },
  {
    rule: "a trade that WeChat Pay knows is never refused at its start",
    file: "shared/payments/wechat/start.ts",
    from: 'looked.kind === "never_heard" ? "refused" : "unknown"',
    to: 'looked.kind === "paid" ? "unknown" : "refused"',
    red: wechat("trades", "an unequal twin never is a no"),
  },
  {
    rule: "nothing is begun that could be paid for longer than the hold",
    file: "shared/payments/wechat/start.ts",
    from: "const LEAST_SECONDS = 60 + 10;",
    to: "const LEAST_SECONDS = 0;",
    red: wechat("trades", "nothing is begun that would outlive our hold"),
  },
  {
    rule: "a refund counts only if it is of this amount",
    file: "shared/payments/wechat/refunds.ts",
    from: "amount.refund !== wanted.amount || ",
    to: "",
    red: wechat("refunds", "of another amount, is not believed"),
  },
  {
    rule: "too little money at WeChat Pay is no refusal",
    file: "shared/payments/wechat/refunds.ts",
    from: 'new Set(["not_enough", ',
    to: "new Set([",
    red: wechat("refunds", "it is asked for again"),
  },
];
