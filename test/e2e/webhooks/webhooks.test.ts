import { afterAll, describe, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { http, openShop, operate, order, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { receiver, type Took } from "../../support/webhooks/receiver-process.ts";

const stack = deployedStack();
const AT = "/v1/webhook-endpoints";
const started: { kill: () => Promise<void> }[] = [];
afterAll(() => Promise.all(started.map((one) => one.kill())));

const call = (shop: Shop, method: string, path: string, json?: object, key: string = crypto.randomUUID()) =>
  http(stack, method, path, {
    key: shop.key,
    headers: method === "POST" ? { "Idempotency-Key": key } : {},
    ...(json === undefined ? {} : { json }),
  });

/** A shop with a receiver of its webhooks, which is up. */
async function shopWithReceiver(slowMs = 0) {
  const [shop, { productId }, itsReceiver] = await Promise.all([openShop(), stockProduct(stack, 30), receiver(stack)]);
  started.push(itsReceiver);
  const { status, body: endpoint } = await call(shop, "POST", AT, { url: itsReceiver.url });
  if (status !== 201) throw new Error(JSON.stringify(endpoint));
  await itsReceiver.start(endpoint.secret, slowMs);
  const buy = async (): Promise<string> => (await order(shop, [{ productId, quantity: 1 }])).body.id;
  return { shop, receiver: itsReceiver, endpoint, buy };
}

/** What was taken of each order, without what came more than once, in the order in which it came first. */
const numbersOf = (took: readonly Took[]): Record<string, number[]> =>
  Object.fromEntries(
    [...Map.groupBy(took, ({ data }) => data.id)].map(([id, of]) => [
      id,
      [...new Set(of.map(({ data }) => data.number ?? 0))],
    ]),
  );

describe.concurrent("webhooks", () => {
  test("tell a receiver with the public library of a sale, in order, with ids and states", async ({ expect }) => {
    const { receiver, buy } = await shopWithReceiver();
    const id = await buy();
    await expect.poll(() => numbersOf(receiver.took())).toEqual({ [id]: [1, 2, 3] });
    expect(receiver.took().map(({ type }) => type)).toEqual(["order.placed", "order.paid", "order.fulfilled"]);
    expect(receiver.took().at(-1)).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: "order.fulfilled",
      timestamp: expect.stringMatching(/Z$/),
      data: { id, state: "fulfilled", number: 3, channelId: expect.stringMatching(/^chan_/) },
    });
  });

  test("reach a receiver that is slow and is killed meanwhile: all of them, those of an order in order", async ({
    expect,
  }) => {
    const { receiver, endpoint, buy } = await shopWithReceiver(150);
    const before = await Promise.all([buy(), buy(), buy()]);
    await expect.poll(() => receiver.took().length).toBeGreaterThan(1);
    await receiver.kill();
    const after = await Promise.all([buy(), buy()]);
    await receiver.start(endpoint.secret, 150);
    const all = Object.fromEntries([...before, ...after].map((id) => [id, [1, 2, 3]]));
    await expect.poll(() => numbersOf(receiver.took()), { timeout: 240_000 }).toEqual(all);
    expect(receiver.took().filter((one) => "forged" in one)).toEqual([]);
  });

  test("of a test event, a rotation and another attempt are seen in the list of deliveries, with what was answered", async ({
    expect,
  }) => {
    const { shop, receiver, endpoint } = await shopWithReceiver();
    const at = `${AT}/${endpoint.id}`;
    const { status, body: sent } = await call(shop, "POST", `${at}/tests`);
    expect([status, sent.state]).toEqual([202, "waiting"]);
    await expect.poll(() => receiver.took().map(({ type }) => type)).toEqual(["webhook.test"]);
    await expect
      .poll(async () => (await call(shop, "GET", `${at}/deliveries`)).body.data)
      .toEqual([
        {
          ...sent,
          state: "delivered",
          attempts: [{ at: expect.any(String), status: 200, answer: "taken", tookMs: expect.any(Number) }],
        },
      ]);
    // The receiver still knows the secret before the rotation alone.
    const { body: rotated } = await call(shop, "POST", `${at}/rotations`);
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(endpoint.secret);
    await call(shop, "POST", `${at}/deliveries/${sent.id}/attempts`);
    await expect.poll(() => receiver.took().length).toBe(2);
    await receiver.kill();
    await receiver.start(rotated.secret);
    await call(shop, "POST", `${at}/deliveries/${sent.id}/attempts`);
    await expect.poll(() => receiver.took().length).toBe(3);
    expect(new Set(receiver.took().map(({ id }) => id)).size).toBe(1);
  });

  test("tell of a product that changes and of a key that is made, if somebody wants to know", async ({ expect }) => {
    const [shop, { productId }, itsReceiver] = await Promise.all([
      openShop(0),
      stockProduct(stack, 0),
      receiver(stack),
    ]);
    started.push(itsReceiver);
    const events = ["product.changed", "channel.changed"];
    const { body: endpoint } = await call(shop, "POST", AT, { url: itsReceiver.url, events });
    await itsReceiver.start(endpoint.secret);
    const path = `/admin/v1/products/${productId}`;
    await operate(stack, { method: "POST", path: `${path}/listing`, json: { listing: "paused" } });
    const change = { base: 1, change: { price: { amount: 1600 } } };
    await operate(stack, { method: "POST", path: `${path}/versions`, json: change });
    const keys = `/admin/v1/channels/${shop.channelId}/keys`;
    await operate(stack, { method: "POST", path: keys, json: { scopes: ["orders:read"] } });
    // Other tests make products too: they are told of to all channels.
    const ours = () => itsReceiver.took().filter(({ data }) => data.id === productId || data.id === shop.channelId);
    await expect
      .poll(() => ours().map(({ type, data }) => [type, (data as { action?: string }).action]))
      .toEqual(
        expect.arrayContaining([
          ["product.changed", "listing"],
          ["product.changed", "version"],
          ["channel.changed", "key_created"],
        ]),
      );
    expect(ours().filter(({ data }) => "number" in data)).toEqual([]);
  });

  test("wait while their endpoint is disabled, and go on in order when it is enabled", async ({ expect }) => {
    const { shop, receiver, endpoint, buy } = await shopWithReceiver();
    const at = `${AT}/${endpoint.id}`;
    expect((await call(shop, "PATCH", at, { enabled: false })).body).toMatchObject({
      enabled: false,
      disabledReason: "asked",
    });
    const id = await buy();
    await expect.poll(async () => (await call(shop, "GET", `${at}/deliveries`)).body.data.length).toBe(3);
    expect(receiver.took()).toEqual([]);
    const { body } = await call(shop, "PATCH", at, { enabled: true });
    expect(body).not.toHaveProperty("disabledReason");
    await expect.poll(() => numbersOf(receiver.took()), { timeout: 120_000 }).toEqual({ [id]: [1, 2, 3] });
  });

  test("never go to an address that is not public, and its owner is told so at once", async ({ expect }) => {
    const shop = await openShop(0);
    for (const url of [
      "https://127.0.0.1/",
      "https://169.254.169.254/latest/meta-data",
      "https://[::ffff:10.0.0.1]/",
      "http://shop.example/",
    ]) {
      const refused = await call(shop, "POST", AT, { url });
      expect([url, refused.status, refused.body.code]).toEqual([url, 400, "invalid_request"]);
      expect(refused.body.errors).toEqual([{ pointer: "/url", message: expect.any(String) }]);
    }
    expect((await call(shop, "GET", AT)).body.data).toEqual([]);
  });

  test("never go where a name leads that is not public, though the name may be registered", async ({ expect }) => {
    const shop = await openShop(0);
    const { body: endpoint } = await call(shop, "POST", AT, { url: "https://localhost:8443/hooks" });
    const at = `${AT}/${endpoint.id}`;
    await call(shop, "POST", `${at}/tests`);
    const attempts = async () => (await call(shop, "GET", `${at}/deliveries`)).body.data[0]?.attempts;
    await expect.poll(attempts).toEqual([expect.objectContaining({ failure: "address_refused" })]);
    expect((await call(shop, "GET", at)).body).toHaveProperty("failingSince");
  });

  test("belong to a channel: to another one they are not there, and a key needs the scope", async ({ expect }) => {
    const [{ endpoint }, other] = await Promise.all([shopWithReceiver(), openShop(0)]);
    const at = `${AT}/${endpoint.id}`;
    for (const [method, path, json] of [
      ["GET", at],
      ["PATCH", at, { enabled: false }],
      ["DELETE", at],
      ["POST", `${at}/tests`],
      ["POST", `${at}/rotations`],
      ["GET", `${at}/deliveries`],
    ] as const)
      expect([method, path, (await call(other, method, path, json)).status]).toEqual([method, path, 404]);
  });

  test("a channel may have ten endpoints, a repeat tells no secret, and a deleted one makes room", async ({
    expect,
  }) => {
    const shop = await openShop(0);
    const make = (n: number) => call(shop, "POST", AT, { url: `https://shop.example/${n}` }, `key ${n}`);
    const made = await Promise.all(Array.from({ length: 10 }, (_, n) => make(n)));
    expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
    expect((await make(0)).body).toEqual({ ...made[0]?.body, secret: undefined });
    expect(await make(10)).toMatchObject({ status: 409, body: { code: "limit_reached" } });
    await call(shop, "DELETE", `${AT}/${made[0]?.body.id}`);
    expect((await make(10)).status).toBe(201);
  });
});
