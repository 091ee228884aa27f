import { AwsClient } from "aws4fetch";
import { describe, expect, test } from "vitest";
import { operations } from "../../../functions/operator/operations.ts";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import {
  http,
  type Json,
  makeCodes,
  openShop,
  operate,
  orderIn,
  stockProduct,
  tryToOperate,
} from "../../support/orders/shop.ts";
import { idsIn, pointersIn } from "../../support/orders/shown.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { topUp } from "../../support/suppliers/topup-orders.ts";

const stack = deployedStack();

const post = (path: string, json: unknown, idempotencyKey?: string): Promise<{ status: number; body: Json }> =>
  tryToOperate(stack, { method: "POST", path, json, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });

const price = { amount: 1500, currency: "CNY" };
const code = { kind: "code", name: "Music", price };
const supplier = {
  name: "Phone co",
  protocol: "vouchsafe",
  baseUrl: "http://127.0.0.1:9",
  credentials: { apiKey: "CREDENTIAL-key", webhookSecret: "CREDENTIAL-secret" },
};

describe("the operator API", () => {
  test("is closed to whoever has no AWS credentials: every call, also with a channel's key", async () => {
    const { key } = await openShop(0);
    for (const { method, path } of Object.values(operations)) {
      const concrete = path.replaceAll(/\{\w+\}/g, "x");
      const options = method === "POST" ? { json: {} } : {};
      const unsigned = await http(stack, method, concrete, options);
      expect([path, unsigned.status, unsigned.body]).toEqual([path, 403, { message: "Forbidden" }]); // the gateway's words
      // Should a gateway let something else than a signature through, the handlers still ask who is calling.
      const withKey = await http(stack, method, concrete, { ...options, key });
      expect([path, withKey.status]).toEqual([path, expect.toBeOneOf([401, 403])]);
    }
  });

  test("is closed to a signature with the wrong secret", async () => {
    const stranger = new AwsClient({
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
      secretAccessKey: "wrong",
      region: stack.region,
      service: "execute-api",
      retries: 0,
    });
    const answer = await stranger.fetch(`${stack.apiUrl}/admin/v1/reviews`);
    expect(answer.status).toBe(403);
  });
});

describe.concurrent("a bad body is refused with a problem that points at what is wrong:", () => {
  const channel = async () => `/admin/v1/channels/${(await openShop(0)).channelId}`;
  const suppliers = "/admin/v1/suppliers";
  const products = "/admin/v1/products";
  const twins = { scopes: ["root"], extra: true };

  test.each<[string, () => string | Promise<string>, unknown, string[]]>([
    ["a product of nothing", () => products, {}, ["/kind", "/name", "/price"]],
    ["a free product", () => products, { ...code, price: { ...price, amount: 0 } }, ["/price"]],
    ["a product for a fraction", () => products, { ...code, price: { ...price, amount: 0.5 } }, ["/price/amount"]],
    [
      "a product in no currency",
      () => products,
      { ...code, price: { amount: 1, currency: "yuan" } },
      ["/price/currency"],
    ],
    [
      "a product of a supplier that is not there",
      () => products,
      { ...code, sources: [{ stock: true }, { supplierId: `sup_${"0".repeat(26)}`, supplierProductId: "x" }] },
      ["/sources/1/supplierId"],
    ],
    [
      "a product that its supplier could not tell from others",
      () => products,
      { ...code, sources: [{ supplierId: `sup_${"0".repeat(26)}` }] },
      ["/sources/0/supplierProductId"],
    ],
    ["a top-up from nowhere", () => products, { ...code, kind: "topup" }, ["/sources"]],
    ["a product with an unknown field", () => products, { ...code, cost: 1 }, ["/cost"]],
    ["a channel without a name", () => "/admin/v1/channels", { name: " " }, ["/name"]],
    ["a key that may all", async () => `${await channel()}/keys`, twins, ["/extra", "/scopes/0"]],
    ["a key that may nothing", async () => `${await channel()}/keys`, { scopes: [] }, ["/scopes"]],
    [
      "a deposit of nothing",
      async () => `${await channel()}/deposits`,
      { money: { ...price, amount: 0 }, reference: "r" },
      ["/money"],
    ],
    [
      "a deposit taken out",
      async () => `${await channel()}/deposits`,
      { money: { ...price, amount: -1 }, reference: "r" },
      ["/money", "/money/amount"],
    ],
    ["a deposit without a reference", async () => `${await channel()}/deposits`, { money: price }, ["/reference"]],
    ["a supplier by another protocol", () => suppliers, { ...supplier, protocol: "ftp" }, ["/protocol"]],
    ["a supplier at a file", () => suppliers, { ...supplier, baseUrl: "file:///etc/passwd" }, ["/baseUrl"]],
    [
      "a supplier with a password in its address",
      () => suppliers,
      { ...supplier, baseUrl: "https://me:CREDENTIAL@127.0.0.1:9/" },
      ["/baseUrl"],
    ],
    ["a rate within a currency", () => "/admin/v1/rates", { from: "CNY", to: "CNY", rate: "2" }, ["/to"]],
    [
      "a restore to a moment to come",
      () => "/admin/v1/stock-restorations",
      { since: "2999-01-01T00:00:00Z" },
      ["/since"],
    ],
    [
      "a supplier without a secret",
      () => suppliers,
      { ...supplier, credentials: { apiKey: "CREDENTIAL" } },
      ["/credentials/webhookSecret"],
    ],
    [
      "a supplier with another credential",
      () => suppliers,
      { ...supplier, credentials: { ...supplier.credentials, pin: "CREDENTIAL" } },
      ["/credentials/pin"],
    ],
    ["a supplier that never times out", () => suppliers, { ...supplier, timeoutMs: 60_000 }, ["/timeoutMs"]],
    [
      "a decision of another kind",
      () => "/admin/v1/reviews/ord_1/decisions",
      { action: "burn", reason: "" },
      ["/action"],
    ],
    [
      "a decision without what it is about",
      () => "/admin/v1/reviews/ord_1/decisions",
      { action: "replace", reason: "", with: { from: "thin air" } },
      ["/lineId", "/reason", "/with/from"],
    ],
  ])("%s", async (_what, path, body, pointers) => {
    const answer = await post(await path(), body);
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: "invalid_request",
        status: 400,
        type: "/docs/problems/invalid_request",
        requestId: expect.any(String),
      },
    });
    expect(pointersIn(answer.body)).toEqual(pointers);
    expect(JSON.stringify(answer.body)).not.toContain("CREDENTIAL");
  });

  test("a file of codes with an unknown column, or sent as JSON", async () => {
    const { productId } = await stockProduct(stack, 0);
    const path = `/admin/v1/products/${productId}/stock-imports`;
    const wrong = (await tryToOperate(stack, { method: "POST", path, csv: "pin,secret\n1,VSTEST-1\n" })).body as Json;
    expect(wrong).toMatchObject({ code: "invalid_request", errors: [{ pointer: expect.stringMatching(/^\/header/) }] });
    expect((await post(path, { secret: "VSTEST-1" })).body.code).toBe("unsupported_media_type");
    expect(JSON.stringify(wrong)).not.toContain("VSTEST-1");
  });

  test("things that are not there are not found", async () => {
    const csv = `secret\n${makeCodes(1)[0]}\n`;
    const calls = [
      { method: "POST", path: "/admin/v1/products/prod_none/stock-imports", csv },
      { method: "GET", path: "/admin/v1/products/prod_none/stock" },
      { method: "POST", path: "/admin/v1/channels/chan_none/keys", json: { scopes: ["orders:read"] } },
      { method: "DELETE", path: "/admin/v1/channels/chan_none/keys/key_none" },
      { method: "POST", path: "/admin/v1/channels/chan_none/deposits", json: { money: price, reference: "r" } },
      { method: "GET", path: "/admin/v1/orders/ord_none" },
      { method: "POST", path: "/admin/v1/reviews/ord_none/decisions", json: { action: "retry", reason: "r" } },
    ] as const;
    for (const call of calls) {
      const answer = await tryToOperate(stack, call);
      expect([call.path, answer.status, (answer.body as Json).code]).toEqual([call.path, 404, "not_found"]);
    }
  });
});

describe.concurrent("creating with one Idempotency-Key creates one thing", () => {
  test.each([
    ["/admin/v1/products", code, { ...code, name: "Other" }],
    ["/admin/v1/channels", { name: "Shop" }, { name: "Other" }],
    ["/admin/v1/suppliers", supplier, { ...supplier, name: "Other" }],
  ])("%s", async (path, body, other) => {
    const key = crypto.randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => post(path, body, key)));
    answers.push(await post(path, body, key));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 201));
    expect(new Set(idsIn(answers.map(({ body }) => body as unknown))).size).toBe(1);
    expect(answers.filter(({ body }) => body.apiKey !== undefined)).toHaveLength(path.endsWith("channels") ? 1 : 0);
    expect(await post(path, other, key)).toMatchObject({ status: 422, body: { code: "idempotency_key_reused" } });
  });

  test("a supplier's other credentials are another body, and change nothing", async () => {
    const key = crypto.randomUUID();
    const made = await post("/admin/v1/suppliers", supplier, key);
    expect(made.status).toBe(201);
    const other = { ...supplier, credentials: { ...supplier.credentials, apiKey: "CREDENTIAL-other" } };
    expect(await post("/admin/v1/suppliers", other, key)).toMatchObject({ status: 422 });
  });

  test("without a key nothing is created", async () => {
    for (const path of ["/admin/v1/products", "/admin/v1/channels", "/admin/v1/suppliers"])
      expect(await post(path, {}, "")).toMatchObject({ status: 400, body: { code: "idempotency_key_missing" } });
  });
});

test("a supplier's credentials come back in no answer and no record, whatever becomes of its orders", async () => {
  const shop = await supplierShop();
  const orderId = await topUp(shop, magicAccount("refused"));
  await orderIn(shop, orderId, "review");
  const { apiKey, webhookSecret } = shop.supplier;
  const answers = [
    await operate(stack, { method: "GET", path: `/admin/v1/orders/${orderId}` }),
    await operate(stack, { method: "GET", path: "/admin/v1/reviews", query: { limit: "100" } }),
    (await post(`/admin/v1/reviews/${orderId}/decisions`, { action: "refund", reason: "none left" })).body,
    await operate(stack, {
      method: "POST",
      path: "/admin/v1/suppliers",
      json: { ...supplier, credentials: { apiKey, webhookSecret } },
    }),
    await trailOf(domain(), orderId),
    await trailOf(domain(), shop.supplierId),
  ];
  for (const credential of [apiKey, webhookSecret]) expect(JSON.stringify(answers)).not.toContain(credential);
  expect(answers.at(-1)).toMatchObject([{ action: "supplier_created", by: expect.stringMatching(/^arn:/) }]);
  await closeSuppliers();
});
