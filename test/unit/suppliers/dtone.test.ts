import { describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import { nameOfCallback } from "../../../shared/suppliers/callback-name.ts";
import { supplierProtocols } from "../../../shared/suppliers/registry.ts";
import { distrustsCallbacks } from "../../support/suppliers/callback-conformance.ts";
import { tellsItsCharges } from "../../support/suppliers/charge-conformance.ts";
import { PHONES, PIN_PRODUCT, startDtone } from "../../support/suppliers/dtone.ts";
import {
  type Conformance,
  conforms,
  failsLater,
  tellsItsCatalogue,
} from "../../support/suppliers/supplier-conformance.ts";
import { serve } from "./support.ts";

const CREDIT = "1001";
const recorded = JSON.stringify({
  id: 2235468712,
  external_id: "ord_1-1-1-1",
  status: { id: 70000, message: "COMPLETED", class: { id: 7, message: "COMPLETED" } },
});

describe("the dtone adapter", () => {
  const suite: Conformance = {
    protocol: "dtone",
    start: startDtone,
    wishes: {
      delivers: { product: CREDIT, account: PHONES.slow },
      refused: { product: "404", account: PHONES.fine },
      noFunds: { product: CREDIT, account: PHONES.noFunds },
      lostAnswer: { product: CREDIT, account: PHONES.lostAnswer },
      throttled: { product: CREDIT, account: PHONES.throttled },
    },
    handsOver: false,
    retryAfterSeconds: 7,
  };
  conforms(suite);
  failsLater(suite, { product: CREDIT, account: PHONES.slowRefused });
  tellsItsCatalogue(suite);
  const usd = (amount: number) => ({ amount, currency: "USD" });
  tellsItsCharges(suite, [
    ["as its catalogue says, with the fee", [4.205], usd(431)],
    ["a text", ["4.20"], usd(430)],
    ["the noise of a binary fraction", [4.200000000000001], usd(430)],
    ["a large amount", ["9999999999.89"], usd(999_999_999_999)],
    ["more than any amount of ours", ["99999999999999.99"], undefined],
    ["what can be read in two ways", ["4,205"], undefined],
    ["no amount", [null], undefined],
    ["another currency", [4, "EUR"], { amount: 410, currency: "EUR" }],
    ["a unit that is no currency", [4, "POINTS"], undefined],
  ]);
  distrustsCallbacks("dtone", {
    body: recorded,
    headers: {},
    credentials: { apiKey: "key", apiSecret: "secret" },
    at: new Date("2026-01-01"),
    event: { eventId: nameOfCallback("secret", recorded), supplierOrderId: "2235468712", reference: "ord_1-1-1-1" },
  });

  const adapter = (baseUrl: string, callbackUrl?: string) =>
    supplierProtocols.dtone.adapter(
      { baseUrl, timeoutMs: 1000, ...(callbackUrl === undefined ? {} : { callbackUrl }) },
      { apiKey: new Secret("key"), apiSecret: new Secret("secret") },
    );
  const need = {
    reference: "ord_1-1-1-1",
    supplierProductId: CREDIT,
    quantity: 1,
    recipientAccount: new Secret(PHONES.fine),
  };

  it("orders as the documents say, and names where callbacks go", async () => {
    const { url, received } = await serve((response) => response.writeHead(201).end(recorded));
    expect(await adapter(url, "https://shop.example/callbacks").place(need)).toEqual({
      kind: "fulfilled",
      supplierOrderId: "2235468712",
    });
    expect(received[0]).toMatchObject({
      url: "/async/transactions",
      headers: { authorization: "Basic a2V5OnNlY3JldA==" },
    });
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      external_id: "ord_1-1-1-1",
      product_id: 1001,
      auto_confirm: true,
      credit_party_identifier: { mobile_number: PHONES.fine },
      callback_url: "https://shop.example/callbacks",
    });
  });

  it.each([
    [10000, 1, "accepted"],
    [20000, 2, "accepted"],
    [50000, 5, "accepted"],
    [70000, 7, "fulfilled"],
    [30001, 3, "rejected"],
    [40000, 4, "rejected"],
    [90200, 9, "rejected"],
    [80000, 8, "reversed"],
    [66666, 6, "unknown"],
  ])("takes status %i for what its class says", async (id, classId, kind) => {
    const status = { id, message: "", class: { id: classId, message: "" } };
    const { url } = await serve((response) =>
      response.writeHead(200).end(JSON.stringify([{ id: 1, external_id: "r", status }])),
    );
    expect(await adapter(url).query("r")).toMatchObject({ kind });
  });

  it("tells what a product costs with its fee, and nothing where the fee can't be read", async () => {
    const product = (id: number, fee: unknown) => ({
      id,
      name: "Credit",
      prices: { wholesale: { amount: 4.2, fee, unit: "USD" } },
    });
    const products = [product(1, 0.35), product(2, 0), product(3, undefined), product(4, "a lot")];
    const { url } = await serve((response) => response.writeHead(200).end(JSON.stringify(products)));
    const page = await adapter(url).catalogue?.(undefined);
    expect(page?.items.map(({ cost }) => cost?.amount)).toEqual([455, 420, 420, undefined]);
  });

  it("asks before it takes a refusal for a no: the reference may be taken by an earlier call of ours", async () => {
    const party = await startDtone();
    const ours = supplierProtocols.dtone.adapter(
      { baseUrl: party.url, timeoutMs: 1000 },
      { apiKey: new Secret(party.credentials.apiKey), apiSecret: new Secret(party.credentials.apiSecret) },
    );
    const duplicate = { ...need, reference: "ord_2-1-1-1", recipientAccount: new Secret(PHONES.duplicate) };
    expect(await ours.place(duplicate)).toEqual({ kind: "rejected", reason: "error_1003001" });
    await ours.place(need);
    expect(await ours.place(need)).toMatchObject({ kind: "fulfilled" });
    expect(party.deliveries(need.reference)).toBe(1);
    await party.stop();
  });

  it("hands over a PIN, and sells one piece at a time", async () => {
    const party = await startDtone();
    const ours = supplierProtocols.dtone.adapter(
      { baseUrl: party.url, timeoutMs: 1000 },
      { apiKey: new Secret(party.credentials.apiKey), apiSecret: new Secret(party.credentials.apiSecret) },
    );
    const pin = { reference: "ord_3-1-1-1", supplierProductId: PIN_PRODUCT, quantity: 1 };
    const outcome = await ours.place(pin);
    const [good] = outcome.kind === "fulfilled" ? (outcome.goods ?? []) : [];
    expect([good?.secret.reveal(), good?.number?.reveal()]).toEqual([
      expect.stringMatching(/^PIN-/),
      expect.stringMatching(/^S-/),
    ]);
    expect(await ours.place({ ...pin, quantity: 2 })).toEqual({ kind: "rejected", reason: "one_at_a_time" });
    await party.stop();
  });
});
