import { describe } from "vitest";
import { verifiesCallbacks } from "../../support/suppliers/callback-conformance.ts";
import { tellsItsCharges } from "../../support/suppliers/charge-conformance.ts";
import { sign } from "../../support/suppliers/supplier-callbacks.ts";
import {
  conforms,
  deliversPartly,
  failsLater,
  tellsItsCatalogue,
} from "../../support/suppliers/supplier-conformance.ts";
import { magicAccount, magicProduct } from "../../support/suppliers/supplier-magic.ts";
import { startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";
import { publishedSecret } from "./support.ts";

async function start() {
  const simulator = await startSupplierSimulator();
  const { url, apiKey, webhookSecret } = simulator;
  const offered = Array.from({ length: 7 }, (_, index) => ({
    id: `prod_${index}`,
    name: `Product ${index}`,
    price: { amount: 100 + index, currency: "CNY" },
    availability: index === 0 ? ("sold_out" as const) : ("in_stock" as const),
  }));
  simulator.offer(...offered);
  return {
    url,
    credentials: { apiKey, webhookSecret },
    setCallbackUrl: (to: string) => simulator.setCallbackUrl(to),
    setCharge: (amount: unknown, currency?: string) => simulator.setCharge(amount, currency),
    deliveries: (reference: string) =>
      simulator
        .orders()
        .filter((order) => order.reference === reference)
        .reduce((sum, { deliveries }) => sum + deliveries, 0),
    stop: () => simulator.stop(),
  };
}

const suite = {
  protocol: "vouchsafe",
  start,
  wishes: {
    delivers: { product: magicProduct("success"), quantity: 3 },
    refused: { product: magicProduct("refused") },
    noFunds: { product: magicProduct("noFunds") },
    lostAnswer: { product: magicProduct("silentButDone") },
    throttled: { product: magicProduct("throttledFirst", 9) },
  },
  handsOver: true,
  retryAfterSeconds: 1,
} as const;

describe("the vouchsafe adapter, for codes", () => {
  conforms(suite);
  deliversPartly(suite, { product: magicProduct("partlyDone", 2), quantity: 5 }, 2);
  tellsItsCatalogue(suite);
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  tellsItsCharges(suite, [
    ["as its catalogue says", [100], cny(300)],
    ["a large amount", [300_000_000_000], cny(900_000_000_000)],
    ["more than any amount of ours", [400_000_000_000], undefined],
    ["a part of a minor unit", [100.5], undefined],
    ["a text", ["100"], undefined],
    ["nothing", [0], undefined],
    ["another currency", [100, "USD"], { amount: 300, currency: "USD" }],
    ["a currency that nobody has", [100, "XXZ"], undefined],
  ]);
  // Signed by the standard's published library, with the secret of its example.
  const at = new Date("2026-01-01T00:00:00Z");
  const data = { id: "ord_theirs", reference: "ord_1-1-1-1", state: "fulfilled" };
  const body = JSON.stringify({ type: "order.updated", timestamp: at, data });
  verifiesCallbacks("vouchsafe", {
    ...sign({ id: "msg_1", body }, publishedSecret, at),
    credentials: { apiKey: "key", webhookSecret: publishedSecret },
    at,
    event: { eventId: "msg_1", supplierOrderId: "ord_theirs", reference: "ord_1-1-1-1" },
  });
});

describe("the vouchsafe adapter, for top-ups", () => {
  const topups = {
    ...suite,
    wishes: {
      delivers: { product: "prod_phone", account: magicAccount("doneWithoutCallback", 100) },
      refused: { product: "prod_phone", account: magicAccount("refused") },
      noFunds: { product: "prod_phone", account: magicAccount("noFunds") },
      lostAnswer: { product: "prod_phone", account: magicAccount("silentButDone") },
      throttled: { product: "prod_phone", account: magicAccount("throttledFirst", 9) },
    },
    handsOver: false,
  };
  conforms(topups);
  failsLater(topups, { product: "prod_phone", account: magicAccount("refusedByCallback", 100) });
});
