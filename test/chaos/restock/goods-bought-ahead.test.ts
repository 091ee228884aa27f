import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { processCallback } from "../../../shared/fulfilment/process-callback.ts";
import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { notePurchase } from "../../../shared/restock/purchases.ts";
import { setRestock } from "../../../shared/restock/table.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { bothMoments, crashEach, type Doomed } from "../../support/faults/crash.ts";
import { fallAsleep } from "../../support/faults/meanwhile.ts";
import { makeCodes } from "../../support/inventory/codes.ts";
import { buyAhead, WEBHOOK_SECRET } from "../../support/restock/buying-ahead.ts";
import { startFulu } from "../../support/suppliers/fulu.ts";
import { orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";

// What a supplier hands over for a purchase ahead: it is in stock once, and what is missing of it is told.

const { deps, born } = await ownEverything();
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterAll(() => {
  vi.useRealTimers();
});

const cards = (count: number) => makeCodes(count).map((secret) => ({ secret }));

test.for([1, 3])("the same %d codes handed over for two purchases are in stock once, and told", async (quantity) => {
  const same = cards(quantity);
  const shop = await buyAhead(deps, () => same, { quantity });
  await shop.looks(6);
  await shop.supplier.stop();
  expect(await shop.available()).toBe(quantity);
  expect(shop.supplier.orders()).toHaveLength(2);
  expect(await shop.state()).toMatchObject({
    last: { outcome: "stocked", imported: quantity },
    open: { state: "stuck", reason: "duplicate_code", shortfall: quantity },
    stopped: { reason: "purchase_stuck" },
  });
  expect(shop.told.map((one) => one.split(" ")[0])).toEqual(["stock.restock_stopped"]);
});

test("a purchase counts what it has put into stock itself, whatever call dies", async () => {
  const scene = async (doomed: Doomed<Everything["deps"]>): Promise<void> => {
    const same = cards(3);
    const shop = await buyAhead(deps, () => same, { quantity: 3, below: 3 });
    await doomed.run((through) => shop.look(through));
    await shop.looks(3);
    await shop.supplier.stop();
    expect(await shop.available()).toBe(3);
    expect(await shop.state()).toMatchObject({ begun: 1, last: { outcome: "stocked", imported: 3 } });
    expect(shop.told).toEqual([]);
  };
  expect(await crashEach(born, scene, bothMoments, "writes")).toBeGreaterThanOrEqual(4);
});

/** Three codes that are in stock, from a rule that is off by now; then their supplier gives the money back, and calls us. */
async function takenBackLater() {
  const goods = cards(3);
  const shop = await buyAhead(deps, () => goods, { quantity: 3 });
  await shop.look();
  expect(await shop.available()).toBe(3);
  await setRestock(deps, shop.productId, { isOn: false }, shop.deps.clock());
  const [reference = ""] = shop.supplier.orders();
  shop.supplier.setState("refunded");
  const news = orderUpdated({ id: "ord_1", reference, state: "refunded" });
  const { body, headers } = sign(news, WEBHOOK_SECRET, shop.deps.clock());
  const called = async (at: Everything["deps"]): Promise<string> => {
    const here = { ...at, clock: shop.deps.clock };
    await receiveCallback(here, shop.supplierId, body, headers);
    return processCallback(here, shop.supplierId, headers["webhook-id"] ?? "");
  };
  return { ...shop, reference, called };
}

test("what was bought ahead and taken back is frozen and told, whatever call dies", async () => {
  const scene = async (doomed: Doomed<Everything["deps"]>): Promise<void> => {
    const shop = await takenBackLater();
    await doomed.run(async (through) => {
      await shop.called(through);
      await shop.look(through);
    });
    await shop.called(deps);
    await shop.looks(2);
    await shop.supplier.stop();
    expect(await countStock(deps, shop.productId, shop.deps.clock())).toMatchObject({ available: 0, frozen: 3 });
    expect([...new Set(shop.told.map((one) => one.split(" ")[0]))]).toEqual(["stock.purchase_reversed"]);
    expect((await shop.state()).news).toBeUndefined();
  };
  expect(await crashEach(born, scene, bothMoments, "writes")).toBeGreaterThanOrEqual(4);
});

test("news of a purchase ahead that still stands freezes nothing", async () => {
  const shop = await takenBackLater();
  shop.supplier.setState("fulfilled");
  expect(await shop.called(deps)).toBe("purchase_noted");
  await shop.look();
  await shop.supplier.stop();
  expect(await shop.available()).toBe(3);
  expect(shop.told).toEqual([]);
});

test("a purchase that is refused after a look has put its goods into stock is frozen and told", async () => {
  const same = cards(3);
  const shop = await buyAhead(deps, () => same, { quantity: 3 });
  const endsIt = (command: { input: Record<string, unknown> }) => JSON.stringify(command.input).includes('"stocked"');
  await fallAsleep(shop.deps, endsIt, (through) => shop.look(through));
  expect(await shop.available()).toBe(3);
  shop.supplier.setState("refunded");
  await shop.look();
  await shop.supplier.stop();
  expect(await shop.available()).toBe(0);
  expect(shop.told.map((one) => one.split(" ")[0])).toContain("stock.purchase_reversed");
});

test("an unsigned callback about a purchase ahead is kept, and one about nothing of ours is not", async () => {
  const [party, shop] = await Promise.all([startFulu(), takenBackLater()]);
  const settings = { name: "Fulu", protocol: "fulu", baseUrl: party.url, credentials: party.credentials };
  const made = await createSupplier(deps, NewSupplier.parse(settings), newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  const { id: supplierId } = made.value;
  await notePurchase(deps, { reference: "restock_x-1", productId: shop.productId, supplierId }, shop.deps.clock());
  const called = (reference: string) =>
    receiveCallback(deps, supplierId, JSON.stringify({ customer_order_no: reference }), {});
  expect(await called("restock_x-1")).toHaveProperty("kind", "stored");
  expect(await called("restock_x-2")).toHaveProperty("kind", "dropped");
  // Another supplier's purchase is not theirs to talk about.
  expect(await called(shop.reference)).toHaveProperty("kind", "dropped");
  await Promise.all([party.stop(), shop.supplier.stop()]);
});

test("a purchase that is worked on for longer than its supplier may is told, and still goes into stock when it is delivered", async () => {
  const same = cards(3);
  const shop = await buyAhead(deps, () => same, { quantity: 3, below: 1 });
  shop.supplier.setState("fulfilling");
  await shop.looks(2);
  expect(await shop.state()).toMatchObject({ open: { state: "accepted" } });
  expect(shop.told).toEqual([]);
  await shop.look(deps, LIMITS.answerWithinSeconds);
  await shop.looks(2);
  expect(await shop.state()).toMatchObject({
    begun: 1,
    open: { state: "stuck", reason: "no_answer" },
    stopped: { reason: "purchase_stuck", told: true },
  });
  expect(shop.told.map((one) => one.split(" ")[0])).toEqual(["stock.restock_stopped"]);
  shop.supplier.setState("fulfilled");
  await shop.look();
  await shop.supplier.stop();
  expect(await shop.available()).toBe(3);
  expect(await shop.state()).toMatchObject({ begun: 1, last: { outcome: "stocked", imported: 3 } });
});

test("cards that are handed over later than their supplier says so are all in stock, whatever call dies", async () => {
  const scene = async (doomed: Doomed<Everything["deps"]>): Promise<void> => {
    const all = cards(3);
    const shop = await buyAhead(deps, (_order, look) => all.slice(0, look), { quantity: 3, below: 1 });
    await doomed.run(async (through) => {
      for (let minute = 0; minute < 5; minute++) await shop.look(through);
    });
    await shop.looks(5);
    await shop.supplier.stop();
    expect(await shop.available()).toBe(3);
    expect(await shop.state()).toMatchObject({ begun: 1, last: { outcome: "stocked", imported: 3 } });
    expect(shop.told).toEqual([]);
  };
  expect(await crashEach(born, scene, bothMoments, "writes")).toBeGreaterThanOrEqual(5);
});

test("cards that don't come within an hour are missed, and those that came are in stock", async () => {
  const all = cards(3);
  const shop = await buyAhead(deps, () => all.slice(1), { quantity: 3, below: 1 });
  await shop.looks(3);
  expect(await shop.available()).toBe(0);
  await shop.look(deps, LIMITS.goodsAwaitedSeconds);
  await shop.supplier.stop();
  expect(await shop.available()).toBe(2);
  expect(await shop.state()).toMatchObject({ open: { state: "stuck", reason: "goods_missing", shortfall: 1 } });
  expect(shop.told.map((one) => one.split(" ")[0])).toEqual(["stock.restock_stopped"]);
});
