import { describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import { supplierProtocols } from "../../../shared/suppliers/registry.ts";
import { verifiesCallbacks } from "../../support/suppliers/callback-conformance.ts";
import { tellsItsCharges } from "../../support/suppliers/charge-conformance.ts";
import { RUNA, startRuna } from "../../support/suppliers/runa.ts";
import {
  type Conformance,
  conforms,
  failsLater,
  tellsItsCatalogue,
} from "../../support/suppliers/supplier-conformance.ts";
import { publishedSecret, serve } from "./support.ts";

describe("the runa adapter", () => {
  const suite: Conformance = {
    protocol: "runa",
    start: startRuna,
    wishes: {
      delivers: { product: RUNA.fine },
      refused: { product: RUNA.noFunds },
      noFunds: { product: RUNA.noFunds },
      lostAnswer: { product: RUNA.lostAnswer },
      throttled: { product: RUNA.throttled },
    },
    handsOver: true,
    retryAfterSeconds: 7,
  };
  conforms(suite);
  failsLater(suite, { product: RUNA.slowFailure });
  tellsItsCatalogue(suite);
  const usd = (amount: number) => ({ amount, currency: "USD" });
  tellsItsCharges(suite, [
    ["as its catalogue says", ["9.50"], usd(950)],
    ["with fees that its catalogue does not tell", ["9.69"], usd(969)],
    ["a number", [9.5], usd(950)],
    ["a large amount", ["9999999999.99"], usd(999_999_999_999)],
    ["more than any amount of ours", ["1e30"], undefined],
    ["no amount", [undefined], undefined],
    ["nothing", ["0.00"], undefined],
    ["another currency", ["8.49", "GBP"], { amount: 849, currency: "GBP" }],
  ]);
  // Svix's published example, as Runa's documents quote it.
  verifiesCallbacks("runa", {
    body: '{"test": 2432232314}',
    headers: {
      "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "svix-timestamp": "1614265330",
      "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    credentials: { apiKey: "key", webhookSecret: publishedSecret },
    at: new Date(1614265330_000),
    event: { eventId: "msg_p5jXN8AQM9LWM0D4loKWxJek" },
  });

  const adapter = (baseUrl: string) =>
    supplierProtocols.runa.adapter(
      { baseUrl, timeoutMs: 1000 },
      { apiKey: new Secret("key"), webhookSecret: new Secret(publishedSecret) },
    );

  it("orders as the documents say: one piece at once, several to be worked on, each under its own key", async () => {
    const { url, received } = await serve((response) =>
      response.writeHead(202).end('{"id":"O-1","status":"PROCESSING"}'),
    );
    for (const quantity of [1, 3])
      await adapter(url).place({ reference: `ord_${quantity}-1-1-1`, supplierProductId: RUNA.fine, quantity });
    expect(received.map(({ headers }) => headers["x-execution-mode"])).toEqual(["sync", "async"]);
    expect(received[0]?.headers).toMatchObject({
      "x-api-key": "key",
      "x-api-version": "2024-02-05",
      "x-idempotency-key": "ord_1-1-1-1",
    });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      payment_method: { type: "ACCOUNT_BALANCE", currency: "USD" },
      items: [
        { face_value: 10, distribution_method: { type: "PAYOUT_LINK" }, products: { type: "SINGLE", value: "AMZ-US" } },
      ],
      metadata: { reference: "ord_1-1-1-1" },
    });
  });

  it("takes a refusal that is not about this order for no refusal", async () => {
    for (const type of ["idempotency_in_progress", "idempotency_validation_error", "bad_request", "something_new"]) {
      const { url } = await serve((response) => response.writeHead(400).end(JSON.stringify({ type, message: "" })));
      const need = { reference: "ord_1-1-1-1", supplierProductId: RUNA.fine, quantity: 1 };
      expect(await adapter(url).place(need)).toEqual({ kind: "unknown", reason: type });
    }
  });

  it("counts a discount off the face value, and never rounds in our favour", async () => {
    const catalog = [
      {
        code: "A",
        name: "A",
        currency: "USD",
        is_orderable: true,
        state: "LIVE",
        discount_multiplier: "0.033",
        gift_card: { denominations: { type: "fixed", available_list: ["9.99"] } },
      },
    ];
    const { url } = await serve((response) => response.writeHead(200).end(JSON.stringify({ catalog })));
    const page = await adapter(url).catalogue?.(undefined);
    expect(page?.items).toEqual([
      { supplierProductId: "A/9.99/USD", name: "A 9.99 USD", onSale: true, cost: { amount: 967, currency: "USD" } },
    ]);
  });
});
