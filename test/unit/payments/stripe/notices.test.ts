import { createHmac } from "node:crypto";
import { Stripe } from "stripe";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../../shared/kernel/secret.ts";
import { checkStripeSignature } from "../../../../shared/payments/stripe/signature.ts";
import { newEvent, signEvent } from "../../../support/payments/stripe/stripe-events.ts";
import { begun, methodFor, refundOf, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";

const NOW = new Date();
const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);

describe("a signature", () => {
  // The vector of Stripe's own SDK: its test helper signs this event at this time.
  const body = JSON.stringify({ id: "evt_test_webhook", object: "event" }, undefined, 2);
  const v1 = "6340073448544f68e8673f5d451fd66d10b9facf9c1c36f23c174994d49f2091";
  const at = new Date(1_495_999_758_000);
  const secret = new Secret("whsec_test_secret");
  const check = (header: string | undefined, text = body, now = at, secrets = [secret]) =>
    checkStripeSignature(secrets, text, header, now);

  test("of the published vector is taken, and the SDK takes it too", () => {
    expect(check(`t=1495999758,v1=${v1}`)).toBe("ok");
    const event = Stripe.webhooks.constructEvent(
      body,
      `t=1495999758,v1=${v1}`,
      secret.reveal(),
      300,
      undefined,
      at.getTime(),
    );
    expect(event.id).toBe("evt_test_webhook");
  });

  test.each([
    ["a space more", `${body} `, `t=1495999758,v1=${v1}`],
    ["another time", body, `t=1495999759,v1=${v1}`],
    ["one digit of the signature", body, `t=1495999758,v1=7${v1.slice(1)}`],
    ["half of the signature", body, `t=1495999758,v1=${v1.slice(0, 32)}`],
    ["the scheme of test events", body, `t=1495999758,v0=${v1},v1=00`],
  ])("is forged if there is %s", (_what, text, header) => {
    expect(check(header, text)).toBe("forged");
  });

  test.each([
    ["no header", undefined],
    ["no time", `v1=${v1}`],
    ["no signature", "t=1495999758"],
    ["two times", `t=1495999758,t=1495999759,v1=${v1}`],
    ["a time with rubbish behind it", `t=1495999758x,v1=${v1}`],
    ["more signatures than any rotation makes", `t=1495999758${`,v1=${v1}`.repeat(9)}`],
    ["a header without end", `t=1495999758,v1=${v1},${"x".repeat(3000)}`],
  ])("is malformed with %s", (_what, header) => {
    expect(check(header)).toBe("malformed");
  });

  test("is stale after five minutes, and as long before its time", () => {
    const shifted = (by: number) => check(`t=1495999758,v1=${v1}`, body, new Date(at.getTime() + by * 1000));
    expect([300, -300].map(shifted)).toEqual(["ok", "ok"]);
    expect([301, -301].map(shifted)).toEqual(["stale", "stale"]);
  });

  test("by either of two secrets is taken, whichever of several signatures it is", () => {
    const other = new Secret("whsec_other_secret");
    const mac = createHmac("sha256", other.reveal()).update(`1495999758.${body}`).digest("hex");
    expect(check(`t=1495999758,v1=00,v1=${v1}`)).toBe("ok");
    expect(check(`t=1495999758,v1=${mac}`)).toBe("forged");
    expect(check(`t=1495999758,v1=${mac}`, body, at, [secret, other])).toBe("ok");
  });
});

describe("a notice", async () => {
  const shop = await withStripe();
  const { simulator, stripe } = shop;
  const charge = await begun(shop);
  const refund = refundOf(charge, 500);
  await stripe.refund(charge, refund);
  const dispute = simulator.dispute(charge.id);
  const verify = ({ body, headers }: { body: string; headers: Record<string, string> }, method = stripe) =>
    method.verify(body, headers, NOW);
  const ofPayment = { ok: true, notice: { eventId: expect.stringMatching(/^evt_/) as string, paymentId: charge.id } };
  const unrelated = { ok: true, notice: { eventId: expect.stringMatching(/^evt_/) as string } };

  test.each([
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
  ])("%s is about our payment", (type) => {
    expect(verify(simulator.notification(charge.id, type))).toEqual(ofPayment);
  });

  test.each(["refund.created", "refund.updated", "refund.failed"])("%s names our refund too", (type) => {
    const { notice } = verify(simulator.notification(charge.id, type)) as { notice: object };
    expect(notice).toEqual({ ...ofPayment.notice, refundId: refund.id });
  });

  test.each(["created", "updated", "closed", "funds_withdrawn", "funds_reinstated"])(
    "charge.dispute.%s is about the dispute",
    (type) => {
      const { notice } = verify(simulator.notification(charge.id, `charge.dispute.${type}`)) as { notice: object };
      expect(notice).toEqual({ ...unrelated.notice, disputeId: dispute.id });
    },
  );

  test("of another kind, another account or the other mode is about nothing of ours", () => {
    expect(verify(simulator.notification(charge.id, "charge.succeeded"))).toEqual(unrelated);
    expect(verify(simulator.notification(charge.id, undefined, { account: "acct_other" }))).toEqual(unrelated);
    expect(verify(simulator.notification(charge.id, undefined, { livemode: true }))).toEqual(unrelated);
    const live = methodFor(simulator, { apiKey: "sk_live_1" });
    expect(verify(simulator.notification(charge.id), live)).toEqual(unrelated);
    expect(verify(simulator.notification(charge.id, undefined, { livemode: true }), live)).toEqual(ofPayment);
  });

  test("about another shop's session, or with a name that is none of ours, is about nothing of ours", () => {
    const session = { id: "cs_test_1", client_reference_id: "order-17", metadata: { payment: "pay_'); DROP" } };
    const body = JSON.stringify(newEvent("checkout.session.completed", session));
    expect(verify(signEvent(body, [simulator.credentials.webhookSecret]))).toEqual(unrelated);
  });

  test("that is no event is malformed, although it is signed", () => {
    expect(verify(signEvent("[]", [simulator.credentials.webhookSecret]))).toEqual({ ok: false, reason: "malformed" });
    expect(verify(signEvent("no json", [simulator.credentials.webhookSecret]))).toMatchObject({ ok: false });
  });

  test("by the secret of the endpoint before is taken while it is set", () => {
    const told = signEvent(simulator.notification(charge.id).body, ["whsec_the_one_before"]);
    expect(verify(told)).toEqual({ ok: false, reason: "forged" });
    expect(verify(told, methodFor(simulator, { previousWebhookSecret: "whsec_the_one_before" }))).toEqual(ofPayment);
  });

  test("of the simulator is taken by Stripe's SDK, and refused when it is changed", () => {
    const { body, headers } = simulator.notification(charge.id);
    const construct = (text: string) =>
      Stripe.webhooks.constructEvent(text, headers["stripe-signature"] ?? "", simulator.credentials.webhookSecret);
    expect(construct(body)).toMatchObject({ type: "checkout.session.completed", livemode: false });
    expect(() => construct(`${body} `)).toThrow("No signatures found");
    expect(Number(/t=(\d+)/.exec(headers["stripe-signature"] ?? "")?.[1])).toBeLessThanOrEqual(seconds(new Date()));
  });
});
