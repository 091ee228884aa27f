import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { createProduct } from "../../../shared/catalog/products.ts";
import { findKey, forgetKey } from "../../../shared/channels/keys.ts";
import { lookWithinDay } from "../../../shared/orders/day-use.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { UsageLimits, User } from "../../../shared/usage/model.ts";
import { askAs, makeKey } from "../../support/channels/asking.ts";
import { buy, giveMoney, putOnSale } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";
import { valueOf } from "../../support/value-of.ts";

// How much a channel and its keys may use in a day: exactly that, whoever asks at once.

const { deps } = await sceneGround();

/** Who buys codes of 100 CNY each, in a shop that has many of them. `own`: the limits of the key. */
async function shop(limits: (productId: string) => UsageLimits, own?: UsageLimits) {
  const price = { amount: 100, currency: "CNY" };
  const { id: productId } = valueOf(await createProduct(deps, { kind: "code", name: "Many", price }, randomUUID()));
  await putOnSale(deps, productId, makeCodes(200));
  const { channelId, keyId } = await makeKey(deps);
  await giveMoney(deps, channelId, 1_000_000);
  const user: User = {
    channelId,
    keyId,
    channelLimits: limits(productId),
    ...(own === undefined ? {} : { limits: own }),
  };
  const by: typeof placeOrder = (given, channel, key, request, finder) =>
    placeOrder(given, channel, key, request, finder, { user });
  const place = (key: string, quantity: number) =>
    buy(deps, channelId, key, [{ productId, quantity }], "keep sealed", by);
  return { productId, user, place };
}

const LIMITED: [what: string, limits: (productId: string) => UsageLimits, fits: number][] = [
  ["orders", () => ({ ordersPerDay: 7 }), 7],
  ["codes", () => ({ codesPerDay: 15 }), 7],
  ["money", () => ({ amountPerDay: { CNY: 1_099 } }), 5],
  ["codes of one product", (productId) => ({ productPerDay: { [productId]: 9 } }), 4],
];

test.each(LIMITED)(
  "of a hundred orders at once exactly as many %s are sold as the day allows",
  async (_, limits, fits) => {
    const { productId, place } = await shop(limits);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, key) => place(`${key}`, 2)));
    const sold = answers.filter((answer) => answer.ok);
    expect(sold).toHaveLength(fits);
    expect(new Set(sold.map(({ value }) => value.order.lines[0]?.productId))).toEqual(new Set([productId]));
    const refusals = new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.code])));
    expect(refusals).toEqual(new Set(["quota_reached"]));
    // A repeat of what was sold is told again, and takes nothing.
    const repeated = await Promise.all(answers.map(async (one, key) => !one.ok || (await place(`${key}`, 2)).ok));
    expect(new Set(repeated)).toEqual(new Set([true]));
  },
);

test("twins may refuse others while they race, and never sell more; in the end the day is sold to its last order", async () => {
  const { place } = await shop(() => ({ ordersPerDay: 7 }));
  const keys = Array.from({ length: 50 }, (_, key) => `${key}`);
  const answers = await Promise.all(keys.flatMap((key) => [place(key, 1), place(key, 1)]));
  const sold = new Set(answers.flatMap((answer) => (answer.ok ? [answer.value.order.id] : [])));
  expect(sold.size).toBeLessThanOrEqual(7);
  for (const key of keys) {
    const answer = await place(key, 1);
    if (answer.ok) sold.add(answer.value.order.id);
  }
  expect(sold.size).toBe(7);
});

test("what is refused takes nothing of the day; channel and key both count; the next day begins at nothing", async () => {
  const { user, place } = await shop(() => ({ codesPerDay: 60 }), { ordersPerDay: 2 });
  expect(await place("a", 61)).toMatchObject({ code: "quota_reached" });
  await giveMoney(deps, user.channelId, -999_000);
  expect(await place("b", 40)).toMatchObject({ code: "insufficient_funds" });
  await giveMoney(deps, user.channelId, 999_000);
  expect([(await place("c", 30)).ok, (await place("d", 30)).ok]).toEqual([true, true]);
  const full = await place("e", 1);
  expect(full).toMatchObject({
    code: "quota_reached",
    detail: expect.stringMatching(/a day for the (channel|API key), until/) as string,
  });
  const tomorrow = { ...deps, clock: () => new Date(Date.now() + 24 * 3600 * 1000) };
  expect((await lookWithinDay(tomorrow, { ...user, limits: { revealsPerDay: 1 } }, 1)).ok).toBe(true);
});

test("of a hundred looks at once exactly as many codes are shown again as the day allows", async () => {
  const user: User = { channelId: randomUUID(), keyId: "key_a", limits: { revealsPerDay: 100 } };
  const looks = await Promise.all(Array.from({ length: 100 }, () => lookWithinDay(deps, user, 3)));
  expect(looks.filter(({ ok }) => ok)).toHaveLength(33);
  const refused = looks.find(({ ok }) => !ok);
  expect(refused).toMatchObject({ code: "quota_reached" });
});

test("operators set limits of channels, products and keys; what is wrong is named, and nothing is set", async () => {
  const { channelId, keyId, apiKey } = await makeKey(deps);
  const at = { params: { channelId } };
  const said = { requests: 90, windowSeconds: 30, amountPerDay: { amount: 5, currency: "CNY" } };
  expect(await callFunction(deps, "setChannelLimits", { ...at, json: said })).toMatchObject({
    status: 200,
    body: { limits: { requests: { quota: 90, windowSeconds: 30 }, amountPerDay: [{ amount: 5, currency: "CNY" }] } },
  });
  const wrong: [object, string][] = [
    [{}, ""],
    [{ requests: 0 }, "/requests"],
    [{ windowSeconds: 5 }, "/windowSeconds"],
    [{ requests: null, windowSeconds: 5 }, "/windowSeconds"],
    [{ ordersPerDay: -1 }, "/ordersPerDay"],
    [{ ordersPerDay: 1, perDay: 1 }, "/perDay"],
  ];
  for (const [json, pointer] of wrong)
    expect(await callFunction(deps, "setChannelLimits", { ...at, json })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer }] },
    });
  const product = { kind: "code", name: "X", price: { amount: 1, currency: "CNY" } } as const;
  const { id: productId } = valueOf(await createProduct(deps, product, randomUUID()));
  const onProduct = { params: { channelId, productId } };
  expect(await callFunction(deps, "setProductLimit", { ...onProduct, json: { codesPerDay: 4 } })).toMatchObject({
    body: { limits: { products: [{ productId, codesPerDay: 4 }] } },
  });
  const nothing = { params: { channelId, productId: "prod_00000000000000000000" }, json: { codesPerDay: 4 } };
  expect(await callFunction(deps, "setProductLimit", nothing)).toMatchObject({ status: 404 });
  const onKey = { params: { channelId, keyId } };
  expect(await callFunction(deps, "setKeyLimits", { ...onKey, json: { revealsPerDay: 8 } })).toMatchObject({
    body: { limits: { revealsPerDay: 8 } },
  });
  const key = await findKey(deps, channelId, keyId);
  if (key !== undefined) forgetKey(deps, key.hash);
  const { headers, caller } = await askAs(deps, apiKey);
  expect(headers["RateLimit-Policy"]).toBe('"requests";q=90;w=30');
  expect(caller).toMatchObject({
    limits: { revealsPerDay: 8 },
    channelLimits: { amountPerDay: { CNY: 5 }, productPerDay: { [productId]: 4 } },
  });
  expect(await callFunction(deps, "getChannel", at)).toMatchObject({
    body: { limits: { requests: { quota: 90, windowSeconds: 30 } } },
  });
});
