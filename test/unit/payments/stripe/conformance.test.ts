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
    desk: {
      open: ({ id }) => simulator.dispute(id).id,
      notification: ({ id }) => simulator.notification(id, "charge.dispute.created"),
      answers: ({ id }) => simulator.session(id).disputes.at(-1)?.submissions ?? 0,
      decide: ({ id }, _disputeId, how) => simulator.decideDispute(id, how),
    },
    kept: ({ id }) => Promise.resolve(simulator.holdsOf(id)),
  });
});
