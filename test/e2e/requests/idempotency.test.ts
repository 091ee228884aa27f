import { generateIdentity, identityToRecipient } from "age-encryption";
import { describe, expect, test } from "vitest";
import { operations as operatorOperations } from "../../../functions/operator/operations.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { operations as storefrontOperations } from "../../../functions/storefront/operations.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { blindShop } from "../../support/deliveries/browser-like.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { http, type Json, openShop, operate, order, stockProduct, tryToOperate } from "../../support/orders/shop.ts";

// Every call that takes an Idempotency-Key: the same key with the same body is the same thing, with another body it is refused.

const stack = deployedStack();
const fresh = (): string => newId("evt");

type Operations = typeof operatorOperations & typeof storefrontOperations;
/** The names of the operations that take a key: one that is added must be told here, or this does not compile. */
type Keyed = {
  [Name in keyof Operations]: Operations[Name] extends { idempotent: string } ? Name : never;
}[keyof Operations];

/** Two requests that both may be done; and what of the answer is the thing that was made. Without `bodies` there is only one. */
type Asked = { path: string; bodies?: [object, object]; key?: string; thing?: (body: Json) => unknown };

const code = { kind: "code", name: "Music", price: { amount: 1500, currency: "CNY" } };
const idOf = (body: Json): unknown => body.id;

/** An order that is delivered, or that still waits for its payment, with the key of its channel. */
async function placed(method: "balance" | "deferred"): Promise<{ key: string; path: string }> {
  const [shop, { productId }] = await Promise.all([openShop(), stockProduct(stack, 2)]);
  const { body } = await order(shop, [{ productId, quantity: 1 }], fresh(), { payment: { method } });
  return { key: shop.key, path: `/v1/orders/${body.id}` };
}

const hooks: [object, object] = [{ url: "https://shop.example/one" }, { url: "https://shop.example/other" }];

/** An endpoint of webhooks, as its channel and as operators call it. */
async function anEndpoint(): Promise<{ key: string; path: string; admin: string }> {
  const { key, channelId } = await openShop(0);
  const { body } = await send({ path: "/v1/webhook-endpoints", key }, hooks[0], fresh());
  const path = `/v1/webhook-endpoints/${body.id}`;
  return { key, path, admin: `/admin/v1/channels/${channelId}/webhook-endpoints/${body.id}` };
}

const recipient = async (): Promise<object> => ({ recipient: await identityToRecipient(await generateIdentity()) });

const scenes: Record<Keyed, () => Promise<Asked>> = {
  createProduct: async () => ({
    path: "/admin/v1/products",
    bodies: [code, { ...code, price: { amount: 1, currency: "CNY" } }],
    thing: idOf,
  }),
  createVersion: async () => {
    const { productId } = await stockProduct(stack, 0);
    return {
      path: `/admin/v1/products/${productId}/versions`,
      bodies: [
        { base: 1, change: { name: "One" } },
        { base: 1, change: { name: "Other" } },
      ],
      thing: ({ version, name }) => [version, name],
    };
  },
  createSupplier: async () => {
    const credentials = { apiKey: "CREDENTIAL-key", webhookSecret: "CREDENTIAL-secret" };
    const supplier = { name: "S", protocol: "vouchsafe", baseUrl: "http://127.0.0.1:9", credentials };
    const other = { ...supplier, credentials: { ...credentials, apiKey: "CREDENTIAL-other" } };
    return { path: "/admin/v1/suppliers", bodies: [supplier, other], thing: idOf };
  },
  createChannel: async () => ({
    path: "/admin/v1/channels",
    bodies: [{ name: "One" }, { name: "Other" }],
    thing: idOf,
  }),
  createKey: async () => ({
    path: `/admin/v1/channels/${(await openShop(0)).channelId}/keys`,
    bodies: [{ scopes: ["orders:read"] }, { scopes: ["codes:reveal"] }],
    thing: ({ keyId }) => keyId,
  }),
  rotateKey: async () => {
    const { channelId } = await openShop(0);
    const keys = `/admin/v1/channels/${channelId}/keys`;
    const { body } = await send({ path: keys }, { scopes: ["orders:read"] }, fresh());
    return {
      path: `${keys}/${body.keyId}/rotations`,
      bodies: [{ overlapSeconds: 60 }, { overlapSeconds: 61 }],
      thing: ({ keyId }) => keyId,
    };
  },
  createImport: async () => ({
    path: `/admin/v1/products/${(await stockProduct(stack, 0)).productId}/imports`,
    bodies: [{ dryRun: true }, { dryRun: false }],
    thing: ({ importId }) => importId,
  }),
  generateCodes: async () => ({
    path: `/admin/v1/products/${(await stockProduct(stack, 0)).productId}/generations`,
    bodies: [{ count: 1 }, { count: 2 }],
    thing: ({ importId }) => importId,
  }),
  createPool: async () => {
    const owner = { kind: "campaign", subject: "spring" };
    return {
      path: `/admin/v1/products/${(await stockProduct(stack, 0)).productId}/pools`,
      bodies: [
        { owner, whenEmpty: "stop" },
        { owner: { ...owner, subject: "autumn" }, whenEmpty: "borrow" },
      ],
      thing: ({ name }) => name,
    };
  },
  transferStock: async () => {
    const { productId } = await stockProduct(stack, 4);
    const path = `/admin/v1/products/${productId}/pools`;
    const owner = { kind: "campaign", subject: "spring" };
    const pool = await operate(stack, { method: "POST", path, json: { owner, whenEmpty: "stop" } });
    const move = { from: "total", to: pool.name };
    return {
      path: `/admin/v1/products/${productId}/transfers`,
      bodies: [
        { ...move, quantity: 1 },
        { ...move, quantity: 2 },
      ],
      thing: ({ quantity }) => quantity,
    };
  },
  placeOrder: async () => {
    const [{ key }, { productId }] = await Promise.all([openShop(), stockProduct(stack, 9)]);
    const bodyOf = (quantity: number) => ({ lines: [{ productId, quantity }], payment: { method: "balance" } });
    return { path: "/v1/orders", bodies: [bodyOf(1), bodyOf(2)], key, thing: idOf };
  },
  openCase: async () => {
    const { key, path } = await placed("balance");
    const bodies: [object, object] = [
      { kind: "refund", lineId: "1" },
      { kind: "void_and_reissue", lineId: "1" },
    ];
    return { path: `${path}/cases`, bodies, key, thing: idOf };
  },
  exportDeliverables: async () => {
    const { key, path } = await placed("balance");
    return {
      path: `${path}/deliverables/file`,
      bodies: [await recipient(), await recipient()],
      key,
      thing: ({ url }) => new URL(url).pathname,
    };
  },
  createWebhookEndpoint: async () => ({
    path: "/v1/webhook-endpoints",
    bodies: hooks,
    key: (await openShop(0)).key,
    thing: idOf,
  }),
  createChannelsEndpoint: async () => ({
    path: `/admin/v1/channels/${(await openShop(0)).channelId}/webhook-endpoints`,
    bodies: hooks,
    thing: idOf,
  }),
  // These know one body, and what their path names.
  rotateWebhookSecret: async () => {
    const { key, path } = await anEndpoint();
    return { path: `${path}/rotations`, key, thing: idOf };
  },
  testWebhookEndpoint: async () => {
    const { key, path } = await anEndpoint();
    return { path: `${path}/tests`, key, thing: idOf };
  },
  attemptWebhookDelivery: async () => {
    const { key, path } = await anEndpoint();
    const { body } = await send({ path: `${path}/tests`, key }, {}, fresh());
    return { path: `${path}/deliveries/${body.id}/attempts`, key, thing: idOf };
  },
  rotateChannelsSecret: async () => ({ path: `${(await anEndpoint()).admin}/rotations`, thing: idOf }),
  testChannelsEndpoint: async () => ({ path: `${(await anEndpoint()).admin}/tests`, thing: idOf }),
  attemptChannelsDelivery: async () => {
    const { admin } = await anEndpoint();
    const { body } = await send({ path: `${admin}/tests` }, {}, fresh());
    return { path: `${admin}/deliveries/${body.id}/attempts`, thing: idOf };
  },
  payOrder: async () => {
    const { key, path } = await placed("deferred");
    return { path: `${path}/payments`, key, thing: idOf };
  },
  createDeposit: async () => {
    const provider = `away-${fresh().slice(-8)}`;
    const credentials = { apiKey: "CREDENTIAL-key", webhookSecret: "CREDENTIAL-secret" };
    const json = { name: provider, protocol: "simulated", baseUrl: "http://127.0.0.1:9", credentials };
    await operate(stack, { method: "POST", path: "/admin/v1/payment-providers", json });
    const bodyOf = (amount: number) => ({ amount: { amount, currency: "CNY" }, payment: { provider } });
    return { path: "/v1/deposits", bodies: [bodyOf(1), bodyOf(2)], key: (await openShop(0)).key, thing: idOf };
  },
  refundOrder: async () => {
    const [shop, { productId }] = await Promise.all([openShop(), stockProduct(stack, 3)]);
    const { id } = (await order(shop, [{ productId, quantity: 3 }])).body as { id: string };
    return {
      path: `/admin/v1/orders/${id}/refunds`,
      bodies: [
        { pieces: 1, reason: "r" },
        { pieces: 2, reason: "r" },
      ],
      thing: ({ refunded }) => refunded,
    };
  },
  cancelOrder: async () => {
    const { key, path } = await placed("deferred");
    return { path: `${path}/cancel`, key, thing: idOf };
  },
  renewLink: async () => {
    const [shop, { productId }] = await Promise.all([blindShop(), stockProduct(stack, 1)]);
    const { body } = await order(shop, [{ productId, quantity: 1 }], fresh());
    return { path: `/v1/orders/${body.id}/delivery-links`, key: shop.key, thing: ({ deliveryUrl }) => deliveryUrl };
  },
  rotateLink: async () => {
    const { path } = await placed("balance");
    return { path: `/admin${path}/delivery-links`, thing: ({ link }) => link };
  },
};

const keyed = Object.entries<Operation>({ ...operatorOperations, ...storefrontOperations }).filter(
  ([, { idempotent }]) => idempotent !== undefined,
) as [Keyed, Operation][];

/** Sends a request, as a channel if it has a key, otherwise as an operator. */
async function send(
  { path, key }: Asked,
  json: object,
  idempotencyKey: string,
): Promise<{ status: number; body: Json }> {
  if (key === undefined) return tryToOperate(stack, { method: "POST", path, json, idempotencyKey });
  return http(stack, "POST", path, { key, json, headers: { "Idempotency-Key": idempotencyKey } });
}

const reused = { status: 422, body: { code: "idempotency_key_reused" } };

test("every operation that takes a key is here, and no other", () => {
  expect(Object.keys(scenes).toSorted()).toEqual(keyed.map(([name]) => name).toSorted());
});

describe.concurrent.each(keyed)("%s", (name) => {
  test("with one key and one body is one thing; with another body it is refused, and the thing stays", async () => {
    const asked = await scenes[name]();
    const { bodies: [one, other] = [{ method: "balance" }], thing = idOf } = asked;
    const key = fresh();
    const first = await send(asked, one, key);
    expect([name, first.status, first.body]).toEqual([name, expect.toBeOneOf([200, 201, 202]), first.body]);
    const refused = other === undefined ? reused : await send(asked, other, key);
    expect(refused).toMatchObject(reused);
    const again = await send(asked, one, key);
    expect([again.status < 300, thing(again.body)]).toEqual([true, thing(first.body)]);
  });

  test("of two unlike bodies at once, one is done and the other refused", async () => {
    const asked = await scenes[name]();
    const { bodies } = asked;
    if (bodies === undefined) return;
    const key = fresh();
    const both = await Promise.all(bodies.map((body) => send(asked, body, key)));
    const done = both.filter(({ status }) => status < 300);
    expect([done.length, both.map(({ status }) => status)]).toEqual([1, expect.arrayContaining([422])]);
    const winner = bodies[both.findIndex(({ status }) => status < 300)] ?? {};
    expect((await send(asked, winner, key)).status).toBeLessThan(300);
  });
});

test("a refused request leaves its key free for another body", async () => {
  const key = fresh();
  const path = "/admin/v1/products";
  const nobody = [{ supplierId: `sup_${"0".repeat(26)}`, supplierProductId: "x" }];
  const refused = await send({ path }, { ...code, sources: nobody }, key);
  expect(refused.status).toBe(400);
  expect((await send({ path }, code, key)).status).toBe(201);
});
