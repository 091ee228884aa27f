import { describe } from "vitest";
import { methodConforms } from "../../../support/payments/method-conformance.ts";
import { chargeFor, withStripe } from "../../../support/payments/stripe/stripe-payments.ts";

describe("paying at Stripe", async () => {
  const { simulator, stripe } = await withStripe();
  methodConforms({
    method: () => stripe,
    charge: (amount) => Promise.resolve(chargeFor(amount)),
    refused: () => Promise.resolve(chargeFor(9)),
    pay: ({ id }) => {
      simulator.pay(id);
      return Promise.resolve();
    },
    notification: ({ id }) => {
      simulator.add(id);
      return simulator.notification(id);
    },
    kept: ({ id }) => Promise.resolve(simulator.holdsOf(id)),
  });
});
