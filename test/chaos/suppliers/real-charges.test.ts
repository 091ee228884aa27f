import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import type { Money } from "../../../shared/kernel/money.ts";
import type { Attempt, Order } from "../../../shared/orders/model.ts";
import { chargesIn } from "../../../shared/orders/news.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { setRate } from "../../../shared/suppliers/rates.ts";
import { syncSupplier } from "../../../shared/suppliers/sync.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { bothMoments, crashEach, type Doomed } from "../../support/faults/crash.ts";
import { fastClock, fulfil } from "../../support/fulfilment/fulfil.ts";
import { buy, giveMoney } from "../../support/orders/market.ts";
import { boughtProduct, known, offered, type Simulated, simulated } from "../../support/suppliers/sources.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";

// What a supplier has really charged for an order stands with its attempt, beside what was expected; what is more is told.

const { ground, born } = await ownEverything({ clock: fastClock(50) });
let supplier: Simulated;
beforeAll(async () => {
  supplier = await simulated();
});
afterAll(async () => {
  await supplier.stop();
});

type Deps = Everything["deps"];
const cny = (amount: number) => ({ amount, currency: "CNY" });

/** An order of three pieces, funded, from a supplier whose catalogue says 60 for one, and that charges something else. */
async function ordered(theirs: string, charge: unknown, currency?: string): Promise<string> {
  const { deps } = ground;
  supplier.simulator.offer(offered(theirs, 60));
  supplier.simulator.setCharge(charge, currency);
  const source = await known(deps, supplier);
  await syncSupplier(deps, source.supplierId, deps.clock().toISOString());
  const productId = await boughtProduct(deps, "code", [{ supplierId: source.supplierId, supplierProductId: theirs }]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 300);
  const bought = await buy(deps, channelId, "key", [{ productId, quantity: 3 }], "keep sealed");
  if (!bought.ok) throw new Error(bought.detail);
  return bought.value.order.id;
}

/** The end of an order with what its changes told of charges. */
async function ended(
  deps: Deps,
  orderId: string,
  step = "done",
): Promise<{ attempts: (Attempt | undefined)[]; told: object[] }> {
  const before = (await readOrder(deps, orderId)) as Order;
  expect(await fulfil(deps, orderId, 50)).toBe(step);
  const after = (await readOrder(deps, orderId)) as Order;
  const told = chargesIn({ before, after, at: "" });
  return { attempts: after.lines.map(({ attempt, history }) => attempt ?? history?.at(-1)), told };
}

test.each<[string, unknown, string | undefined, Money | undefined, string | undefined]>([
  ["as agreed", 60, undefined, cny(180), undefined],
  ["less", 59, undefined, cny(177), undefined],
  ["more", 61, undefined, cny(183), "more"],
  ["in another currency", 60, "USD", { amount: 180, currency: "USD" }, "other_currency"],
  ["what can't be read", "sixty", undefined, undefined, undefined],
])(
  "an order that is charged %s: it stands with its attempt, and is told if it is at our expense",
  async (_, ...said) => {
    const [charge, currency, charged, how] = said;
    const { attempts, told } = await ended(ground.deps, await ordered(magicProduct("success"), charge, currency));
    expect(attempts).toMatchObject([{ outcome: "fulfilled", cost: cny(60) }]);
    expect(attempts[0]?.charged).toEqual(charged);
    const facts = { supplierId: attempts[0]?.supplierId, reference: attempts[0]?.reference, how };
    expect(told).toMatchObject(how === undefined ? [] : [{ facts }]);
  },
);

test("the rate by which a foreign cost was compared with the price stands with the attempt, and a later rate does not change it", async () => {
  const { deps } = ground;
  const theirs = magicProduct("success");
  supplier.simulator.setCharge(10, "USD");
  const { supplierId } = await known(deps, supplier);
  const usd = { amount: 10, currency: "USD" };
  const rate = { from: "USD", to: "CNY", rate: "7.1", at: deps.clock().toISOString() };
  await setRate(deps, rate);
  const source = { supplierId, supplierProductId: theirs, cost: usd };
  const productId = await boughtProduct(deps, "code", [source]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 300);
  const bought = await buy(deps, channelId, "key", [{ productId, quantity: 3 }], "keep sealed");
  if (!bought.ok) throw new Error(bought.detail);
  const { attempts } = await ended(deps, bought.value.order.id);
  await setRate(deps, { ...rate, rate: "9.9", at: deps.clock().toISOString() });
  expect(attempts).toMatchObject([{ cost: usd, rate: { to: "CNY", rate: "7.1", at: rate.at }, outcome: "fulfilled" }]);
});

test("of an order that is delivered in part, what went back is not charged, and the rest is another purchase", async () => {
  const { attempts, told } = await ended(
    ground.deps,
    await ordered(magicProduct("partlyDone", 2), 60),
    "await_decision",
  );
  expect(attempts[0]).toMatchObject({ outcome: "partly", cost: cny(60), charged: cny(120) });
  expect(told).toEqual([]);
});

test("a charge above what was agreed is written down and told, whatever call dies", async () => {
  const scene = async (doomed: Doomed<Deps>): Promise<void> => {
    const orderId = await ordered(magicProduct("success"), 70);
    const before = (await readOrder(ground.deps, orderId)) as Order;
    await doomed.run((deps) => fulfil(deps, orderId, 50));
    const between = (await readOrder(ground.deps, orderId)) as Order;
    expect(await fulfil(ground.deps, orderId, 50)).toBe("done");
    const after = (await readOrder(ground.deps, orderId)) as Order;
    expect(after.lines[0]?.attempt).toMatchObject({ cost: cny(60), charged: cny(210) });
    const told = [chargesIn({ before, after: between, at: "" }), chargesIn({ before: between, after, at: "" })];
    expect(told.flat()).toHaveLength(1);
  };
  expect(await crashEach(born, scene, bothMoments, "writes")).toBeGreaterThanOrEqual(3);
});
