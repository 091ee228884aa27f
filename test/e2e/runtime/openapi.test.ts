import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { AwsClient } from "aws4fetch";
import { beforeAll, describe, expect, test } from "vitest";
import { operations as operator } from "../../../functions/operator/operations.ts";
import { operations as storefront } from "../../../functions/storefront/operations.ts";
import { operations as supplier } from "../../../functions/supplier/operations.ts";
import { credentials } from "../../../infra/local/deploy.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { withKey } from "../../support/orders/refusals.ts";
import { http, type Json, openShop, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import {
  checkOf,
  type Document,
  mismatch,
  OpenApi31,
  operationsOf,
  readDocument,
  refsIn,
  resolve,
} from "../../support/runtime/openapi.ts";

const stack = deployedStack();
let document: Document;

beforeAll(async () => {
  document = await readDocument(stack);
});

const described = (id: string) => {
  const found = operationsOf(document).find(({ operationId }) => operationId === id);
  if (found === undefined) throw new Error(`${id} is not in the document`);
  return found;
};

describe("the OpenAPI document", () => {
  test("is served to anyone, and may be kept a while", async () => {
    const answer = await http(stack, "GET", "/v1/openapi.json");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("cache-control")).toBe("public, max-age=300");
    expect(OpenApi31.safeParse(answer.body).error?.issues ?? []).toEqual([]);
  });

  test("describes each call that a channel can make, once", () => {
    const all = operationsOf(document).map(({ operationId, method, path }) => `${operationId}: ${method} ${path}`);
    const made = Object.entries(storefront).map(([name, { method, path }]) => `${name}: ${method} ${path}`);
    expect(all.sort()).toEqual(made.sort());
  });

  test("refers to nothing that is not there, and holds nothing that nobody refers to", () => {
    const refs = [...new Set(refsIn(document))];
    expect(refs.filter((ref) => resolve(document, ref) === undefined)).toEqual([]);
    const used = refs.map((ref) => ref.replace("#/components/schemas/", ""));
    expect(Object.keys(document.components.schemas).toSorted()).toEqual(used.toSorted());
  });

  test("holds only schemas that can be used to check things", () => {
    for (const schema of Object.values(document.components.schemas))
      expect(() => checkOf(document, schema)).not.toThrow();
    for (const { parameters, requestBody } of operationsOf(document)) {
      for (const { schema } of parameters) expect(() => checkOf(document, schema)).not.toThrow();
      for (const { schema } of Object.values(requestBody?.content ?? {})) checkOf(document, schema);
    }
  });

  test("declares the parameters of each path, and only those", () => {
    for (const { path, parameters, operationId } of operationsOf(document)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((parameter) => parameter.in === "path");
      expect([operationId, declared.map(({ name }) => name)]).toEqual([operationId, inPath]);
      expect(declared.every(({ required }) => required)).toBe(true);
    }
  });

  test("says of each call how it succeeds and how it may be refused, and who may call it", () => {
    for (const { operationId, responses, security } of operationsOf(document)) {
      const { answer, scope } = storefront[operationId as keyof typeof storefront] as Json;
      const statuses = Object.keys(responses);
      expect(statuses).toContain(String(answer.status));
      expect(statuses.filter((status) => status < "300")).toHaveLength(1);
      expect(statuses).toEqual(
        expect.arrayContaining(scope === undefined ? ["500"] : ["400", "401", "403", "500", "503"]),
      );
      for (const [status, { content, headers }] of Object.entries(responses)) {
        expect(Object.keys(content ?? {})).toEqual([status < "300" ? "application/json" : "application/problem+json"]);
        expect(headers).toHaveProperty("X-Request-Id");
      }
      expect(security).toEqual(scope === undefined ? [] : [{ apiKey: [] }]);
    }
  });

  test("wants an Idempotency-Key of every call that creates or moves something", () => {
    for (const { method, parameters } of operationsOf(document)) {
      const key = parameters.find(({ name }) => name === "Idempotency-Key");
      expect(key?.required ?? false).toBe(method === "POST");
    }
  });

  test("lets in what the API lets in, and refuses what it refuses", () => {
    const check = checkOf(document, described("placeOrder").requestBody?.content["application/json"]?.schema);
    const good = { lines: [{ productId: `prod_${"0".repeat(26)}`, quantity: 1 }], payment: { method: "balance" } };
    expect(check.safeParse(good).success).toBe(true);
    const bad = [
      {},
      { ...good, coupon: 1 },
      { ...good, lines: [] },
      { ...good, lines: [{ ...good.lines[0], quantity: 0 }] },
      { ...good, lines: [{ ...good.lines[0], quantity: 1.5 }] },
      { ...good, lines: [{ ...good.lines[0], productId: "x" }] },
      { ...good, payment: { method: "checkout" } },
    ];
    expect(bad.filter((body) => check.safeParse(body).success)).toEqual([]);
  });
});

describe("what the API really answers is what the document says", () => {
  let shop: Shop;
  let productId: string;
  const call = (method: string, path: string, more: object = {}) =>
    http(stack, method, path, { key: shop.key, ...more });

  beforeAll(async () => {
    [shop, { productId }] = await Promise.all([openShop(50_000), stockProduct(stack, 5)]);
  });

  test("when all goes well", async () => {
    const bought = await order(shop, [{ productId, quantity: 2 }], "k", { reference: "r", metadata: { a: "b" } });
    const seller = await withKey(shop, ["orders:write"]);
    const unseen = await order(seller, [{ productId, quantity: 1 }]);
    const headers = { "Idempotency-Key": "c" };
    const kept = await order(shop, [{ productId, quantity: 1 }], "kept", { payment: { method: "deferred" } });
    const answers = {
      placeOrder: bought,
      cancelOrder: await call("POST", `/v1/orders/${unseen.body.id}/cancel`, { headers }),
      payOrder: await call("POST", `/v1/orders/${kept.body.id}/payments`, { headers, json: { method: "balance" } }),
      getOrder: await call("GET", `/v1/orders/${bought.body.id}`),
      listOrders: await call("GET", "/v1/orders?limit=2"),
      getDeliverables: await call("GET", `/v1/orders/${bought.body.id}/deliverables`),
      exportDeliverables: await call("POST", `/v1/orders/${bought.body.id}/deliverables/file`, {
        headers,
        json: { recipient: await identityToRecipient(await generateX25519Identity()) },
      }),
      listProducts: await call("GET", "/v1/products?limit=3"),
      getProduct: await call("GET", `/v1/products/${productId}`),
      getAccount: await call("GET", "/v1/account"),
      getOpenapi: await call("GET", "/v1/openapi.json"),
    };
    expect(Object.keys(answers).toSorted()).toEqual(Object.keys(storefront).toSorted());
    for (const [name, answer] of Object.entries(answers)) {
      expect([name, answer.status]).toEqual([name, name === "placeOrder" ? 201 : 200]);
      expect([name, mismatch(document, described(name), answer)]).toEqual([name, []]);
    }
  });

  test("when it does not", async () => {
    const refused = {
      placeOrder: [
        await order(shop, [{ productId, quantity: 0 }]),
        await order(shop, [{ productId, quantity: 50 }]),
        await order(shop, [{ productId: `prod_${"0".repeat(26)}`, quantity: 1 }]),
        await call("POST", "/v1/orders", { raw: "x", headers: { "Idempotency-Key": "k" } }),
        await call("POST", "/v1/orders", { key: null }),
      ],
      getOrder: [await call("GET", "/v1/orders/x"), await call("GET", `/v1/orders/${"x".repeat(41)}`)],
      listOrders: [await call("GET", "/v1/orders?limit=0"), await call("GET", "/v1/orders", { key: "x" })],
    };
    for (const [name, answers] of Object.entries(refused))
      for (const answer of answers) {
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect([name, mismatch(document, described(name), answer)]).toEqual([name, []]);
      }
  });
});

test("the routes of the deployed API are the operations that we describe, and no other", async () => {
  const apiId = /execute-api\/(\w+)\//.exec(stack.apiUrl)?.[1];
  const aws = new AwsClient({ ...credentials, region: stack.region, service: "apigateway", retries: 0 });
  const answer = await aws.fetch(`${stack.awsEndpoint}/v2/apis/${apiId}/routes`);
  const { items } = (await answer.json()) as { items: { routeKey: string; authorizationType: string }[] };
  const routes = items.map(({ routeKey, authorizationType }) => `${routeKey} ${authorizationType}`);
  const expected = (operations: object, authorization: string) =>
    Object.values(operations).map(({ method, path }: Json) => `${method} ${path} ${authorization}`);
  expect(routes.sort()).toEqual(
    ["$default NONE", ...expected({ ...storefront, ...supplier }, "NONE"), ...expected(operator, "AWS_IAM")].sort(),
  );
});
