import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createVersion } from "../../../shared/catalog/products.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { transferByName } from "../../../shared/inventory/transfer.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { openMarket } from "../../support/orders/market.ts";

// A refusal is definite: whoever reads it buys elsewhere. So nobody is refused what has been done under the same key or order, also
// when a read was a moment old, the product has changed since, or a twin has done it just now.

const { deps } = await ownEverything();

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** What a process knows of a product it forgets after five seconds. */
const FORGOTTEN_MS = 6_000;

/** Reads of an order that are not strong find nothing: they are from before it was put. */
function behind(of: Everything["deps"]): Everything["deps"] {
  const isMomentOld: Moment = ({ input, constructor }, tables) =>
    constructor.name === "GetCommand" && input["TableName"] === tables.orders && input["ConsistentRead"] === false;
  const send = async (command: Parameters<Moment>[0], ...rest: unknown[]): Promise<unknown> =>
    isMomentOld(command, of.tables)
      ? {}
      : (of.db.send as (...all: unknown[]) => Promise<unknown>).call(of.db, command, ...rest);
  return { ...of, db: Object.assign(Object.create(of.db) as typeof of.db, { send }) };
}

const PRICE = { amount: 100, currency: "CNY" };
const supplier = { supplierId: newId("sup"), supplierProductId: "any", unguarded: true };
const atMost = (amount: number): Partial<NewOrder> => ({ maxTotal: { amount, currency: "CNY" } });
const MANY = LIMITS.codesPerOrder + 1;

/** What was bought first, and how the product then changes so that the same could not be bought again. */
const CHANGES: Record<string, { quantity: number; asks?: Partial<NewOrder>; becomes: Partial<NewProduct> }> = {
  "price_changed, of one": { quantity: 1, asks: atMost(100), becomes: { price: { ...PRICE, amount: 101 } } },
  "price_changed, of a large order": {
    quantity: MANY,
    asks: atMost(100 * MANY),
    becomes: { price: { ...PRICE, amount: 101 } },
  },
  "invalid_request, as it is sold to named buyers now": {
    quantity: 1,
    becomes: { limits: { perBuyer: { quantity: 5, per: "ever" } } },
  },
  "limit_reached, by a new limit": { quantity: 2, becomes: { limits: { perOrder: 1 } } },
  "limit_reached, of a large order": { quantity: MANY, becomes: { limits: { perOrder: 1 } } },
  "invalid_request, as stock sells none of it now": { quantity: MANY, becomes: { sources: [supplier] } },
  "sold_out, as it was the last": { quantity: 1, becomes: {} },
};

describe("an order that stands is not refused to who repeats it", () => {
  test.each(Object.entries(CHANGES))("%s", async (_refusal, { quantity, asks = {}, becomes }) => {
    const { productId, channelId } = await openMarket(deps, { stock: quantity, money: 1_000_000 });
    const request: NewOrder = { lines: [{ productId, quantity }], payment: { method: "balance" }, ...asks };
    const first = await placeOrder(deps, channelId, "key", request, {});
    if (!first.ok) throw new Error(first.detail);
    const changed: NewProduct = { kind: "code", name: "Test code", price: PRICE, ...becomes };
    expect(await createVersion(deps, productId, changed, newId("evt"))).toMatchObject({ ok: true });
    vi.setSystemTime(Date.now() + FORGOTTEN_MS);
    const other = await placeOrder(behind(deps), channelId, "another", request, {});
    expect(other).toMatchObject({ ok: false });
    const again = await placeOrder(behind(deps), channelId, "key", request, {});
    expect(again).toMatchObject({ ok: true, value: { id: first.value.id } });
  });

  test("in other words, it is told that the key was used", async () => {
    const { productId, channelId } = await openMarket(deps, { stock: 3, money: 1000 });
    const asks = (quantity: number, amount: number): NewOrder => ({
      lines: [{ productId, quantity }],
      payment: { method: "balance" },
      ...atMost(amount),
    });
    expect(await placeOrder(deps, channelId, "key", asks(1, 100), {})).toMatchObject({ ok: true });
    const other = await placeOrder(behind(deps), channelId, "key", asks(2, 100), {});
    expect(other).toMatchObject({ code: "idempotency_key_reused" });
  });
});

describe("who pays or moves at the same time as a twin", () => {
  test("is told that the order is paid, and not that the balance is short", async () => {
    const { productId, channelId } = await openMarket(deps, { stock: 1, money: 100 });
    const request: NewOrder = { lines: [{ productId, quantity: 1 }], payment: { method: "deferred" } };
    const placed = await placeOrder(deps, channelId, "later", request, {});
    if (!placed.ok) throw new Error(placed.detail);
    const { id } = placed.value;
    const asksForTheMoney: Moment = ({ input, constructor }, tables) =>
      constructor.name === "GetCommand" && input["TableName"] === tables.ledger;
    const twin = meanwhile(deps, asksForTheMoney, () => payOrder(deps, channelId, id));
    expect(await payOrder(twin, channelId, id)).toMatchObject({ ok: true, value: { state: "fulfilled" } });
  });

  test("is told what was moved, and not that there is nothing left", async () => {
    const { productId } = await openMarket(deps, { stock: 2, money: 0 });
    const { pool } = await setPool(deps, productId, { kind: "channel", subject: "chan_anna" }, "stop");
    const move = (on: Everything["deps"]) =>
      transferByName(on, productId, { from: "total", to: pool, quantity: 2 }, "key");
    const looksForStock: Moment = ({ constructor }) => constructor.name === "BatchGetCommand";
    expect(await move(meanwhile(deps, looksForStock, () => move(deps)))).toMatchObject({ value: { quantity: 2 } });
  });
});
