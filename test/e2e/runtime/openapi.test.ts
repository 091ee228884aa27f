import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { AwsClient } from "aws4fetch";
import { beforeAll, describe, expect, test } from "vitest";
import { operations as buyer } from "../../../functions/buyer/operations.ts";
import { operations as developer } from "../../../functions/developer/operations.ts";
import { operations as operator } from "../../../functions/operator/operations.ts";
import { operations as payment } from "../../../functions/payment/operations.ts";
import { operations as storefront } from "../../../functions/storefront/operations.ts";
import { operations as supplier } from "../../../functions/supplier/operations.ts";
import { credentials } from "../../../infra/local/deploy.ts";
import { closeBook } from "../../../shared/closings/close.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { withKey } from "../../support/orders/refusals.ts";
import { http, type Json, openShop, operate, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import {
  checkOf,
  type Document,
  mismatch,
  OpenApi31,
  operationsOf,
  readDocument,
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

  test("of the operator API is served to operators", async () => {
    const answer: unknown = await operate(stack, { method: "GET", path: "/admin/v1/openapi.json" });
    expect(OpenApi31.safeParse(answer).error?.issues ?? []).toEqual([]);
    const ids = operationsOf(OpenApi31.parse(answer)).map(({ operationId }) => operationId);
    expect(ids.toSorted()).toEqual(Object.keys(operator).toSorted());
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
    [shop, { productId }] = await Promise.all([openShop(50_000), stockProduct(stack, 7)]);
  });

  /** Every call about webhooks once, of an endpoint that is deleted in the end. */
  async function webhookAnswers() {
    const at = "/v1/webhook-endpoints";
    const keyed = (name: string) => ({ headers: { "Idempotency-Key": name } });
    const made = await call("POST", at, { ...keyed("hook"), json: { url: "https://shop.example/" } });
    const one = `${at}/${made.body.id}`;
    const tested = await call("POST", `${one}/tests`, keyed("test"));
    const range = { from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" };
    return {
      createWebhookEndpoint: made,
      testWebhookEndpoint: tested,
      listWebhookEndpoints: await call("GET", at),
      getWebhookEndpoint: await call("GET", one),
      changeWebhookEndpoint: await call("PATCH", one, { json: { enabled: false } }),
      rotateWebhookSecret: await call("POST", `${one}/rotations`, keyed("rotate")),
      listWebhookDeliveries: await call("GET", `${one}/deliveries`),
      attemptWebhookDelivery: await call("POST", `${one}/deliveries/${tested.body.id}/attempts`, keyed("again")),
      replayWebhookDeliveries: await call("POST", `${one}/replays`, { json: range }),
      deleteWebhookEndpoint: await call("DELETE", one),
    };
  }

  /** Every call about deposits once, at a provider that can't be reached. */
  async function depositAnswers() {
    const provider = `away-${newId("evt").slice(-8)}`;
    const credentials = { apiKey: "key", webhookSecret: "secret" };
    const json = { name: provider, protocol: "simulated", baseUrl: "http://127.0.0.1:9", credentials };
    await operate(stack, { method: "POST", path: "/admin/v1/payment-providers", json });
    const made = await call("POST", "/v1/deposits", {
      headers: { "Idempotency-Key": "deposit" },
      json: { amount: { amount: 500, currency: "CNY" }, payment: { provider }, reference: "r" },
    });
    return {
      createDeposit: made,
      listDeposits: await call("GET", "/v1/deposits"),
      getDeposit: await call("GET", `/v1/deposits/${made.body.id}`),
    };
  }

  /** Every call about a case once, of an order whose code nobody has seen. */
  async function caseAnswers(orderId: string) {
    const at = `/v1/orders/${orderId}/cases`;
    const json = { kind: "void_and_reissue", lineId: "1", pieces: [1] };
    const opened = await call("POST", at, { json, headers: { "Idempotency-Key": "case" } });
    return {
      openCase: opened,
      listCases: await call("GET", at),
      getCase: await call("GET", `${at}/${opened.body.id}`),
    };
  }

  /** The calls about closed days, of one that the shop's first deposit has. */
  async function statementAnswers() {
    const deps = domain();
    const book = { owner: shop.channelId, currency: "CNY" };
    await closeBook({ ...deps, zone: "UTC" }, book, new Date(Date.now() + 2 * 86_400_000));
    const listed = await call("GET", "/v1/statements?currency=CNY");
    const [{ day } = { day: "" }] = listed.body.data as { day: string }[];
    return {
      listStatements: listed,
      listStatementMovements: await call("GET", `/v1/statements/${day}?currency=CNY`),
      getMonthlyStatement: await call("GET", `/v1/statements/months/${day.slice(0, 7)}?currency=CNY`),
    };
  }

  test("when all goes well", async () => {
    const bought = await order(shop, [{ productId, quantity: 2 }], "k", { reference: "r", metadata: { a: "b" } });
    const seller = await withKey(shop, ["orders:write"]);
    const unseen = await order(seller, [{ productId, quantity: 1 }]);
    const headers = { "Idempotency-Key": "c" };
    const kept = await order(shop, [{ productId, quantity: 1 }], "kept", { payment: { method: "deferred" } });
    const answers = {
      ...(await depositAnswers()),
      ...(await webhookAnswers()),
      ...(await statementAnswers()),
      ...(await caseAnswers((await order(seller, [{ productId, quantity: 1 }])).body.id as string)),
      renewLink: await call("POST", `/v1/orders/${bought.body.id}/delivery-links`, {
        headers: { "Idempotency-Key": "link" },
      }),
      placeOrder: bought,
      createQuote: await call("POST", "/v1/quotes", { json: { lines: [{ productId, quantity: 2 }] } }),
      eraseContact: await call("DELETE", `/v1/orders/${bought.body.id}/contact`),
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
      expect([name, answer.status]).toEqual([name, storefront[name as keyof typeof storefront].answer.status]);
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

test("the routes of the deployed API are the operations that we describe, and two for all other addresses", async () => {
  const apiId = /execute-api\/(\w+)\//.exec(stack.apiUrl)?.[1];
  const aws = new AwsClient({ ...credentials, region: stack.region, service: "apigateway", retries: 0 });
  const answer = await aws.fetch(`${stack.awsEndpoint}/v2/apis/${apiId}/routes`);
  const { items } = (await answer.json()) as { items: { routeKey: string; authorizationType: string }[] };
  const routes = items.map(({ routeKey, authorizationType }) => `${routeKey} ${authorizationType}`);
  const expected = (operations: object, authorization: string) =>
    Object.values(operations).map(({ method, path }: Json) => `${method} ${path} ${authorization}`);
  expect(routes.sort()).toEqual(
    [
      "$default NONE",
      "ANY /admin/{proxy+} AWS_IAM",
      ...expected({ ...storefront, ...buyer, ...developer, ...supplier, ...payment }, "NONE"),
      ...Object.values({ ...buyer, ...developer }).flatMap(({ method, path }) =>
        method === "GET" ? [`HEAD ${path} NONE`] : [],
      ),
      ...expected(operator, "AWS_IAM"),
    ].sort(),
  );
});
