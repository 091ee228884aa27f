import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noteLate } from "../../../shared/fulfilment/overdue.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { sellReserved } from "../../../shared/inventory/sell-reserved.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { type Order, reservedFor, reservedIn, ticketsOf } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { moveOrder, orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, codeProduct, giveMoney, orderOf, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { orderMixed } from "../../support/orders/mixed-order.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

// Two helpers of one order, whose clocks lie on both sides of a code's expiry: one can sell it, the other can't. The order says
// first which of them it follows, and only then do codes go back: no order that is delivered loses a code, and no code stays
// with an order that does not name it.

const { deps } = await ownEverything();
let simulator: SupplierSimulator;
const start = Date.now();
const EXPIRES_MS = 3_600_000;
const expiresAt = new Date(start + EXPIRES_MS).toISOString();

beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(async () => {
  await simulator.stop();
});

const atMs = (ms: number): Everything["deps"] => ({ ...deps, clock: () => new Date(start + ms) });
/** By their clocks the codes are good for another second, or have just expired. */
const behind = (): Everything["deps"] => atMs(EXPIRES_MS - 1000);
const ahead = (): Everything["deps"] => atMs(EXPIRES_MS + 1000);

/** A product of codes that expire in an hour, and of others that do not. */
async function stockOf(expiring: number, lasting: number): Promise<string> {
  const productId = await codeProduct(deps);
  const rows = [
    ...makeCodes(expiring).map((code) => `${code},${expiresAt}`),
    ...makeCodes(lasting).map((code) => `${code},`),
  ];
  await importCodes(deps, productId, ["secret,expiresAt", ...rows, ""].join("\n"), { dryRun: false });
  return productId;
}

async function expectAllInOrder(channelId: string, orderId: string, products: string[], spent: number, paidIn: number) {
  await settleMoney(deps, orderId);
  await sweepUntilQuiet(deps, ...products);
  expect(await violations(deps, { products, channels: [channelId], orders: [orderId] })).toEqual([]);
  expect((await readAccount(deps, channelId, "CNY"))?.spendable).toBe(paidIn - spent);
}

async function theOrder(id: string): Promise<Order> {
  const order = await readOrder(deps, id);
  if (order === undefined) throw new Error(`no order ${id}`);
  return order;
}

describe("a line that was replaced from stock", () => {
  const by = { operator: "arn:operator", requestId: "req_1" };

  /** A top-up that was refused is replaced by a code, and the process that does so dies before it sells it. */
  async function replaced() {
    const mixed = await orderMixed(deps, simulator, "refused");
    await placeLine(deps, mixed.orderId);
    const productId = await stockOf(1, 0);
    const replacement = { from: "stock", productId } as const;
    const decision = {
      action: "replace",
      reason: "r",
      lineId: "2",
      with: replacement,
      evenIfUnresolved: false,
    } as const;
    await fallAsleep(deps, before.theSale, (sleepy) => decide(sleepy, mixed.orderId, decision, by));
    const order = await theOrder(mixed.orderId);
    return { ...mixed, order, products: [productId, order.lines[0]?.productId ?? ""] };
  }

  test("is delivered or waits for a person, and who comes too late takes nothing from it", async () => {
    const { order, channelId, products } = await replaced();
    await advance(
      meanwhile(ahead(), before.aCodeGoesBack, () => advance(behind(), order)),
      order,
    );
    const { state } = await theOrder(order.id);
    expect(["fulfilled", "review"]).toContain(state);
    if (state === "review") await refundAll(order.id);
    await expectAllInOrder(channelId, order.id, products, state === "fulfilled" ? 150 : 100, 1000);
  });

  test("stays delivered when it was delivered before the other could say that it can't be", async () => {
    const { order, channelId, products } = await replaced();
    await advance(
      meanwhile(ahead(), before.anyMoveOfTheOrder, () => advance(behind(), order)),
      order,
    );
    expect(await theOrder(order.id)).toMatchObject({ state: "fulfilled" });
    await expectAllInOrder(channelId, order.id, products, 150, 1000);
  });

  test("gives its code back although the one that says so dies right after", async () => {
    const { order, channelId, products } = await replaced();
    await fallAsleep(ahead(), before.aCodeGoesBack, (sleepy) => advance(sleepy, order));
    expect(await theOrder(order.id)).toMatchObject({ state: "review" });
    await fallAsleep(behind(), before.anyMoveOfTheOrder, (sleepy) => advance(sleepy, order));
    expect((await advance(ahead(), await theOrder(order.id))).dropped).toBeUndefined();
    await refundAll(order.id);
    await expectAllInOrder(channelId, order.id, products, 100, 1000);
  });

  describe("and whose late promise puts it before a person while its code is being sold", () => {
    /** Its code is sold by then; but the order has moved on, so the line is not finished. */
    async function late() {
      const { order, ...seen } = await replaced();
      const deliverBy = new Date(Date.now() - 1000).toISOString();
      const promise = { withinSeconds: 1, whenLate: "review" } as const;
      const promised = await moveOrder(deps, order, { deliverBy, promise });
      if (!promised.ok) throw new Error("the order has moved");
      const noted = async () => noteLate(deps, await theOrder(order.id));
      await advance(meanwhile(deps, before.anyMoveOfTheOrder, noted), promised.order);
      const now = await theOrder(order.id);
      expect(now.state).toBe("review");
      expect(ticketsOf(now.lines.filter(({ state }) => state === "review"))).toHaveLength(1);
      return { ...seen, order: now };
    }

    test("gives that code back when it is replaced again", async () => {
      const { order, channelId, products } = await late();
      const productId = await stockOf(1, 0);
      const other = { action: "replace", reason: "r", lineId: "2", with: { from: "stock", productId } } as const;
      const decided = await decide(deps, order.id, { ...other, evenIfUnresolved: false }, by);
      expect(decided).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
      expect((await theOrder(order.id)).dropped).toBeUndefined();
      await expectAllInOrder(channelId, order.id, [...products, productId], 150, 1000);
    });

    test("gives that code back although the one that replaces it again dies right after", async () => {
      const { order, channelId, products } = await late();
      const productId = await stockOf(1, 0);
      const other = { action: "replace", reason: "r", lineId: "2", with: { from: "stock", productId } } as const;
      await fallAsleep(deps, before.aCodeGoesBack, (sleepy) =>
        decide(sleepy, order.id, { ...other, evenIfUnresolved: false }, by),
      );
      expect(await advance(deps, await theOrder(order.id))).toMatchObject({ state: "fulfilled" });
      await expectAllInOrder(channelId, order.id, [...products, productId], 150, 1000);
    });

    test("gets that code when it is tried again", async () => {
      const { order, channelId, products } = await late();
      const again = await decide(deps, order.id, { action: "retry", reason: "r" }, by);
      expect(again).toMatchObject({ ok: true });
      expect(await advance(deps, await theOrder(order.id))).toMatchObject({ state: "fulfilled" });
      await expectAllInOrder(channelId, order.id, products, 150, 1000);
    });

    test("gives that code back when it is refunded", async () => {
      const { order, channelId, products } = await late();
      await refundAll(order.id);
      expect(await theOrder(order.id)).toMatchObject({ state: "partly_fulfilled", refunded: 50 });
      await expectAllInOrder(channelId, order.id, products, 100, 1000);
    });
  });

  async function refundAll(orderId: string): Promise<void> {
    const refund = { action: "refund", reason: "r", evenIfUnresolved: false } as const;
    expect(await decide(deps, orderId, refund, by)).toMatchObject({ ok: true });
  }
});

describe("an order that takes other codes for those that it can't sell", () => {
  test.each([
    ["lets go of what a helper has sold whose clock is behind", before.theFinish],
    ["lets go of what nobody has sold", before.theSale],
  ])("%s", async (_what, asleepAt) => {
    const productId = await stockOf(1, 2);
    const channelId = newId("chan");
    await giveMoney(deps, channelId, 1000);
    const lines = [{ productId, quantity: 2 }];
    await fallAsleep(deps, before.theDebit, (sleepy) => buy(sleepy, channelId, "a", lines, "keep sealed"));
    const order = await theOrder(orderIdFor(channelId, "a"));
    const [expiring] = ticketsOf(order.lines);
    const sells = () => fallAsleep(behind(), asleepAt, (sleepy) => advance(sleepy, order));
    const sold = await advance(meanwhile(ahead(), before.anyMoveOfTheOrder, sells), order);
    expect(sold.state).toBe("fulfilled");
    expect(ticketsOf(sold.lines)).not.toContain(expiring);
    await expectAllInOrder(channelId, order.id, [productId], 200, 1000);
  });
});

describe("a large order", () => {
  test("fills a hole once, and the code in it is nobody's, however late another worker comes to it", async () => {
    const productId = await stockOf(3, 3);
    const channelId = newId("chan");
    await giveMoney(deps, channelId, 1000);
    const request = { lines: [{ productId, quantity: 3 }], payment: { method: "balance" }, acceptLess: true } as const;
    await placeOrder(deps, channelId, "a", { ...request, lines: [...request.lines] }, {});
    const order = await advance(deps, await theOrder(orderIdFor(channelId, "a")));
    const [run] = reservedIn(order.lines);
    if (run === undefined) throw new Error("nothing was cut");
    const sell = (on: Everything["deps"]) => sellReserved(on, reservedFor(order), run, 10, on.clock());
    // One begins, and is overtaken by another, for whom all of it has expired.
    await sell(meanwhile(behind(), before.theSale, () => sell(ahead())));
    while ((await planOrder(ahead(), order.id)).step === "plan");
    expect(await orderOf(deps, channelId, "a")).toMatchObject({ state: "fulfilled" });
    await expectAllInOrder(channelId, order.id, [productId], 300, 1000);
  });
});
