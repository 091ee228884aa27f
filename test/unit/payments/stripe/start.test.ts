import { Stripe } from "stripe";
import { expect, test } from "vitest";
import { paramsOf, spec, wrongIn } from "../../../support/payments/stripe/spec.ts";
import { begun, chargeFor, methodFor, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";
import { RETRY_AFTER_SECONDS } from "../../../support/payments/stripe/stripe-simulator.ts";

const shop = await withStripe();
const { simulator, stripe } = shop;
const START = "post /v1/checkout/sessions";
const later = (ms: number): string => new Date(Date.now() + ms).toISOString();
const MINUTE = 60_000;

test("a start asks for one session, by parameters that Stripe's document knows, and says where the buyer pays", async () => {
  const charge = chargeFor(1500, "USD");
  const started = await stripe.start(charge);
  const session = simulator.session(charge.id);
  const url = `${simulator.url}/c/pay/${session.id}`;
  expect(started).toEqual({ kind: "pending", providerPaymentId: session.id, checkout: { url } });
  const [asked] = simulator.calls(START).slice(-1);
  const params = paramsOf(new URLSearchParams(asked?.body));
  expect(wrongIn(START, params)).toBeUndefined();
  expect(asked?.key).toBe(charge.id);
  expect(params).toEqual({
    mode: "payment",
    client_reference_id: charge.id,
    metadata: { payment: charge.id },
    payment_intent_data: { metadata: { payment: charge.id } },
    line_items: {
      0: {
        quantity: "1",
        price_data: { currency: "usd", unit_amount: "1500", product_data: { name: "Video, one month" } },
      },
    },
    success_url: charge.returnUrl,
    cancel_url: charge.returnUrl,
    expires_at: String(session.expiresAt),
    adaptive_pricing: { enabled: "false" },
  });
  expect(spec.version).toBe("2026-08-26.dahlia");
});

test("Stripe's own SDK would ask for the same, and reads the simulator's answers", async () => {
  const charge = await begun(shop, chargeFor(1500), false);
  const asked = (): unknown => paramsOf(new URLSearchParams(simulator.calls(START).at(-1)?.body));
  const ours = asked();
  const { hostname: host, port } = new URL(simulator.url);
  const sdk = new Stripe(simulator.credentials.apiKey, { host, port, protocol: "http", telemetry: false });
  const { returnUrl = "" } = charge;
  const made = await sdk.checkout.sessions.create({
    mode: "payment",
    client_reference_id: charge.id,
    metadata: { payment: charge.id },
    payment_intent_data: { metadata: { payment: charge.id } },
    line_items: [
      { quantity: 1, price_data: { currency: "cny", unit_amount: 1500, product_data: { name: "Video, one month" } } },
    ],
    success_url: returnUrl,
    cancel_url: returnUrl,
    expires_at: simulator.session(charge.id).expiresAt,
    adaptive_pricing: { enabled: false },
  });
  expect(asked()).toEqual(ours);
  expect(made).toMatchObject({ object: "checkout.session", status: "open", amount_total: 1500 });
  const listed = await sdk.checkout.sessions.list({ limit: 1 }).autoPagingToArray({ limit: 3 });
  expect(listed).toHaveLength(3);
  await expect(sdk.checkout.sessions.retrieve("cs_unheard")).rejects.toMatchObject({ code: "resource_missing" });
});

test("a parameter that Stripe's document does not have, or of another type, is found", () => {
  const form = (text: string) => paramsOf(new URLSearchParams(text));
  expect(wrongIn(START, form("mode=payment&colour=red"))).toBe("colour");
  expect(wrongIn(START, form("line_items[0][price_data][unit_amount]=1.5"))).toBe(
    "line_items[0][price_data][unit_amount]",
  );
  expect(wrongIn(START, form("mode=gift"))).toBe("mode");
  expect(wrongIn(START, form("adaptive_pricing=no"))).toBe("adaptive_pricing");
  expect(wrongIn("post /v1/unheard", {})).toBe("post /v1/unheard");
});

test("a session ends with our hold, or as soon after it as Stripe allows, and never later than Stripe allows", async () => {
  const endsAfter = async (holdMinutes: number): Promise<number> => {
    const charge = chargeFor(1500, "CNY", { expiresAt: later(holdMinutes * MINUTE) });
    await stripe.start(charge);
    return Math.round((simulator.session(charge.id).expiresAt - Date.now() / 1000) / 60);
  };
  expect(await endsAfter(2)).toBe(40);
  expect(await endsAfter(120)).toBe(120);
  expect(await endsAfter(3 * 24 * 60)).toBe(24 * 60 - 10);
});

test("begun again minutes later it is the same session, and asks for the same", async () => {
  const charge = chargeFor(1500, "CNY", { createdAt: later(-9 * MINUTE) });
  const [first, second] = [await stripe.start(charge), await stripe.start(charge)];
  expect(second).toEqual(first);
  expect(simulator.sessionsOf(charge.id)).toHaveLength(1);
  // A first try that Stripe never saw can be made up for as long; after that it is refused, and nothing was begun.
  expect((await stripe.start(chargeFor(1500, "CNY", { createdAt: later(-9.5 * MINUTE) }))).kind).toBe("pending");
  const late = chargeFor(1500, "CNY", { createdAt: later(-11 * MINUTE) });
  expect(await stripe.start(late)).toEqual({ kind: "refused", reason: "invalid_expires_at" });
  expect(simulator.sessionsOf(late.id)).toHaveLength(0);
});

test("what Stripe would not take is refused before anything is sent", async () => {
  const before = simulator.calls().length;
  const refused = async (...charge: Parameters<typeof chargeFor>) => stripe.start(chargeFor(...charge));
  expect(await refused(49, "USD")).toEqual({ kind: "refused", reason: "amount_too_small" });
  expect(await refused(5124, "KWD")).toEqual({ kind: "refused", reason: "amount_not_chargeable" });
  expect(await refused(1000, "LYD")).toEqual({ kind: "refused", reason: "currency_not_supported" });
  const { returnUrl: _none, ...homeless } = chargeFor(1500);
  expect(await stripe.start(homeless)).toEqual({ kind: "refused", reason: "return_url_missing" });
  expect(simulator.calls()).toHaveLength(before);
});

test.each([
  ["yen", 500, "JPY", "500"],
  ["krónur", 500, "ISK", "50000"],
  ["dinars", 5120, "KWD", "5120"],
])("%s are sent in Stripe's own unit", async (_what, amount, currency, sent) => {
  const charge = chargeFor(amount, currency);
  expect((await stripe.start(charge)).kind).toBe("pending");
  expect(simulator.calls(START).at(-1)?.body).toContain(`unit_amount%5D=${sent}&`);
});

test("an answer that was lost is no no: the same start again finds the same session", async () => {
  const charge = chargeFor(1500);
  simulator.misbehave(START, "lost");
  expect(await stripe.start(charge)).toEqual({ kind: "unknown", reason: "connection_lost" });
  expect((await stripe.start(charge)).kind).toBe("pending");
  expect(simulator.sessionsOf(charge.id)).toHaveLength(1);
});

test("a 500 says nothing, although Stripe says it again under the same key for a day", async () => {
  const charge = chargeFor(1500);
  simulator.misbehave(START, "error_after");
  for (let again = 0; again < 3; again++)
    expect(await stripe.start(charge)).toEqual({ kind: "unknown", reason: "http_500" });
  expect(simulator.sessionsOf(charge.id)).toHaveLength(1);
  expect((await stripe.query(charge)).kind).toBe("pending");
});

test("each way in which nothing was done, or nobody knows, is told apart", async () => {
  const after = async (fault: Parameters<typeof simulator.misbehave>[1]) => {
    simulator.misbehave(START, fault);
    return stripe.start(chargeFor(1500));
  };
  expect(await after("throttled")).toEqual({
    kind: "not_sent",
    reason: "throttled",
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
  expect(await after("down")).toEqual({ kind: "unknown", reason: "http_503" });
  expect(await after("busy")).toEqual({ kind: "unknown", reason: "in_progress" });
  expect(await after("page")).toEqual({ kind: "unknown", reason: "http_502" });
  simulator.misbehave(START, "slow");
  const hasty = methodFor(simulator, { timeoutMs: 300 });
  expect(await hasty.start(chargeFor(1500))).toEqual({ kind: "unknown", reason: "timed_out" });
  const stranger = methodFor(simulator, { apiKey: "sk_test_other" });
  expect(await stranger.start(chargeFor(1500))).toEqual({ kind: "not_sent", reason: "unauthorised" });
  const nowhere = methodFor({ ...simulator, url: "http://127.0.0.1:1023" });
  expect(await nowhere.start(chargeFor(1500))).toEqual({ kind: "not_sent", reason: "unreachable" });
});

test("another amount under the same name is no refusal: the first one may have been begun", async () => {
  const charge = await begun(shop, chargeFor(1500), false);
  const other = { ...charge, amount: { amount: 1600, currency: "CNY" } };
  expect(await stripe.start(other)).toEqual({ kind: "unknown", reason: "other_parameters" });
});
