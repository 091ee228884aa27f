import { randomBytes } from "node:crypto";
import { signEvent } from "../stripe/stripe-events.ts";
import { startStripeSimulator } from "../stripe/stripe-simulator.ts";
import { type Cashier, type Delivery, type Forgery, truncated } from "./cashier.ts";

const HOUR_MS = 3_600_000;
const OLDER = ["checkout.session.expired", "checkout.session.async_payment_failed"];
const OF_PAID = ["refund.updated", "charge.refunded"];

/** Stripe: a signature by the endpoint's secret. */
export async function stripeCashier() {
  const simulator = await startStripeSimulator();
  const { credentials, url } = simulator;
  const by = [credentials.webhookSecret];
  const eventIn = ({ body }: Delivery): string => (JSON.parse(body) as { id: string }).id;
  const knows = (paymentId: string): boolean => simulator.sessionsOf(paymentId).length > 0;
  const isPaid = (paymentId: string): boolean => knows(paymentId) && simulator.session(paymentId).payment === "paid";

  const forgeries = (paymentId: string, other: string): Forgery[] => {
    const told = simulator.notification(paymentId);
    const { body, headers } = told;
    const signature = headers["stripe-signature"] ?? "";
    const forged = (what: string, change: Partial<Delivery>): Forgery => ({ what, delivery: { ...told, ...change } });
    const signed = (text: string): Delivery => signEvent(text, by);
    return [
      { what: "signed by another secret", delivery: signEvent(body, [`whsec_${randomBytes(16).toString("hex")}`]) },
      { what: "an hour old", delivery: signEvent(body, by, new Date(Date.now() - HOUR_MS)) },
      { what: "from the future", delivery: signEvent(body, by, new Date(Date.now() + HOUR_MS)) },
      forged("changed after signing", { body: body.replace("checkout.session.completed", "checkout.session.expired") }),
      forged("replayed for another order", { body: simulator.notification(other).body }),
      forged("signed by v0 alone", { headers: { ...headers, "stripe-signature": signature.replace("v1=", "v2=") } }),
      forged("with its header twice", { headers: { ...headers, "stripe-signature": `${signature},${signature}` } }),
      forged("truncated", { body: truncated(body) }),
      forged("empty", { body: "" }),
      forged("unsigned", { headers: { "content-type": "application/json" } }),
      { what: "no JSON, signed", delivery: signed("type=checkout.session.completed") },
      { what: "no event, signed", delivery: signed('{"object":"event"}') },
    ];
  };

  return {
    provider: "stripe",
    url,
    settings: (baseUrl = url) => ({
      name: "stripe",
      protocol: "stripe",
      baseUrl,
      credentials,
      timeoutMs: 2_000,
      fees: ["CNY:2.9%+30"],
    }),
    ways: [{ method: "checkout", provider: "stripe", flow: "checkout", returnUrl: "https://shop.example/orders/1" }],
    takesOtherAmounts: true,
    open: () => undefined,
    pay: ({ id }, amount) => knows(id) && simulator.pay(id, amount),
    payAllTheSame: ({ id }) => knows(id) && !isPaid(id) && simulator.payAllTheSame(id),
    paidOf: (paymentId) => (isPaid(paymentId) ? simulator.session(paymentId).amount : 0),
    holdsOf: simulator.holdsOf,
    refundsOf: (paymentId) =>
      !knows(paymentId)
        ? []
        : simulator
            .refunds(paymentId)
            .filter(({ status }) => status !== "failed" && status !== "canceled")
            .map(({ metadata, amount, status }) => ({
              id: metadata["refund"] ?? "",
              amount,
              isDone: status === "succeeded",
            })),
    knows,
    news: (paymentId) =>
      ["checkout.session.completed", ...OLDER, ...(isPaid(paymentId) ? OF_PAID : [])].map((type) =>
        simulator.notification(paymentId, type),
      ),
    eventIn,
    forgeries,
    unrelated: (paymentId) => [
      simulator.notification(paymentId, "checkout.session.completed", { livemode: true }),
      simulator.notification(paymentId, "checkout.session.completed", { account: "acct_other" }),
      simulator.notification(paymentId, "payout.paid"),
    ],
    acknowledged: { statusCode: 200, body: "{}" },
    stop: () => simulator.stop(),
    simulator,
  } satisfies Cashier & { simulator: unknown };
}
