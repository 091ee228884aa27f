import type { Rule } from "../rule.ts";

const stripe = (file: string, from: string, to: string, test: string, title: string) => ({
  file: `shared/payments/stripe/${file}.ts`,
  from,
  to,
  red: [`test/unit/payments/stripe/${test}.test.ts`, title] as const,
});

/** The rules of paying at Stripe: nothing is believed that Stripe has not signed, and no amount is another one. */
export const atStripe: readonly Rule[] = [
  {
    rule: "a notice at Stripe is signed by a secret of ours",
    ...stripe(
      "signature",
      "if (!isSigned) return",
      "if (!isSigned && secrets.length === 0) return",
      "notices",
      "is forged if",
    ),
  },
  {
    rule: "a notice of Stripe's is believed for five minutes",
    ...stripe(
      "signature",
      "Math.abs(now.getTime() / 1000 - Number(time))",
      "(now.getTime() / 1000 - Number(time))",
      "notices",
      "is stale",
    ),
  },
  {
    rule: "test mode and other accounts at Stripe say nothing of our payments",
    ...stripe(
      "notice",
      "livemode !== isLive || account != null",
      "account != null && livemode !== isLive",
      "notices",
      "another account",
    ),
  },
  {
    rule: "Stripe counts krónur in hundredths",
    ...stripe("currency", '"ISK UGX"', '"UGX"', "currency", "5 krónur"),
  },
  {
    rule: "Stripe counts yen as they are",
    ...stripe("currency", "KMF KRW MGA", "KMF KRW", "currency", "5.00 ariary"),
  },
  {
    rule: "Stripe charges dinars in tens of their thousandths",
    ...stripe("currency", "step: 10 }", "step: 1 }", "currency", "the last digit must be 0"),
  },
  {
    rule: "less than Stripe's smallest charge is refused before anything is sent",
    ...stripe(
      "currency",
      "theirs.amount < (SMALLEST",
      "theirs.amount < 0 * (SMALLEST",
      "start",
      "before anything is sent",
    ),
  },
  {
    rule: "a start at Stripe that is made again has the same idempotency key",
    ...stripe(
      "start",
      '"idempotency-key": charge.id,',
      '"idempotency-key": crypto.randomUUID(),',
      "start",
      "finds the same session",
    ),
  },
  {
    rule: "a start at Stripe that is made again asks for the same",
    ...stripe(
      "start",
      "const created = Math.floor(Date.parse(createdAt) / 1000);",
      "const created = Math.floor(Date.now() / 1000 + Math.random() * 99);",
      "start",
      "asks for the same",
    ),
  },
  {
    rule: "a 500 of Stripe's is no refusal",
    ...stripe(
      "failures",
      'if (status >= 500) return { kind: "unknown"',
      'if (status >= 500) return { kind: "refused"',
      "start",
      "a 500 says nothing",
    ),
  },
  {
    rule: "another request under the same key at Stripe is no refusal",
    ...stripe("failures", 'if (type === "idempotency_error")', 'if (type === "other")', "start", "is no refusal"),
  },
  {
    rule: "Stripe is asked for a refund by our name before it makes one",
    ...stripe(
      "refunds",
      "if (known.value !== undefined) return outcomeOf(known.value);",
      "",
      "adapter",
      "keys are forgotten",
    ),
  },
  {
    rule: "a refund at Stripe has its name as its idempotency key",
    ...stripe("refunds", "{ idempotencyKey: wanted.id }", "{}", "adapter", "two ask at once"),
  },
  {
    rule: "what goes back at Stripe is in the currency in which it was paid",
    ...stripe(
      "refunds",
      "currency: paid.currency }",
      "currency: charge.amount.currency }",
      "adapter",
      "what was paid in another unit",
    ),
  },
  {
    rule: "a Stripe session of another payment says nothing of this one",
    ...stripe(
      "find-session",
      "found.value.client_reference_id === id ?",
      "found.value.id !== id ?",
      "adapter",
      "another account's key",
    ),
  },
  {
    rule: "a debit at Stripe that is on its way can't be taken for over",
    ...stripe(
      "adapter",
      '{ kind: "pending" } : { kind: "closed" };',
      '{ kind: "closed" } : { kind: "closed" };',
      "adapter",
      "takes days",
    ),
  },
  {
    rule: "production refuses keys of Stripe's test mode",
    file: "shared/payments/starters.ts",
    from: "given.success && protocol.isTest?.(given.data) === true",
    to: "given.success && protocol.isTest?.(given.data) === undefined",
    red: ["test/unit/payments/stripe/keys.test.ts", "anybody could pay with a test card"],
  },
  {
    rule: "a refund that a bank sends back after Stripe had made it is owed again",
    file: "shared/orders/follow-payment.ts",
    from: 'if (why === "news" && payment !== undefined',
    to: 'if (why === "news" && id === "" && payment !== undefined',
    red: ["test/second-engine/payments/stripe.test.ts", "is booked back, and waits for a person"],
  },
  {
    rule: "evidence is sent to Stripe once",
    ...stripe(
      "disputes",
      'if (isAnswered(before.value)) return { kind: "taken" };',
      "",
      "disputes",
      "evidence is sent once",
    ),
  },
];
