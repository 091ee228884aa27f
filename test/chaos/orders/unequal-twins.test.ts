import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct, createVersion } from "../../../shared/catalog/products.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { debit } from "../../../shared/ledger/debit.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { pendingsIn } from "../../../shared/ledger/model.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleOn } from "../../../shared/orders/settle-orders.ts";
import { paidByChannel } from "../../../shared/orders/shares.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { before, type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { openMarket, sweepUntilQuiet } from "../../support/orders/market.ts";
import { isFullProof } from "../../support/size.ts";

// Two requests at once with one key that ask for different things, at different prices, in different currencies, paid in different
// ways: one of them is the order, and only that one is charged, held and given back. Neither has tickets, and both were
// placed in the same millisecond: nothing but their drafts tells them apart.

const { deps } = await ownEverything({ clock: () => NOW });

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

const PAID_IN = 1_000_000;
const CURRENCIES = ["CNY", "USD"] as const;
/** What a process knows of a product it forgets after five seconds. */
const FORGOTTEN_MS = 6_000;

/** All requests come in the same millisecond. What a process remembers of products ages all the same. */
const NOW = new Date("2026-03-01T12:00:00.000Z");

type Shop = { channelId: string; cheap: string; dear: string; foreign: string; own: string; sources: Sources };
type Sources = NonNullable<NewProduct["sources"]>;
/** What one of two twins asks for, after the catalogue was changed to what it sees. */
type Twin = { asks: (shop: Shop) => NewOrder; sees?: (shop: Shop) => Promise<void> };

const topup = (productId: string, quantity = 1): NewOrder["lines"][number] => ({
  productId,
  quantity,
  recipient: { account: "13800138000" },
});
const prepaid = (...lines: NewOrder["lines"]): NewOrder => ({ lines, payment: { method: "balance" } });
const deferred = (...lines: NewOrder["lines"]): NewOrder => ({ lines, payment: { method: "deferred" } });
const large = (order: NewOrder): NewOrder => ({ ...order, acceptLess: true });

/** Changes a price, and waits until no process remembers the one before. */
async function reprice(productId: string, product: Pick<NewProduct, "kind" | "price" | "sources">): Promise<void> {
  const made = await createVersion(deps, productId, { name: "T", ...product }, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  vi.setSystemTime(Date.now() + FORGOTTEN_MS);
}
const seesCheapAt =
  (amount: number, currency: string) =>
  ({ cheap, sources }: Shop): Promise<void> =>
    reprice(cheap, { kind: "topup", price: { amount, currency }, sources });
const seesOwnAt =
  (amount: number) =>
  ({ own }: Shop): Promise<void> =>
    reprice(own, { kind: "code", price: { amount, currency: "CNY" } });

async function openShop(): Promise<Shop> {
  const credentials = { apiKey: "key", webhookSecret: `whsec_${"a".repeat(32)}` };
  const settings = { name: "S", protocol: "vouchsafe", baseUrl: "http://127.0.0.1:1", credentials };
  const supplier = await createSupplier(deps, NewSupplier.parse(settings), newId("evt"));
  if (!supplier.ok) throw new Error(supplier.detail);
  const sources = [{ supplierId: supplier.value.id, supplierProductId: "prod_phone_50", unguarded: true }];
  const product = async (amount: number, currency: string): Promise<string> => {
    const product = { kind: "topup", name: "T", price: { amount, currency }, sources } as const;
    const made = await createProduct(deps, product, newId("evt"));
    if (!made.ok) throw new Error(made.detail);
    return made.value.id;
  };
  const { productId: own, channelId } = await openMarket(deps, { stock: 6, money: 0, price: 100 });
  for (const currency of CURRENCIES) await deposit(deps, channelId, { amount: PAID_IN, currency }, newId("evt"), NOW);
  const [cheap, dear, foreign] = [await product(100, "CNY"), await product(100_000, "CNY"), await product(500, "USD")];
  return { channelId, cheap, dear, foreign, own, sources };
}

const asksCheap = ({ cheap }: Shop): NewOrder => prepaid(topup(cheap));
const asksWith =
  (more: Partial<NewOrder>) =>
  (shop: Shop): NewOrder => ({ ...asksCheap(shop), ...more });
const asksLarge = ({ own }: Shop): NewOrder => large(prepaid({ productId: own, quantity: 2 }));

/** Pairs that differ in one thing each. */
const PAIRS: Record<string, readonly [Twin, Twin]> = {
  product: [{ asks: asksCheap }, { asks: ({ dear }) => prepaid(topup(dear)) }],
  quantity: [{ asks: asksCheap }, { asks: ({ cheap }) => prepaid(topup(cheap, 9)) }],
  currency: [{ asks: asksCheap }, { asks: ({ foreign }) => prepaid(topup(foreign)) }],
  "payment method": [{ asks: asksCheap }, { asks: ({ dear }) => deferred(topup(dear)) }],
  buyer: [{ asks: asksWith({ buyer: "anna" }) }, { asks: asksWith({ buyer: "ben" }) }],
  contact: [{ asks: asksWith({ contact: { email: "anna@example.com" } }) }, { asks: asksWith({}) }],
  "the price's version": [
    { asks: asksCheap, sees: seesCheapAt(100, "CNY") },
    { asks: asksCheap, sees: seesCheapAt(100_000, "CNY") },
  ],
  "the price's currency": [
    { asks: asksCheap, sees: seesCheapAt(100, "CNY") },
    { asks: asksCheap, sees: seesCheapAt(500, "USD") },
  ],
  "the payment method of a large order": [
    { asks: asksLarge },
    { asks: ({ own }) => large(deferred({ productId: own, quantity: 2 })) },
  ],
  "the quantity of a large order": [
    { asks: asksLarge },
    { asks: ({ own }) => large(prepaid({ productId: own, quantity: 3 })) },
  ],
  "the price's version of a large order": [
    { asks: asksLarge, sees: seesOwnAt(100) },
    { asks: asksLarge, sees: seesOwnAt(10_000) },
  ],
};

async function place(on: Everything["deps"], shop: Shop, { asks, sees }: Twin) {
  await sees?.(shop);
  return placeOrder(on, shop.channelId, "twins", asks(shop), {});
}

class Asleep extends Error {}

/** Falls asleep for ever at that moment, if it comes to it. */
async function asleepAt(moment: Moment, path: (on: Everything["deps"]) => Promise<unknown>): Promise<void> {
  try {
    await path(meanwhile(deps, moment, () => Promise.reject(new Asleep())));
  } catch (error) {
    if (!(error instanceof Asleep)) throw error;
  }
}

/** After it was put, and before anything else: money is set aside, or the order is held. */
const onceItIsPut: Moment = (command, tables) =>
  before.theDebit(command, tables) || before.anyMoveOfTheOrder(command, tables);

/** The key has an order that was refused: the twins are its next epoch, and inherit when it was placed. */
async function refuse(shop: Shop, { asks }: Twin): Promise<void> {
  const { channelId, dear } = shop;
  const drain = () => placeOrder(deps, channelId, "drain", prepaid(topup(dear, 9), topup(dear)), {});
  const poor = await placeOrder(meanwhile(deps, before.theDebit, drain), channelId, "twins", asks(shop), {});
  expect(poor).toMatchObject({ code: "insufficient_funds" });
  expect(await cancelOrder(deps, channelId, orderIdFor(channelId, "drain"))).toMatchObject({ ok: true });
}

async function orderOf({ channelId }: Shop): Promise<Order> {
  const order = await readOrder(deps, orderIdFor(channelId, "twins"));
  if (order === undefined) throw new Error("neither of them is the order");
  return order;
}

async function settleAll(shop: Shop): Promise<void> {
  const { channelId } = shop;
  const order = await orderOf(shop);
  for (const currency of CURRENCIES) await settleOn(deps, { channelId, currency, lane: 0 }, [order]);
}

async function unpaidOf({ channelId }: Shop): Promise<number> {
  const Key = { pk: `unpaid#channel#${channelId}`, sk: "limit" };
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key, ConsistentRead: true }));
  return Number(found.Item?.["used"] ?? 0);
}

async function moneyOf({ channelId }: Shop): Promise<object> {
  const accounts = await Promise.all(CURRENCIES.map((currency) => readAccount(deps, channelId, currency)));
  return accounts.map((account) => ({
    spendable: account?.spendable,
    pending: account === undefined ? undefined : pendingsIn(account),
  }));
}

/** What the accounts show when so much of this currency is spent, and nothing is set aside any more. */
const moneyAfter = ({ amount, currency }: Order["total"]): object =>
  CURRENCIES.map((one) => ({ spendable: PAID_IN - (one === currency ? amount : 0), pending: [] }));

/** The order is charged what it costs, and nothing else is; cancelled, it leaves everything as it was. */
async function expectOneOrder(shop: Shop): Promise<void> {
  const order = await advance(deps, await orderOf(shop));
  const costs = order.lines.reduce((sum, line) => sum + paidByChannel(line), 0);
  expect(order.total.amount).toBe(costs);
  await settleAll(shop);
  const isPaid = order.state !== "awaiting_payment";
  expect(await moneyOf(shop)).toEqual(moneyAfter({ ...order.total, amount: isPaid ? costs : 0 }));
  expect(await unpaidOf(shop)).toBe(isPaid ? 0 : 1);
  expect(await cancelOrder(deps, shop.channelId, order.id)).toMatchObject({ ok: true });
  await settleAll(shop);
  expect(await moneyOf(shop)).toEqual(moneyAfter({ ...order.total, amount: 0 }));
  expect(await unpaidOf(shop)).toBe(0);
  await sweepUntilQuiet(deps, shop.own);
  const scope = { products: [shop.own], channels: [shop.channelId], orders: [order.id] };
  expect(await violations(deps, { ...scope, currency: order.total.currency })).toEqual([]);
}

const MOMENTS = {
  "before it charges": before.theDebit,
  "when it has charged": before.theFinish,
  "before it moves the order": before.anyMoveOfTheOrder,
};

describe.each(Object.entries(PAIRS))("twins that differ in %s", (_what, [one, other]) => {
  const roles = [
    ["the one is put, and then the other", one, other],
    ["the other is put, and then the one", other, one],
  ] as const;
  describe.each(roles)("%s", (_which, winner, loser) => {
    // A key that was refused may be tried again with the same body only.
    const keys = [
      ["of a new key", () => Promise.resolve()],
      ...(one.asks === other.asks ? [["of a key that was refused", refuse] as const] : []),
    ] as const;
    const scenes = (...moments: (keyof typeof MOMENTS)[]) =>
      keys.flatMap(([key, prepare]) =>
        moments
          .slice(0, isFullProof ? moments.length : 1)
          .map((when) => [`${key}, asleep ${when}`, prepare, MOMENTS[when]] as const),
      );

    test.each(scenes("before it charges", "before it moves the order", "when it has charged"))(
      "the first %s",
      async (_when, prepare, moment) => {
        const shop = await openShop();
        await prepare(shop, winner);
        const wins = () => asleepAt(moment, (on) => place(on, shop, winner));
        const answer = await place(meanwhile(deps, before.anOrderIsPut, wins), shop, loser);
        expect(answer.ok).toBe(one.asks === other.asks);
        await expectOneOrder(shop);
      },
    );

    test.each(scenes("when it has charged", "before it charges", "before it moves the order"))(
      "the second %s",
      async (_when, prepare, moment) => {
        const shop = await openShop();
        await prepare(shop, winner);
        const wakes = Promise.withResolvers<void>();
        let winning: Promise<unknown> = Promise.resolve();
        const put = () =>
          new Promise<void>((isPut) => {
            const paused = meanwhile(deps, onceItIsPut, () => {
              isPut();
              return wakes.promise;
            });
            winning = place(paused, shop, winner);
          });
        await asleepAt(moment, (on) => place(meanwhile(on, before.anOrderIsPut, put), shop, loser));
        wakes.resolve();
        expect(await winning).toMatchObject({ ok: true });
        await expectOneOrder(shop);
      },
    );
  });
});

describe("money that was set aside for another amount", () => {
  const setAside = ({ channelId }: Shop, amount: number) =>
    debit(deps, channelId, { id: orderIdFor(channelId, "twins"), epoch: 1, total: { amount, currency: "CNY" } }, NOW);

  test.each([
    ["less", 1],
    ["more", 500],
  ])("never pays for the order, which goes on with its own: %s", async (_what, amount) => {
    const shop = await openShop();
    const twin = { asks: asksCheap };
    const whileSet = meanwhile(deps, before.theDebit, () => setAside(shop, amount));
    expect(await place(whileSet, shop, twin)).toMatchObject({ value: { state: "fulfilling" } });
    await expectOneOrder(shop);
  });

  test("goes back also when it is all that the channel has, and nobody asks for the order again", async () => {
    const shop = await openShop();
    await asleepAt(before.theDebit, (on) => place(on, shop, { asks: asksCheap }));
    expect(await setAside(shop, PAID_IN)).toMatchObject({ ok: true });
    await settleOn(deps, { channelId: shop.channelId, currency: "CNY", lane: 0 }, [await orderOf(shop)]);
    expect(await moneyOf(shop)).toEqual(moneyAfter({ amount: 0, currency: "CNY" }));
    await expectOneOrder(shop);
  });

  test("goes back from the account of a currency that the order has left", async () => {
    const shop = await openShop();
    const twin = { asks: asksCheap, sees: seesCheapAt(500, "USD") };
    await refuse(shop, twin);
    expect(await setAside(shop, 100)).toMatchObject({ ok: true });
    await place(deps, shop, twin);
    await expectOneOrder(shop);
  });
});
