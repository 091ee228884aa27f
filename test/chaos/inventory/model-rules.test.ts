import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { recordOutcome } from "../../../shared/fulfilment/record-outcome.ts";
import { noteFailedRun } from "../../../shared/fulfilment/runs.ts";
import { giveBack } from "../../../shared/inventory/give-back.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import { type Order, ticketsOf } from "../../../shared/orders/model.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { settleOrders } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { readEntries } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, giveMoney, openMarket, secretsOf, settleMoney } from "../../support/orders/market.ts";
import { orderMixed } from "../../support/orders/mixed-order.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

// The rules that keep codes and money together, each at the very moment at which something breaks without it.

let simulator: SupplierSimulator;
/** Hold times that have passed: the clock of buyers and sweepers alike. */
let holds = 0;
const clock = (): Date => new Date(Date.now() + holds * (LIMITS.holdSeconds + 1) * 1000);
const { deps } = await ownEverything({ clock });

beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(async () => {
  await simulator.stop();
});

const LOOKER = { keyId: "key", sourceIp: "192.0.2.1", requestId: "req_1" };
const PRICE = 100;

/** A shop with so many codes, and money for so many. */
async function openShop(stock: number, affordable: number) {
  const { productId, channelId } = await openMarket(deps, { stock, money: affordable * PRICE, price: PRICE });
  const orderOf = (quantity: number) => [{ productId, quantity }];
  const shop = {
    productId,
    channelId,
    buy: (on: Domain, key: string, quantity = 1, goods: "reveal" | "keep sealed" = "keep sealed") =>
      buy(on, channelId, key, orderOf(quantity), goods),
    async order(key: string): Promise<Order> {
      const order = await readOrder(deps, orderIdFor(channelId, key));
      if (order === undefined) throw new Error(`no order ${key}`);
      return order;
    },
    cancel: async (on: Domain, key: string) => cancelOrder(on, channelId, orderIdFor(channelId, key)),
    async sweep(times = 1): Promise<void> {
      for (let time = 0; time < times; time++) {
        holds += 1;
        await sweepProduct(deps, productId, clock());
      }
    },
    spendable: async () => (await readAccount(deps, channelId, "CNY"))?.spendable,
    kinds: async () => (await readEntries(deps, channelId)).map(({ name }) => name.split(":")[0]).join(" "),
    async expectAllInOrder(...keys: string[]): Promise<void> {
      const orders = keys.map((key) => orderIdFor(channelId, key));
      await shop.sweep(4);
      await settleMoney(deps, ...orders);
      expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
    },
  };
  return shop;
}

describe("a way back is two steps: first the order says so, then goods and money move", () => {
  test("cancelled while somebody finishes it: the buyer sees nothing, or it is not cancelled", async () => {
    const shop = await openShop(1, 1);
    await fallAsleep(deps, before.theDebit, (sleepy) => shop.buy(sleepy, "a"));
    const seen: string[] = [];
    const cancelling = meanwhile(deps, before.aCodeGoesBack, async () => {
      const bought = await shop.buy(deps, "a", 1, "reveal");
      if (bought.ok) seen.push(...secretsOf(bought.value.goods));
    });
    expect(await shop.cancel(cancelling, "a")).toMatchObject({ value: { state: "cancelled" } });
    expect(seen).toEqual([]);
    await shop.expectAllInOrder("a");
    expect(await shop.spendable()).toBe(PRICE);
  });

  test("refused for want of money while the money arrives: refused all the way", async () => {
    const shop = await openShop(2, 1);
    await fallAsleep(deps, before.theDebit, (sleepy) => shop.buy(sleepy, "a"));
    await shop.buy(deps, "b");
    const seen: string[] = [];
    const refusing = meanwhile(deps, before.aCodeGoesBack, async () => {
      await giveMoney(deps, shop.channelId, PRICE);
      const bought = await shop.buy(deps, "a", 1, "reveal");
      if (bought.ok) seen.push(...secretsOf(bought.value.goods));
    });
    await advance(refusing, await shop.order("a"));
    expect(seen).toEqual([]);
    await shop.expectAllInOrder("a", "b");
    expect(await shop.spendable()).toBe(PRICE);
  });

  test("expired while somebody pays for it, who was in time by his own clock: nothing is sold any more", async () => {
    const shop = await openShop(1, 1);
    const { productId, channelId } = shop;
    const orderId = orderIdFor(channelId, "a");
    const lines = [{ productId, quantity: 1 }];
    await placeOrder(deps, channelId, "a", { lines, payment: { method: "deferred" } }, {});
    const late = { ...deps, clock: () => new Date(clock().getTime() + (LIMITS.unpaidSeconds + 1) * 1000) };
    const seen: string[] = [];
    const expiring = meanwhile(late, before.aCodeGoesBack, async () => {
      expect(await payOrder(deps, channelId, orderId)).toMatchObject({ code: "order_expired" });
      const goods = await revealGoods(deps, await shop.order("a"), LOOKER);
      if (goods.ok) seen.push(...secretsOf(goods.value));
    });
    await advance(expiring, await shop.order("a"));
    expect(seen).toEqual([]);
    expect(await shop.order("a")).toMatchObject({ state: "expired" });
    await shop.expectAllInOrder("a");
    expect(await shop.spendable()).toBe(PRICE);
  });

  test("refunded while the supplier delivers after all: the money is back, and the line says returned", async () => {
    const { orderId, lineId, end } = await orderMixed(deps, simulator, "neverDone");
    await placeLine(deps, orderId);
    await noteFailedRun(deps, { orderId, execution: "e", status: "FAILED" });
    const refunding = meanwhile(deps, before.moneyGoesBack, async () => {
      const order = (await readOrder(deps, orderId)) as Order;
      const reference = order.lines[1]?.attempt?.reference ?? "";
      const policy = { repeatSafe: true, inFlightSeconds: 0, firstAskSeconds: 5 };
      await recordOutcome(deps, order, { lineId, reference }, { kind: "fulfilled", supplierOrderId: "s" }, policy);
    });
    const decision = { action: "refund", reason: "late", evenIfUnresolved: true } as const;
    await decide(refunding, orderId, decision, { operator: "o", requestId: "r" });
    const order = await readOrder(deps, orderId);
    expect(order).toMatchObject({ state: "partly_fulfilled", refunded: 50, lines: [{}, { state: "returned" }] });
    await end();
  });

  test("an answer to an old question says nothing of what was heard since", async () => {
    const { orderId, lineId } = await orderMixed(deps, simulator, "neverDone");
    await placeLine(deps, orderId);
    const whenAsked = (await readOrder(deps, orderId)) as Order;
    const heardOf = { lineId, reference: whenAsked.lines[1]?.attempt?.reference ?? "" };
    const policy = { repeatSafe: true, inFlightSeconds: 0, firstAskSeconds: 5 };
    const since = await recordOutcome(deps, whenAsked, heardOf, { kind: "unknown", reason: "timed_out" }, policy);
    expect(since.lines[1]?.state).toBe("unknown");
    // Asked before the order had arrived, and late with its answer.
    const after = await recordOutcome(deps, whenAsked, heardOf, { kind: "never_heard" }, policy);
    expect(after.lines[1]).toEqual(since.lines[1]);
    const done = await recordOutcome(deps, whenAsked, heardOf, { kind: "fulfilled", supplierOrderId: "s" }, policy);
    expect(done.lines[1]?.state).toBe("fulfilled");
  });

  test("reveal and cancel: whichever is second at the order loses", async () => {
    const shop = await openShop(2, 2);
    for (const key of ["a", "b"]) await shop.buy(deps, key);
    const lateCancel = meanwhile(deps, before.anyMoveOfTheOrder, async () =>
      revealGoods(deps, await shop.order("a"), LOOKER),
    );
    expect(await shop.cancel(lateCancel, "a")).toMatchObject({ ok: false, code: "not_cancellable" });
    const lateReveal = meanwhile(deps, before.anyMoveOfTheOrder, () => shop.cancel(deps, "b"));
    expect(await revealGoods(lateReveal, await shop.order("b"), LOOKER)).toMatchObject({
      ok: false,
      code: "not_found",
    });
    await shop.expectAllInOrder("a", "b");
  });
});

describe("money that was set aside is booked only if the order names it", () => {
  test("a second debit for an order that is paid and booked goes back", async () => {
    const shop = await openShop(1, 2);
    await fallAsleep(deps, before.theFinish, (sleepy) => {
      const slow = meanwhile(sleepy, before.theDebit, async () => {
        await shop.buy(deps, "a");
        await settleMoney(deps, orderIdFor(shop.channelId, "a"));
      });
      return shop.buy(slow, "a");
    });
    expect(await shop.spendable()).toBe(0);
    await shop.expectAllInOrder("a");
    expect(await shop.spendable()).toBe(PRICE);
  });

  test("a debit that comes when the order is over goes back", async () => {
    const shop = await openShop(1, 1);
    await fallAsleep(deps, before.theSale, (sleepy) => {
      const slow = meanwhile(sleepy, before.theDebit, () => shop.cancel(deps, "a"));
      return shop.buy(slow, "a");
    });
    expect(await shop.spendable()).toBe(0);
    await shop.expectAllInOrder("a");
    expect(await shop.spendable()).toBe(PRICE);
  });

  test("cancelled before it was booked: booked as a sale all the same, and returned by an entry of its own", async () => {
    const shop = await openShop(1, 1);
    await shop.buy(deps, "a");
    await shop.cancel(deps, "a");
    expect(await shop.spendable()).toBe(PRICE);
    expect(await shop.kinds()).toBe("deposit sale refund");
    await shop.expectAllInOrder("a");
  });

  test("two who unwind one order at once give its money back once", async () => {
    const shop = await openShop(1, 1);
    await shop.buy(deps, "a");
    const slow = meanwhile(deps, before.moneyGoesBack, () => shop.cancel(deps, "a"));
    await shop.cancel(slow, "a");
    expect(await shop.spendable()).toBe(PRICE);
    await shop.expectAllInOrder("a");
  });

  test("who read the order before its next try does not judge the money of that try", async () => {
    const shop = await openShop(2, 1);
    await fallAsleep(deps, before.theDebit, (sleepy) => shop.buy(sleepy, "a"));
    await shop.buy(deps, "b");
    const refused = await advance(deps, await shop.order("a"));
    expect(refused).toMatchObject({ state: "refused", epoch: 1 });
    await shop.sweep(4);
    await giveMoney(deps, shop.channelId, PRICE);
    const slow = meanwhile(deps, before.theFinish, () => settleOrders(deps, [refused]));
    expect(await shop.buy(slow, "a")).toMatchObject({ ok: true, value: { order: { epoch: 2, state: "fulfilled" } } });
    await shop.expectAllInOrder("a", "b");
    expect(await shop.spendable()).toBe(0);
  });
});

describe("a code that comes back lies in one place, and somebody looks there", () => {
  test("who slept with a ticket finds the door closed when the code was moved and sold to another", async () => {
    const shop = await openShop(1, 2);
    const slow = meanwhile(deps, before.theSale, async () => {
      await shop.sweep(3);
      expect(await shop.buy(deps, "b", 1, "reveal")).toMatchObject({ ok: true });
    });
    expect(await shop.buy(slow, "a", 1, "reveal")).toMatchObject({ ok: false, code: "sold_out" });
    await shop.expectAllInOrder("a", "b");
  });

  test("a giver who slept until its number was buried draws another", async () => {
    const shop = await openShop(1, 2);
    await shop.buy(deps, "a");
    const { id, lines } = await shop.order("a");
    const [ticket = ""] = ticketsOf(lines);
    const slow = meanwhile(deps, before.aCodeGoesBack, async () => {
      await shop.sweep(2);
      expect(await shop.buy(deps, "b")).toMatchObject({ ok: false, code: "sold_out" });
      await shop.sweep(3);
    });
    await giveBack(slow, ticket, { orderId: id });
    await shop.cancel(deps, "a");
    await shop.expectAllInOrder("a");
  });

  test("a number that was drawn and never filled holds up what lies behind it for one hold time only", async () => {
    const shop = await openShop(2, 2);
    for (const key of ["a", "b"]) await shop.buy(deps, key);
    await fallAsleep(deps, before.aCodeGoesBack, (sleepy) => shop.cancel(sleepy, "a"));
    await shop.cancel(deps, "b");
    await shop.sweep(2);
    expect(await shop.buy(deps, "c")).toMatchObject({ ok: true });
    await shop.cancel(deps, "a");
    await shop.expectAllInOrder("a", "b", "c");
  });

  test("a returns range is listed before anything lies in it, whoever made it", async () => {
    const shop = await openShop(2, 2);
    for (const key of ["a", "b"]) await shop.buy(deps, key);
    await fallAsleep(deps, before.aRangeIsListed, (sleepy) => shop.cancel(sleepy, "a"));
    for (const key of ["b", "a"]) expect(await shop.cancel(deps, key)).toMatchObject({ ok: true });
    await shop.expectAllInOrder("a", "b");
  });

  test("two sweepers put what came back on sale once", async () => {
    const shop = await openShop(2, 2);
    await shop.buy(deps, "a", 2);
    await shop.cancel(deps, "a");
    const slow = meanwhile(deps, before.returnsArePublished, () => shop.sweep());
    await sweepProduct(slow, shop.productId, clock());
    await shop.expectAllInOrder("a");
    expect(await shop.buy(deps, "b", 2)).toMatchObject({ ok: true });
  });
});
