import * as z from "zod";

/** A key of the account: a secret one, or a restricted one that may write Checkout Sessions, refunds and disputes. */
const ApiKey = z
  .string()
  .regex(/^(?:sk|rk)_(?:test|live)_\w{1,247}$/, "must be sk_live_…, rk_live_…, sk_test_… or rk_test_…");
const EndpointSecret = z.string().regex(/^whsec_[\x21-\x7e]{8,250}$/, "must be whsec_…");

/** `previousWebhookSecret`: of an endpoint that the present one replaces. Its notices are taken too. */
export const Credentials = z.strictObject({
  apiKey: ApiKey,
  webhookSecret: EndpointSecret,
  previousWebhookSecret: EndpointSecret.exactOptional(),
});
export type Credentials = z.infer<typeof Credentials>;

/** Tells whether a key moves money. Stripe's test mode takes test cards that anybody knows. */
export const isLive = (apiKey: string): boolean => /^(?:sk|rk)_live_/.test(apiKey);
