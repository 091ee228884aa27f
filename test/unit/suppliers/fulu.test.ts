import { describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import { nameOfCallback } from "../../../shared/suppliers/callback-name.ts";
import { openCard, signatureOf } from "../../../shared/suppliers/fulu/signing.ts";
import { supplierProtocols } from "../../../shared/suppliers/registry.ts";
import { distrustsCallbacks } from "../../support/suppliers/callback-conformance.ts";
import { tellsItsCharges } from "../../support/suppliers/charge-conformance.ts";
import { GOODS, startFulu } from "../../support/suppliers/fulu.ts";
import {
  type Conformance,
  conforms,
  failsLater,
  tellsItsCatalogue,
} from "../../support/suppliers/supplier-conformance.ts";
import { serve } from "./support.ts";

/** The sandbox's own, published with its clients. */
const SECRET = "0a091b3aa4324435aab703142518a8f7";
const recorded = JSON.stringify({
  order_id: "F1",
  customer_order_no: "ord_1-1-1-1",
  order_status: "success",
  sign: "x",
});

describe("the fulu adapter, for cards", () => {
  const suite: Conformance = {
    protocol: "fulu",
    start: startFulu,
    wishes: {
      delivers: { product: GOODS.fine, quantity: 2 },
      refused: { product: GOODS.refused },
      noFunds: { product: GOODS.noFunds },
      lostAnswer: { product: GOODS.lostAnswer },
      throttled: { product: GOODS.throttled },
    },
    handsOver: true,
    retryAfterSeconds: 7,
  };
  conforms(suite);
  failsLater(suite, { product: GOODS.slowFailure });
  tellsItsCatalogue(suite);
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  tellsItsCharges(suite, [
    ["as its catalogue says", [12.5], cny(2500)],
    ["a text", ["12.50"], cny(2500)],
    ["a part of a fen", [12.501], cny(2502)],
    ["a large amount", ["4999999999.99"], cny(999_999_999_998)],
    ["more than any amount of ours", ["9999999999.99"], undefined],
    ["no amount", ["免费"], undefined],
    ["nothing", [0], undefined],
  ]);
  distrustsCallbacks("fulu", {
    body: recorded,
    headers: {},
    credentials: { appKey: "key", appSecret: SECRET },
    at: new Date("2026-01-01"),
    event: { eventId: nameOfCallback(SECRET, recorded), supplierOrderId: "F1", reference: "ord_1-1-1-1" },
  });

  it("signs as the sandbox does", () => {
    const result = '{"name":"OpenApi2.0对接专用商户","balance":344283.1608,"is_open":1}';
    expect(signatureOf(result, SECRET)).toBe("af223d55aaab949a4061d651cc4b2765");
  });

  it("has a signature that does not cover the order of characters, which is why nothing rests on it", () => {
    expect(signatureOf('{"balance":12}', SECRET)).toBe(signatureOf('{"balance":21}', SECRET));
  });

  it("opens cards, and nothing that is not under its key", () => {
    expect(openCard("12nCp6X/nALmrvr1erxK+D4L8n/kqz/RItKWUfvZrCU=", SECRET)).toBe("CD1000250201906121742434441");
    expect(
      openCard("12nCp6X/nALmrvr1erxK+D4L8n/kqz/RItKWUfvZrCU=", Array.from(SECRET).toReversed().join("")),
    ).toBeUndefined();
    expect(openCard("not base64 at all", SECRET)).toBeUndefined();
  });

  const adapter = (baseUrl: string) =>
    supplierProtocols.fulu.adapter(
      { baseUrl, timeoutMs: 1000 },
      { appKey: new Secret("app"), appSecret: new Secret(SECRET) },
    );
  const answer = (value: unknown, sign?: string) => {
    const result = JSON.stringify(value);
    return JSON.stringify({ code: 0, message: "", result, sign: sign ?? signatureOf(result, SECRET) });
  };
  const order = { order_id: "F1", customer_order_no: "r", order_state: "success" };

  it("orders as the documents say: cards to nobody, the rest onto an account", async () => {
    const { url, received } = await serve((response) => response.writeHead(200).end(answer(order)));
    const need = { reference: "r", supplierProductId: "10000001", quantity: 2 };
    expect(await adapter(url).place(need)).toEqual({ kind: "accepted", supplierOrderId: "F1" });
    expect(await adapter(url).place({ ...need, recipientAccount: new Secret("888") })).toMatchObject({
      kind: "fulfilled",
    });
    const [cards, direct] = received.map(({ body }) => JSON.parse(body) as Record<string, string>);
    expect(cards).toMatchObject({ app_key: "app", method: "fulu.order.card.add", version: "2.0", sign_type: "md5" });
    expect(direct).toMatchObject({ method: "fulu.order.direct.add" });
    expect(JSON.parse(direct?.["biz_content"] ?? "")).toEqual({
      product_id: 10000001,
      customer_order_no: "r",
      buy_num: 2,
      charge_account: "888",
    });
    const { sign, ...unsigned } = cards ?? {};
    expect(sign).toBe(signatureOf(JSON.stringify(unsigned), SECRET));
  });

  it("believes no answer that is not signed, no card it can't open, and no order of somebody else", async () => {
    const asked = async (text: string) => {
      const { url } = await serve((response) => response.writeHead(200).end(text));
      return adapter(url).query("r");
    };
    expect(await asked(answer(order, "0".repeat(32)))).toEqual({ kind: "unknown", reason: "forged_answer" });
    const cards = [{ card_pwd: "AAAA" }];
    expect(await asked(answer({ ...order, cards }))).toEqual({ kind: "unknown", reason: "unreadable_card" });
    expect(await asked(answer({ ...order, customer_order_no: "q" }))).toEqual({
      kind: "unknown",
      reason: "other_reference",
    });
    expect(await asked(answer({ ...order, order_state: "odd" }))).toEqual({ kind: "unknown", reason: "unknown_state" });
  });

  it.each([
    [3001, "rejected"],
    [3008, "rejected"],
    [3006, "unknown"],
    [1001, "unknown"],
  ])("takes refusal %i for %s", async (code, kind) => {
    const { url } = await serve((response) => response.writeHead(200).end(JSON.stringify({ code, message: "" })));
    const need = { reference: "r", supplierProductId: "1", quantity: 1 };
    expect(await adapter(url).place(need)).toEqual({ kind, reason: `error_${code}` });
  });
});

describe("the fulu adapter, for accounts", () => {
  const suite: Conformance = {
    protocol: "fulu",
    start: startFulu,
    wishes: {
      delivers: { product: GOODS.fine, account: "888888" },
      refused: { product: GOODS.refused, account: "888888" },
      noFunds: { product: GOODS.noFunds, account: "888888" },
      lostAnswer: { product: GOODS.lostAnswer, account: "888888" },
      throttled: { product: GOODS.throttled, account: "888888" },
    },
    handsOver: false,
    retryAfterSeconds: 7,
  };
  conforms(suite);
});
