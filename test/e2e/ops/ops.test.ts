import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { terminal } from "../../support/ops/ops.ts";
import {
  available,
  eventually,
  http,
  type Json,
  makeCodes,
  openShop,
  order,
  orderIn,
  stockProduct,
} from "../../support/orders/shop.ts";
import { movementsIn, reviewsIn } from "../../support/orders/shown.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, type SupplierShop, supplierShop, TOPUP_PRICE } from "../../support/suppliers/supplier-shop.ts";
import { deliveriesFor, topUp } from "../../support/suppliers/topup-orders.ts";

// The operator's command line as an operator types it: a process of its own, one JSON value on standard output.

const stack = deployedStack();
const { json, file } = terminal(stack);

const ended =
  (exit: number) =>
  async (...words: string[]): Promise<Json> => {
    const { code, value } = await json(...words);
    expect([code, value]).toEqual([exit, value]);
    return value;
  };
const done = ended(0);
const doneInPart = ended(3);

const priced = ["--price", "1500", "--currency", "CNY"];

afterAll(closeSuppliers);

describe.concurrent("an operator opens a shop from the command line", () => {
  test("products create, stock import, stock count: the codes add up", async () => {
    const product = await done("products", "create", "--kind", "code", "--name", "Music, one month", ...priced);
    expect(product).toMatchObject({
      id: expect.stringMatching(/^prod_[0-9a-z]{26}$/),
      kind: "code",
      name: "Music, one month",
      price: { amount: 1500, currency: "CNY" },
      version: 1,
    });
    const codes = makeCodes(4);
    const lines = [...codes.slice(0, 3), codes[0], codes[3], '"', ""];
    const csv = file("codes.csv", `\uFEFF${["secret", ...lines].join("\r\n")}`);
    const ofProduct = ["--product", product.id];
    const refused = [
      { line: 5, reason: "duplicate_in_file" },
      { line: 7, reason: "quote_not_closed" },
    ];

    const tried = await doneInPart("stock", "import", ...ofProduct, "--file", csv, "--dry-run");
    expect(tried).toMatchObject({ imported: 4, refused });
    const nothing = { imported: 0, available: 0, held: 0, sold: 0, void: 0, expired: 0, returning: 0 };
    expect(await done("stock", "count", ...ofProduct)).toMatchObject(nothing);

    const imported = await doneInPart("stock", "import", ...ofProduct, "--file", csv);
    expect(imported).toMatchObject({ imported: 4, refused });
    for (const code of codes) expect(JSON.stringify([tried, imported])).not.toContain(code);
    expect(await done("stock", "count", ...ofProduct)).toMatchObject({ ...nothing, imported: 4, available: 4 });

    expect(await doneInPart("stock", "import", ...ofProduct, "--file", csv)).toMatchObject({ imported: 0, present: 4 });
    const shop = await openShop(5000);
    await order(shop, [{ productId: product.id, quantity: 1 }]);
    expect(await done("stock", "count", ...ofProduct)).toMatchObject({
      ...nothing,
      imported: 4,
      available: 3,
      sold: 1,
    });
  });

  test("stock set aside, transferred, frozen, voided, found and verified, each on the record", async () => {
    const shop = await openShop(100_000);
    const { productId, codes } = await stockProduct(stack, 6);
    const on = ["--product", productId];
    const owner = ["--kind", "channel", "--subject", shop.channelId];
    const pool = await done("pools", "create", ...on, ...owner, "--when-empty", "stop");
    expect(pool).toMatchObject({ left: 0, whenEmpty: "stop", owner: { kind: "channel" } });
    const [nobody, kept] = [
      ["--kind", "channel", "--subject", "chan_nobody"],
      ["--pool", "total", "--when-empty", "stop"],
    ];
    expect((await json("pools", "create", ...on, ...nobody, "--when-empty", "stop")).value).toMatchObject({
      errors: [{ pointer: "/owner/subject" }],
    });
    expect((await json("pools", "set", ...on, ...kept)).value).toMatchObject({ errors: [{ pointer: "/whenEmpty" }] });
    const move = (from: string, to: string, quantity: string) =>
      json("stock", "transfer", ...on, "--from", from, "--to", to, "--quantity", quantity);
    expect((await move("total", pool.name, "2")).value).toMatchObject({ quantity: 2, ranges: 1 });
    expect((await move("total", pool.name, "9")).value).toMatchObject({ code: "sold_out" });
    expect((await move("total", "0123456789ab", "1")).value).toMatchObject({ code: "not_found" });
    expect((await done("pools", "list", ...on)).data).toMatchObject([
      { name: "total", left: 4 },
      { name: pool.name, left: 2 },
    ]);
    // The pool stops at its two codes although others have four, which their buyers get.
    expect((await order(shop, [{ productId, quantity: 3 }])).body).toMatchObject({
      code: "sold_out",
      errors: [{ pointer: "/lines/0" }],
    });
    expect((await order(shop, [{ productId, quantity: 2 }])).status).toBe(201);

    await done("pools", "set", ...on, "--pool", "total", "--frozen", "yes", "--low-below", "3");
    expect((await done("pools", "list", ...on)).data).toMatchObject([{ name: "total", frozen: true, lowBelow: 3 }, {}]);
    await done("pools", "set", ...on, "--pool", "total", "--frozen", "no", "--lanes", "2");

    const [{ batchId } = { batchId: "" }] = (await done("stock", "batches", ...on)).data as { batchId: string }[];
    const ofBatch = [...on, "--batch", batchId];
    expect(await done("stock", "freeze", ...ofBatch)).toMatchObject({ codes: 4 });
    const isFrozen = { available: 0, frozen: 4, sold: 2 };
    expect(await done("stock", "count", ...on)).toMatchObject(isFrozen);
    const shown = (await done("stock", "batches", ...on)).data as object[];
    expect(shown).toMatchObject([{ batchId, state: "frozen", left: 0, leftFrozen: 4 }]);
    expect(await done("stock", "thaw", ...ofBatch)).toMatchObject({ codes: 4 });
    const bad = file("bad.json", JSON.stringify({ secret: codes[0] }));
    const found = await done("stock", "find", ...on, "--file", bad);
    expect(found).toMatchObject({ batchId, state: "available" });
    expect(JSON.stringify(found)).not.toContain(codes[0]);
    expect(await done("stock", "void-code", ...on, "--file", bad)).toMatchObject({ state: "void" });
    expect(await done("stock", "count", ...on)).toMatchObject({ imported: 6, available: 3, sold: 2, void: 1 });
    await done("stock", "void", ...ofBatch);
    expect(await json("stock", "thaw", ...ofBatch)).toMatchObject({ code: 1, value: { code: "batch_void" } });
    expect(await done("stock", "void-expired", ...on, "--yes")).toMatchObject({ ranges: 0 });
    expect(await done("stock", "count", ...on)).toMatchObject({ available: 0, sold: 2, void: 4 });
    expect(await done("stock", "verify", ...on)).toMatchObject({ differences: [] });
    const records = await trailOf(domain(), productId);
    const said = (action: string) => records.find((record) => record.action === action);
    expect(said("stock_transferred")).toMatchObject({ what: { from: "total", to: pool.name, quantity: 2 } });
    expect(said("pool_created")).toMatchObject({ what: { pool: pool.name }, after: { whenEmpty: "stop" } });
    expect(records.find(({ after }) => after?.["frozen"] === true)).toMatchObject({
      action: "pool_changed",
      what: { pool: "total" },
      before: { frozen: false, lanes: 1 },
      after: { frozen: true, lanes: 1, lowBelow: 3 },
    });
    expect(said("batch_void")).toMatchObject({ what: { batchId } });
    expect(said("code_voided")).toMatchObject({ what: { codeId: found.codeId } });
    const trail = records.map(({ action }) => action);
    const expected = ["stock_imported", "pool_created", "stock_transferred", "pool_changed", "batch_void"];
    expect(trail).toEqual(expect.arrayContaining([...expected, "code_looked_up", "code_voided", "expired_voided"]));
  });

  test("channels create and deposit: each reference counts once, and the key opens the shop", async () => {
    const channel = await done("channels", "create", "--name", "Shop one");
    expect(channel).toMatchObject({
      id: expect.stringMatching(/^chan_/),
      apiKey: expect.stringMatching(/^vs_[\w-]{43}$/),
    });
    const deposit = (amount: string, reference: string) => {
      const money = ["--amount", amount, "--currency", "CNY", "--reference", reference];
      return json("channels", "deposit", "--channel", channel.id, ...money);
    };
    const once = await deposit("100000", "bank-1");
    expect(once).toMatchObject({
      code: 0,
      value: { channelId: channel.id, balances: [{ available: { amount: 100_000, currency: "CNY" } }] },
    });
    const [twice, other] = await Promise.all([deposit("100000", "bank-1"), deposit("1", "bank-1")]);
    expect(twice).toEqual(once);
    expect(other).toMatchObject({ code: 1, value: { code: "idempotency_key_reused" } });
    const { value } = await deposit("50", "bank-2");
    expect(value.balances[0].available.amount).toBe(100_050);
    const lanes = (count: string) =>
      json("channels", "lanes", "--channel", channel.id, "--currency", "CNY", "--lanes", count);
    expect(await lanes("4")).toMatchObject({ code: 0, value: { channelId: channel.id, lanes: 4 } });
    expect(await lanes("3")).toMatchObject({ code: 1, value: { code: "invalid_request" } });
    expect(await lanes("1000")).toMatchObject({ code: 2, value: { errors: [{ pointer: "/lanes" }] } });
    const amounts = movementsIn(value.balances[0]).map(({ amount }) => amount);
    expect(new Set(amounts)).toEqual(new Set([100_000, 50]));
    expect(await available({ stack, channelId: channel.id, key: channel.apiKey })).toBe(100_050);
    expect((await deposit("50", "bank-3")).value.balances[0].available.amount).toBe(100_100);
  });

  test("keys create and revoke", async () => {
    const shop = await openShop(0);
    const key = await done("keys", "create", "--channel", shop.channelId, "--scopes", "account:read,catalog:read");
    const look = async () => (await http(stack, "GET", "/v1/account", { key: key.apiKey })).status;
    expect(await look()).toBe(200);
    const revoke = ["keys", "revoke", "--channel", shop.channelId, "--key", key.keyId];
    expect(await done(...revoke)).toEqual({ keyId: key.keyId });
    await eventually(async () => ((await look()) === 401 ? true : undefined), "the key is dead");
    expect(await done(...revoke)).toEqual({ keyId: key.keyId });
  });

  test("suppliers create, and a product that is bought there; its credentials come back nowhere", async () => {
    const credentials = { apiKey: "CREDENTIAL-one", webhookSecret: "CREDENTIAL-two" };
    const path = file("supplier.json", JSON.stringify(credentials));
    const named = ["--name", "Phone co", "--protocol", "vouchsafe", "--url", "http://127.0.0.1:9"];
    const supplier = await done("suppliers", "create", ...named, "--credentials", path, "--timeout-ms", "900");
    expect(supplier).toMatchObject({ id: expect.stringMatching(/^sup_/), name: "Phone co", timeoutMs: 900 });
    const source = ["--supplier", supplier.id, "--supplier-product", "prod_phone_50"];
    const product = await done("products", "create", "--kind", "topup", "--name", "Phone 50", ...priced, ...source);
    expect(product).toMatchObject({ sources: [{ supplierId: supplier.id, supplierProductId: "prod_phone_50" }] });
    expect(JSON.stringify([supplier, product])).not.toContain("CREDENTIAL");
  });
});

describe.concurrent("orders inspect", () => {
  test("shows an order's whole life without its goods", async () => {
    const [shop, { productId, codes }] = await Promise.all([openShop(5000), stockProduct(stack, 1)]);
    const { id } = (await order(shop, [{ productId, quantity: 1 }])).body;
    await http(stack, "GET", `/v1/orders/${id}/deliverables`, { key: shop.key });
    const timeline = await done("orders", "inspect", id);
    expect(timeline).toMatchObject({
      order: {
        id,
        channelId: shop.channelId,
        state: "fulfilled",
        total: { amount: 1500 },
        revealed: { by: expect.stringMatching(/^key_/) },
      },
      workflow: [],
      supplier: [],
      audit: [{ action: "codes_revealed", subject: id }],
    });
    expect(JSON.stringify(timeline)).not.toContain(codes[0]);
  });

  test("of an order that is not there is refused", async () => {
    expect(await json("orders", "inspect", "ord_nothing")).toMatchObject({ code: 1, value: { code: "not_found" } });
  });
});

describe("reviews", () => {
  let shop: SupplierShop;
  let orderId: string;
  const account = magicAccount("refused");

  beforeAll(async () => {
    shop = await supplierShop();
    orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "review", 30_000);
  });

  const listed = async () => {
    let cursor: string[] = [];
    for (let page = 0; page < 20; page++) {
      const listing = await done("reviews", "list", "--limit", "50", ...cursor);
      const found = reviewsIn(listing).find((item) => item.orderId === orderId);
      if (found !== undefined || listing.nextCursor === null) return found;
      cursor = ["--cursor", listing.nextCursor];
    }
    return undefined;
  };

  test("list says why an order waits and what was tried; decide ends it, once, with the money back", async () => {
    expect(await listed()).toMatchObject({ state: "review", reason: "sold_out", tried: [{ outcome: "rejected" }] });
    const wrong = await json("reviews", "decide", orderId, "--action", "forget", "--reason", "no such action");
    expect(wrong).toMatchObject({ code: 2, value: { code: "wrong_usage" } });

    const refund = ["reviews", "decide", orderId, "--action", "refund", "--reason", "supplier has none"];
    expect(await done(...refund)).toMatchObject({ id: orderId, state: "refunded", refunded: TOPUP_PRICE });
    expect(await json(...refund)).toMatchObject({ code: 1, value: { code: "not_in_review" } });
    expect(await listed()).toBeUndefined();

    const timeline = await done("orders", "inspect", orderId);
    expect(timeline).toMatchObject({
      order: { state: "refunded" },
      workflow: [{ execution: `${orderId}-1` }],
      supplier: [{ lineId: "1", attempts: [{ outcome: "rejected" }] }],
      audit: [{ action: "review_refund", note: "supplier has none" }],
    });
    expect(timeline.money.entries).toContainEqual(expect.objectContaining({ name: `refund:${orderId}@1#1` }));
    expect(JSON.stringify(timeline)).not.toContain(account);
    expect(deliveriesFor(shop, orderId)).toBe(0);
    expect(await available(shop)).toBe(1_000_000);
  });
});
