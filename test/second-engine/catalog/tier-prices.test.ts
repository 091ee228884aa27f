import { expect, onTestFinished, test, vi } from "vitest";
import { setListing } from "../../../shared/catalog/listing.ts";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { findSeen } from "../../../shared/catalog/seen.ts";
import { NewTierPrice, planTierPrice, setPlannedPrice } from "../../../shared/catalog/set-price.ts";
import { listTierPrices, readTierPrice, writeTierPrice } from "../../../shared/catalog/tier-prices.ts";
import { authenticate, createChannel, createKey, revokeKey } from "../../../shared/channels/keys.ts";
import { setTiers } from "../../../shared/channels/on-keys.ts";
import { rotateKey } from "../../../shared/channels/rotate-key.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { quoteLines } from "../../../shared/orders/quote.ts";
import { giveMoney, putOnSale } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What the channels of a tier pay, what they see, and what happens when either changes in the middle.

const { deps } = await sceneGround();

const cny = (amount: number) => ({ amount, currency: "CNY" });
const BEFORE = new Date("2027-01-01T11:59:59.999Z");
const AT = new Date("2027-01-01T12:00:00.000Z");
const at = (now: Date) => ({ ...deps, clock: () => now });

async function product(more: Partial<NewProduct> = {}, stock = 3): Promise<string> {
  const made = await createProduct(
    deps,
    { kind: "code", name: "Music", price: cny(1500), sources: [{ stock: true }], ...more },
    newId("evt"),
  );
  const { id } = valueOf(made);
  if (stock > 0) await putOnSale(deps, id, makeCodes(stock));
  return id;
}

async function channel(): Promise<string> {
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 100_000);
  return channelId;
}

const plan = (tier: string, asked: object) => planTierPrice(deps, tier, NewTierPrice.parse(asked), deps.clock());

async function setPrice(tier: string, asked: object) {
  const planned = await plan(tier, asked);
  return planned.ok ? setPlannedPrice(deps, planned.value) : planned;
}

const buying = (productId: string, more: object = {}) => ({
  lines: [{ productId, quantity: 2 }],
  payment: { method: "balance" as const },
  ...more,
});

test("a price that ends between the quote and the order is not charged, and maxTotal protects from the next one", async () => {
  const [productId, channelId] = [await product(), await channel()];
  valueOf(await setPrice("gold", { productId, price: cny(1200), until: AT.toISOString() }));
  const viewer = { channelId, tiers: ["none", "gold"] };
  const quoted = valueOf(await quoteLines(deps, viewer, { lines: buying(productId).lines }, BEFORE));
  expect(quoted).toMatchObject({ total: cny(2400), validUntil: AT.toISOString() });
  const place = (now: Date, key: string, more: object = {}) =>
    placeOrder(at(now), channelId, key, buying(productId, more), {}, viewer);
  expect(await place(AT, "late", { maxTotal: quoted.total })).toMatchObject({ ok: false, code: "price_changed" });
  const placed = valueOf(await place(BEFORE, "in time", { maxTotal: quoted.total }));
  expect(placed).toMatchObject({ total: cny(2400), lines: [{ unitPrice: 1200, retailPrice: 1500, net: 2400 }] });
  // The same key finds the same order, at the price that it had.
  expect(valueOf(await place(AT, "in time", { maxTotal: quoted.total }))).toMatchObject({ id: placed.id });
});

test("what a channel may not see is unknown to it: in quotes and orders, and also when it is known to be sold out", async () => {
  const channelId = await channel();
  const productId = await product({ visibleTo: ["gold"] }, 2);
  const [inGold, outside] = [
    { channelId, tiers: ["gold"] },
    { channelId, tiers: [] },
  ];
  expect(await findSeen(deps, inGold, [productId], AT)).toHaveLength(1);
  expect(await findSeen(deps, outside, [productId], AT)).toEqual([]);
  valueOf(await placeOrder(deps, channelId, newId("req"), buying(productId), {}, inGold));
  expect(await placeOrder(deps, channelId, newId("req"), buying(productId), {}, inGold)).toMatchObject({
    code: "sold_out",
  });
  for (const key of ["a", "b"])
    expect(await placeOrder(deps, channelId, key, buying(productId), {}, outside)).toMatchObject({
      ok: false,
      code: "unknown_product",
    });
  expect(await quoteLines(deps, outside, { lines: buying(productId).lines }, AT)).toMatchObject({
    code: "unknown_product",
  });
});

test("of two changes of one price at once one is refused, and none is lost", async () => {
  const productId = await product({}, 0);
  const race = async () => {
    const one = valueOf(await plan("race", { productId, price: cny(1000), until: "2027-01-01T00:00:00Z" }));
    const two = valueOf(await plan("race", { productId, price: cny(1100), from: "2027-01-01T00:00:00Z" }));
    return Promise.all([setPlannedPrice(deps, one), setPlannedPrice(deps, two)]);
  };
  // The first price of all, and one that stands.
  for (let round = 0; round < 2; round++)
    expect((await race()).map((set) => (set.ok ? "set" : set.code)).toSorted()).toEqual(["changed_meanwhile", "set"]);
  valueOf(await setPrice("race", { productId, price: cny(1000), until: "2027-01-01T00:00:00Z" }));
  valueOf(await setPrice("race", { productId, price: cny(1100), from: "2027-01-01T00:00:00Z" }));
  expect((await readTierPrice(deps, { tier: "race", productId }))?.windows).toEqual([
    { amount: 1000, until: "2027-01-01T00:00:00.000Z" },
    { amount: 1100, from: "2027-01-01T00:00:00.000Z" },
  ]);
  expect((await listTierPrices(deps, "race", 1)).prices).toMatchObject([{ productId }]);
  const page = await listTierPrices(deps, "race", 1, productId);
  expect(page).toEqual({ prices: [], next: null });
});

test("a price is refused that is under the floor, in another currency, of nothing, or would be one too many", async () => {
  const productId = await product({ floor: cny(1200) }, 0);
  const pointerOf = async (asked: object) => {
    const planned = await plan("bad", { productId, price: cny(1300), ...asked });
    return planned.ok ? undefined : planned.errors?.[0]?.pointer;
  };
  expect(await pointerOf({ price: cny(1199) })).toBe("/price/amount");
  expect(await pointerOf({ price: { amount: 1300, currency: "USD" } })).toBe("/price/currency");
  expect(await pointerOf({ productId: newId("prod") })).toBe("/productId");
  expect(await pointerOf({ price: cny(1200) })).toBeUndefined();
  const pathOf = (asked: object) => NewTierPrice.safeParse({ productId, ...asked }).error?.issues[0]?.path.join("/");
  expect(pathOf({})).toBe("price");
  expect(pathOf({ price: cny(0) })).toBe("price");
  expect(pathOf({ price: cny(1), from: "2027-01-02T00:00:00Z", until: "2027-01-02T00:00:00Z" })).toBe("until");
  expect(pathOf({ price: cny(1), from: "2027-01-02" })).toBe("from");
  const hours = Array.from({ length: 50 }, (_, day) => Date.UTC(2027, 1, 1 + day));
  const moment = (time: number) => new Date(time).toISOString();
  const windows = hours.map((hour) => ({ amount: 1300, from: moment(hour), until: moment(hour + 3_600_000) }));
  const before = await readTierPrice(deps, { tier: "bad", productId });
  await writeTierPrice(deps, before, { tier: "bad", productId, version: 1, currency: "CNY", windows });
  expect(await pointerOf({ from: "2027-04-01T00:00:00Z" })).toBe("/from");
});

test("a channel's keys know its tiers: those there are, those made meanwhile, and those that take another's place", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
  const made = valueOf(await createChannel(deps, { name: "A shop" }, newId("req"), deps.clock()));
  const { id: channelId, apiKey = "", keyId = "" } = made;
  const [second] = await Promise.all([
    createKey(deps, channelId, { scopes: ["orders:read"] }, deps.clock(), "second"),
    setTiers(deps, channelId, ["gold", channelId]),
  ]);
  const rotated = valueOf(await rotateKey(deps, { channelId, keyId }, 60, deps.clock(), "r"));
  const third = valueOf(await createKey(deps, channelId, { scopes: ["orders:read"] }, deps.clock(), "third"));
  for (const key of [apiKey, valueOf(second).apiKey ?? "", rotated.apiKey ?? "", third.apiKey ?? ""])
    expect(await authenticate(deps, key)).toMatchObject({ tiers: ["gold", channelId] });
  valueOf(await revokeKey(deps, channelId, third.keyId, deps.clock()));
  await setTiers(deps, channelId, []);
  vi.setSystemTime(Date.now() + 5_000);
  expect(await authenticate(deps, apiKey)).toMatchObject({ tiers: [] });
  expect(await authenticate(deps, third.apiKey ?? "")).toBe("revoked");
});

test("a channel without tiers costs no read, and one with tiers one read for all of its order, remembered for five seconds", async () => {
  const [a, b] = [await product({}, 0), await product({}, 0)];
  await setListing(deps, a, "listed");
  const sent: string[] = [];
  const counting = { ...deps, db: watched(deps.db, sent) };
  await findSeen(counting, { channelId: "chan_x" }, [a, b], AT);
  expect(sent).toEqual(["BatchGetCommand"]);
  sent.length = 0;
  for (let twice = 0; twice < 2; twice++)
    await findSeen(counting, { channelId: "chan_x", tiers: ["gold", "silver"] }, [a, b], AT);
  expect(sent).toEqual(["BatchGetCommand"]);
});

/** The same database; notes the names of the commands that are sent. */
function watched(db: typeof deps.db, sent: string[]): typeof deps.db {
  return new Proxy(db, {
    get: (target, name) =>
      name === "send"
        ? (command: Parameters<typeof db.send>[0]) => {
            sent.push(command.constructor.name);
            return target.send(command);
          }
        : Reflect.get(target, name),
  });
}
