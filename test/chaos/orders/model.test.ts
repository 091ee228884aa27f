import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createProduct } from "../../../shared/catalog/products.ts";
import { availability } from "../../../shared/inventory/availability.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { pendingsIn } from "../../../shared/ledger/model.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { settleOrders } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { CODE_MARK } from "../../support/inventory/codes.ts";
import { gainOf, readEntries } from "../../support/orders/books.ts";
import { onSale } from "../../support/orders/market.ts";
import { ShopModel } from "../../support/orders/shop-model.ts";
import { isFullProof, sized } from "../../support/size.ts";

const PRICE = 100;
const LOOKER = { keyId: "key_model", sourceIp: "192.0.2.1", requestId: "req_model" };

/** One channel and one product of a run, on real tables; every code that was ever handed out, and to whom. */
class Shop {
  readonly channelId = newId("chan");
  readonly owners = new Map<string, string>();
  readonly deps: Domain;
  readonly productId: string;

  constructor(deps: Domain, productId: string) {
    this.deps = deps;
    this.productId = productId;
  }

  request(quantities: number[]) {
    const lines = quantities.map((quantity) => ({ productId: this.productId, quantity }));
    return { lines, payment: { method: "balance" as const } };
  }

  async find(key: string): Promise<Order | undefined> {
    return readOrder(this.deps, orderIdFor(this.channelId, key));
  }

  async look(key: string, order: Order): Promise<void> {
    const goods = await revealGoods(this.deps, order, LOOKER);
    for (const { secret } of goods.ok ? [...goods.value.values()].flat() : []) {
      const owner = this.owners.get(secret) ?? key;
      if (owner !== key) throw new Error(`the code of order ${owner} was also handed to order ${key}`);
      this.owners.set(secret, key);
    }
  }
}

type Command = fc.AsyncCommand<ShopModel, Shop>;

/** Each command takes a few seconds of the test's own time, so that nothing known of the last one is still believed. */
function command(name: string, run: (model: ShopModel, shop: Shop) => Promise<void>): Command {
  return {
    check: () => true,
    run: async (model, shop) => {
      pass(5);
      await run(model, shop);
      await compare(model, shop);
    },
    toString: () => name,
  };
}

const pass = (seconds: number): void => {
  vi.setSystemTime(Date.now() + seconds * 1000);
};

const pendingOf = (account: Awaited<ReturnType<typeof readAccount>>): number =>
  account === undefined ? 0 : pendingsIn(account).reduce((sum, { pending }) => sum + pending.amount, 0);

async function compare(model: ShopModel, shop: Shop): Promise<void> {
  const { deps, channelId, productId } = shop;
  const account = await readAccount(deps, channelId, "CNY");
  const pendings = pendingOf(account);
  expect({ spendable: account?.spendable ?? 0, pending: pendings, posted: account?.posted ?? 0 }).toEqual({
    spendable: model.spendable,
    pending: model.pending,
    posted: model.posted,
  });
  const { imported, available, held, sold, void: voided } = await countStock(deps, productId, deps.clock());
  expect({ onSale: await onSale(deps, productId), imported, available, held, sold, voided }).toEqual({
    onSale: model.onSale,
    imported: model.codes.size,
    available: model.onSale,
    held: 0,
    sold: model.sold,
    voided: 0,
  });
  for (const [key, { state, quantities }] of model.orders) {
    const order = await shop.find(key);
    expect([key, order?.state, order?.lines.map(({ quantity }) => quantity)]).toEqual([key, state, quantities]);
  }
}

const place = (key: string, quantities: number[], reveals: boolean): Command =>
  command(`place ${key} ${quantities.join("+")}${reveals ? " and look" : ""}`, async (model, shop) => {
    const finder = reveals ? { reveal: { by: "key_model", from: "127.0.0.1", requestId: "req" } } : {};
    const isNew = !model.orders.has(key);
    const expected = model.place(key, quantities, reveals);
    const placed = await placeOrder(shop.deps, shop.channelId, key, shop.request(quantities), finder);
    expect(placed.ok ? placed.value.state : placed.code).toBe(expected);
    if (placed.ok && reveals && isNew) await shop.look(key, placed.value);
  });

const cancel = (key: string): Command =>
  command(`cancel ${key}`, async (model, shop) => {
    const expected = model.cancel(key);
    const cancelled = await cancelOrder(shop.deps, shop.channelId, orderIdFor(shop.channelId, key));
    expect(cancelled.ok ? cancelled.value.state : cancelled.code).toBe(expected);
  });

const look = (key: string): Command =>
  command(`look at ${key}`, async (model, shop) => {
    const before = shop.owners.size;
    const isShown = model.reveal(key);
    const order = await shop.find(key);
    if (order !== undefined) await shop.look(key, order);
    expect(isShown || shop.owners.size === before).toBe(true);
  });

const payIn = (reference: string, amount: number): Command =>
  command(`pay in ${amount} as ${reference}`, async (model, shop) => {
    const expected = model.deposit(reference, amount);
    const money = { amount, currency: "CNY" };
    const paid = await deposit(shop.deps, shop.channelId, money, reference, shop.deps.clock());
    expect(paid.ok).toBe(expected);
  });

/** Files overlap: a code may be in several, and a file may come twice. */
const importFile = (from: number, count: number): Command =>
  command(`import codes ${from} to ${from + count - 1}`, async (model, shop) => {
    const codes = Array.from({ length: count }, (_, index) => `${CODE_MARK}-${shop.productId}-${from + index}`);
    const expected = model.import(codes);
    const report = await importCodes(shop.deps, shop.productId, ["secret", ...codes].join("\n"), { dryRun: false });
    expect(report).toMatchObject({ ok: true, value: { imported: expected } });
  });

const sweep = (): Command =>
  command("sweep", async (_model, shop) => {
    pass(LIMITS.holdSeconds + 1);
    await sweepProduct(shop.deps, shop.productId, shop.deps.clock());
  });

const settle = (): Command =>
  command("settle", async (model, shop) => {
    const orders = await Promise.all([...model.orders.keys()].map((key) => shop.find(key)));
    model.settle();
    await settleOrders(
      shop.deps,
      orders.filter((order) => order !== undefined),
    );
  });

const key = fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h");
const quantities = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 });
const placing = fc.tuple(key, quantities, fc.boolean()).map((args) => place(...args));

/** Placing counts thrice: most of what can go wrong begins there. */
const commands = [
  placing,
  placing,
  placing,
  key.map(cancel),
  key.map(look),
  fc.tuple(fc.constantFrom("r1", "r2", "r3"), fc.constantFrom(500, 900)).map((args) => payIn(...args)),
  fc.tuple(fc.constantFrom(0, 3, 6, 9), fc.constantFrom(4, 6)).map((args) => importFile(...args)),
  fc.constant(sweep()),
  fc.constant(settle()),
];

const { alive: deps } = await ownGround();

describe("stock, orders and money", () => {
  beforeAll(() => {
    vi.useFakeTimers({ toFake: ["Date"] });
  });

  afterAll(() => {
    vi.useRealTimers();
  });

  async function openShop(): Promise<Shop> {
    const product = await createProduct(
      deps,
      { kind: "code", name: "Model", price: { amount: PRICE, currency: "CNY" } },
      newId("req"),
    );
    if (!product.ok) throw new Error(product.code);
    return new Shop(deps, product.value.id);
  }

  /** Debits are credits by the shape of an entry; the counter must say the same as the entries and the pendings. */
  async function expectBalancedBooks({ channelId }: Shop): Promise<void> {
    const entries = await readEntries(deps, channelId);
    const account = await readAccount(deps, channelId, "CNY");
    const pendings = pendingOf(account);
    expect(account?.spendable ?? 0).toBe(gainOf(channelId, entries) - pendings);
    const sales = entries.filter(({ name }) => name.startsWith("sale:"));
    expect(account?.posted ?? 0).toBe(0 - gainOf(channelId, sales));
  }

  it("are what a page of arithmetic says they are, after any sequence of calls", async () => {
    // Long enough to fill the shop, empty it, and fill it again.
    const sequences = fc.commands(commands, { maxCommands: 30, size: "max" });
    const property = fc.asyncProperty(sequences, async (sequence) => {
      const shop = await openShop();
      const model = new ShopModel(PRICE);
      // Money and codes for a start, so that short sequences sell something.
      for (const first of [payIn("r0", 800), importFile(0, 5)]) await first.run(model, shop);
      await fc.asyncModelRun(() => ({ model, real: shop }), sequence);
      await expectBalancedBooks(shop);
    });
    const checked = fc.assert(property, { numRuns: sized("modelRuns"), endOnFailure: !isFullProof });
    await expect(checked).resolves.toBeUndefined();
  });

  it("sell to the last code, however many expiry dates they have", async () => {
    const shop = await openShop();
    const dates = Array.from({ length: LIMITS.importExpiries }, (_, month) => new Date(Date.UTC(2030, month, 1)));
    const lines = dates.map((date, index) => `${CODE_MARK}-DATED-${index},${date.toISOString()}`);
    const text = ["secret,expiresAt", ...lines].join("\n");
    await importCodes(deps, shop.productId, text, { dryRun: false });
    await deposit(deps, shop.channelId, { amount: dates.length * PRICE, currency: "CNY" }, "r0", deps.clock());
    const answers: string[] = [];
    for (let index = 0; index < dates.length; index++) {
      pass(5);
      expect(await availability(deps, shop.productId, shop, deps.clock())).not.toBe("sold_out");
      const placed = await placeOrder(deps, shop.channelId, String(index), shop.request([1]), {});
      answers.push(placed.ok ? placed.value.state : placed.code);
    }
    expect(answers).toEqual(dates.map(() => "fulfilled"));
    pass(5);
    expect(await availability(deps, shop.productId, shop, deps.clock())).toBe("sold_out");
  });
});
