import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { adapterOf, type SupplierProtocol } from "../../../shared/suppliers/registry.ts";
import { publishedSecret, serve } from "./support.ts";

const SECRET = "0a091b3aa4324435aab703142518a8f7";
const CREDENTIALS = {
  fulu: { appKey: "key", appSecret: SECRET },
  dtone: { apiKey: "key", apiSecret: "secret" },
  runa: { apiKey: "key", webhookSecret: publishedSecret },
  vouchsafe: { apiKey: "key", webhookSecret: publishedSecret },
};

/** As Fulu signs: the characters of the text, sorted. */
const signed = (result: string): object => {
  const sorted = Array.from(result).sort((a, b) => (a < b ? -1 : 1));
  const sign = createHash("md5")
    .update(sorted.join("") + SECRET)
    .digest("hex");
  return { code: 0, message: "ok", result, sign };
};

const fuluGoods = (...goods: object[]) => JSON.stringify(signed(JSON.stringify(goods)));
const fuluProduct = { product_id: 1, product_name: "n", purchase_price: 1.5 };
const dtoneProduct = { id: 1, name: "n", prices: { wholesale: { amount: 1.5, unit: "USD" } } };
const brand = {
  code: "A",
  name: "n",
  currency: "USD",
  is_orderable: true,
  state: "LIVE",
  discount_multiplier: "0.1",
  gift_card: { denominations: { type: "fixed", available_list: ["10.00"] } },
};
const runaPage = (...catalog: unknown[]) => JSON.stringify({ catalog });
const ours = { id: "p1", name: "n", price: { amount: 150, currency: "USD" }, availability: "in_stock" };
const ourPage = (...data: unknown[]) => JSON.stringify({ data, nextCursor: null });

async function read(protocol: SupplierProtocol, body: string) {
  const { url } = await serve((response) => void response.writeHead(200).end(body));
  const adapter = adapterOf(protocol, { baseUrl: url, timeoutMs: 5_000 }, CREDENTIALS[protocol]);
  const page = await adapter.catalogue?.(undefined);
  return {
    items: page?.items.map(({ supplierProductId, cost }) => [supplierProductId, cost?.amount]),
    leftOut: page?.leftOut,
  };
}

const long = "x".repeat(5_000);

describe("one odd product never stops the reading of the others", () => {
  it.each([
    [
      "fulu",
      fuluGoods({ ...fuluProduct, product_name: long }, { ...fuluProduct, product_id: 2 }),
      ["1", "product_name"],
      ["2", 150],
    ],
    [
      "dtone",
      JSON.stringify([
        { ...dtoneProduct, name: long },
        { ...dtoneProduct, id: 2 },
      ]),
      ["1", "name"],
      ["2", 150],
    ],
    ["runa", runaPage({ ...brand, name: long }, { ...brand, code: "B" }), ["A", "name"], ["B/10.00/USD", 900]],
    ["vouchsafe", ourPage({ ...ours, name: long }, { ...ours, id: "p2" }), ["p1", "name"], ["p2", 150]],
  ] as const)("%s: a long name", async (protocol, body, [name, field], item) => {
    expect(await read(protocol, body)).toEqual({ items: [item], leftOut: [{ name, field }] });
  });

  it.each([
    ["fulu", fuluGoods({ ...fuluProduct, product_id: {} }, fuluProduct), "product_id", ["1", 150]],
    ["dtone", JSON.stringify([null, dtoneProduct]), "product", ["1", 150]],
    ["runa", runaPage({ ...brand, code: 7 }, brand), "code", ["A/10.00/USD", 900]],
    ["vouchsafe", ourPage({ ...ours, id: long }, ours), "id", ["p1", 150]],
  ] as const)("%s: an id that can't be read; its place names it", async (protocol, body, field, item) => {
    expect(await read(protocol, body)).toEqual({ items: [item], leftOut: [{ name: "#1", field }] });
  });

  it.each([
    ["fulu", fuluGoods({ ...fuluProduct, purchase_price: "1.50" }), ["1", 150]],
    [
      "dtone",
      JSON.stringify([{ ...dtoneProduct, prices: { wholesale: { amount: "1.50", unit: "USD" } } }]),
      ["1", 150],
    ],
    ["runa", runaPage({ ...brand, discount_multiplier: 0.1 }), ["A/10.00/USD", 900]],
    ["runa", runaPage({ ...brand, discount_multiplier: "0" }), ["A/10.00/USD", 1000]],
  ] as const)("%s: a price as text, or as a number, is a price", async (protocol, body, item) => {
    expect(await read(protocol, body)).toEqual({ items: [item], leftOut: [] });
  });

  it.each([
    ["fulu", fuluGoods({ ...fuluProduct, purchase_price: "ask us" }), "1"],
    ["dtone", JSON.stringify([{ ...dtoneProduct, prices: { wholesale: { amount: 1, unit: "QQQ" } } }]), "1"],
    ["dtone", JSON.stringify([{ ...dtoneProduct, prices: 7 }]), "1"],
    ["runa", runaPage({ ...brand, discount_multiplier: "much" }), "A/10.00/USD"],
    ["vouchsafe", ourPage({ ...ours, price: { amount: 1.5, currency: "USD" } }), "p1"],
  ] as const)("%s: a cost that can't be read is an unknown cost", async (protocol, body, id) => {
    expect(await read(protocol, body)).toEqual({ items: [[id, undefined]], leftOut: [] });
  });

  it("a large catalogue is read, beyond what an order's answer may be", async () => {
    const goods = Array.from({ length: 20_001 }, (_, index) => ({
      ...fuluProduct,
      product_id: index + 1,
      product_name: "名".repeat(30),
    }));
    const body = fuluGoods(...goods);
    expect(body.length).toBeGreaterThan(1024 * 1024);
    const { items, leftOut } = await read("fulu", body);
    expect([items?.length, leftOut]).toEqual([20_000, [{ name: "20001", field: "catalogue_too_long" }]]);
  });

  it("an id of nineteen digits keeps all of them, as a number too", async () => {
    const big = "9223372036854775807";
    const goods = `[{"product_id":${big},"product_name":"n","purchase_price":1}]`;
    expect((await read("fulu", JSON.stringify(signed(goods)))).items).toEqual([[big, 100]]);
    expect((await read("dtone", `[{"id":${big},"name":"n"}]`)).items).toEqual([[big, undefined]]);
  });
});

describe("an order whose id is a number of nineteen digits", () => {
  const big = "9223372036854775807";
  const need = { reference: "ord_1-1-1-1", supplierProductId: big, quantity: 1 };

  it("is placed by all digits of its product, and known by all digits of its own", async () => {
    const transaction = `{"id":${big},"external_id":"ord_1-1-1-1","status":{"id":10000,"class":{"id":1}}}`;
    const { url, received } = await serve((response) => void response.writeHead(201).end(transaction));
    const adapter = adapterOf("dtone", { baseUrl: url, timeoutMs: 2_000 }, CREDENTIALS.dtone);
    expect(await adapter.place(need)).toEqual({ kind: "accepted", supplierOrderId: big });
    expect(received[0]?.body).toContain(`"product_id":${big},`);
    expect(adapter.verify(`{"id":${big},"external_id":"ord_1-1-1-1"}`, {}, new Date())).toMatchObject({
      event: { supplierOrderId: big },
    });
  });
});

describe("fulu's cards", () => {
  const order = (cards: object[]) =>
    signed(JSON.stringify({ order_id: 1, customer_order_no: "r", order_state: "success", cards }));
  const asked = async (cards: object[]) => {
    const { url } = await serve((response) => void response.writeHead(200).end(JSON.stringify(order(cards))));
    const adapter = adapterOf("fulu", { baseUrl: url, timeoutMs: 2_000 }, CREDENTIALS.fulu);
    return adapter.query("r");
  };
  /** The published example's card, encrypted under the sandbox's secret. */
  const card = "12nCp6X/nALmrvr1erxK+D4L8n/kqz/RItKWUfvZrCU=";

  it("are no delivery when they are empty: they are asked for again", async () => {
    const empty = { kind: "unknown", reason: "empty_card" };
    expect(await asked([{ card_number: "", card_pwd: "" }])).toEqual(empty);
    expect(await asked([{ card_number: null, card_pwd: null, card_deadline: "0001-01-01 00:00:00" }])).toEqual(empty);
  });

  it("may be only a number, end on a day by Beijing's clocks, or never", async () => {
    for (const [deadline, expiresAt] of [
      ["2027-12-31", "2027-12-31T15:59:59.999Z"],
      ["2027/12/31 23:59:59", "2027-12-31T15:59:59.000Z"],
      ["0001-01-01 00:00:00", undefined],
    ]) {
      const outcome = await asked([{ card_number: card, card_pwd: "", card_deadline: deadline }]);
      const [good] = "goods" in outcome ? (outcome.goods ?? []) : [];
      expect([good?.secret.reveal(), good?.number, good?.expiresAt]).toEqual([
        "CD1000250201906121742434441",
        undefined,
        expiresAt,
      ]);
    }
  });
});
