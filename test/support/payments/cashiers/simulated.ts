import { newWebhookSecret, sign } from "../../suppliers/supplier-callbacks.ts";
import { startPaymentSimulator } from "../payment-simulator.ts";
import { type Cashier, type Delivery, type Forgery, truncated } from "./cashier.ts";

const SIGNATURE = "webhook-signature";
const HOUR_MS = 3_600_000;

/** The simulated provider: Standard Webhooks. */
export async function simulatedCashier() {
  const simulator = await startPaymentSimulator();
  simulator.setSilent(true);
  const { credentials, url } = simulator;
  const eventIn = ({ headers }: Delivery): string => headers["webhook-id"] ?? "";
  const again = (delivery: Delivery, how: { secret?: string; at?: Date }): Delivery =>
    sign({ id: eventIn(delivery), body: delivery.body }, how.secret ?? credentials.webhookSecret, how.at);

  const forgeries = (paymentId: string, other: string): Forgery[] => {
    const [told, ofOther] = [simulator.notification(paymentId), simulator.notification(other)];
    const { body, headers } = told;
    const forged = (what: string, change: Partial<Delivery>): Forgery => ({ what, delivery: { ...told, ...change } });
    return [
      { what: "signed by another key", delivery: again(told, { secret: newWebhookSecret() }) },
      { what: "an hour old", delivery: again(told, { at: new Date(Date.now() - HOUR_MS) }) },
      { what: "from the future", delivery: again(told, { at: new Date(Date.now() + HOUR_MS) }) },
      forged("changed after signing", { body: body.replace("payment.updated", "refund.updated") }),
      forged("replayed for another order", { body: ofOther.body }),
      forged("replayed as another event", { headers: { ...headers, "webhook-id": eventIn(ofOther) } }),
      forged("truncated", { body: truncated(body) }),
      forged("empty", { body: "" }),
      forged("unsigned", { headers: { "content-type": "application/json" } }),
      forged("with another's signature before its own, in one header", {
        headers: { ...headers, [SIGNATURE]: `${ofOther.headers[SIGNATURE]},${headers[SIGNATURE]}` },
      }),
      { what: "no JSON, signed", delivery: sign({ id: eventIn(told), body: "paid=yes" }, credentials.webhookSecret) },
    ];
  };

  return {
    provider: "simulated",
    url,
    settings: (baseUrl = url) => ({
      name: "simulated",
      protocol: "simulated",
      baseUrl,
      credentials,
      timeoutMs: 2_000,
      fees: ["1.5%"],
    }),
    ways: [
      { method: "checkout", provider: "simulated", flow: "page" },
      { method: "checkout", provider: "simulated", flow: "qr" },
    ],
    takesOtherAmounts: true,
    open: () => undefined,
    pay: ({ id }, amount) => simulator.knows(id) && simulator.pay(id, amount),
    payAllTheSame: ({ id }) => simulator.knows(id) && simulator.payAllTheSame(id),
    paidOf: simulator.paidOf,
    holdsOf: simulator.holdsOf,
    refundsOf: (paymentId) =>
      simulator
        .refunds(paymentId)
        .filter(({ state }) => state !== "failed")
        .map(({ reference, amount, state }) => ({ id: reference, amount, isDone: state === "refunded" })),
    knows: simulator.knows,
    news: (paymentId) => [
      simulator.notification(paymentId),
      simulator.notification(paymentId, "refund.updated"),
      ...simulator
        .refunds(paymentId)
        .map(({ reference }) => simulator.notification(paymentId, "refund.updated", reference)),
    ],
    eventIn,
    forgeries,
    unrelated: (paymentId) => [simulator.notification(paymentId, "payout.paid")],
    acknowledged: { statusCode: 200, body: "{}" },
    stop: () => simulator.stop(),
    simulator,
  } satisfies Cashier & { simulator: unknown };
}
