import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkMargins } from "../../../shared/catalog/check-margins.ts";
import { readUnlisting } from "../../../shared/catalog/listing.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { RestockRule } from "../../../shared/restock/model.ts";
import { restock } from "../../../shared/restock/restock.ts";
import { readRestock, setRestock } from "../../../shared/restock/table.ts";
import { allOffers, readSync } from "../../../shared/suppliers/offers.ts";
import { listChanges, syncSupplier } from "../../../shared/suppliers/sync.ts";
import { fakeBus } from "../../support/engine/fake-aws.ts";
import { domainOn, everythingOn } from "../../support/engine/on-second-engine.ts";
import { proofEngine } from "../../support/engine/proof-engine.ts";
import type { SecondEngine } from "../../support/engine/second-engine.ts";
import type { Calls } from "../../support/faults/calls.ts";
import { crashEach, type Doomed, moments } from "../../support/faults/crash.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct } from "../../support/orders/market.ts";
import {
  boughtProduct,
  known,
  offered,
  type SimulatedSource,
  simulated,
  sourceOf,
} from "../../support/suppliers/sources.ts";
import { magicProduct } from "../../support/suppliers/supplier-magic.ts";

// A process that dies at any of its calls while it reads a supplier's catalogue, or buys stock ahead: whoever comes next makes
// it good, every change is told of once, and every need is bought once.

let engine: SecondEngine;
let alive: ReturnType<typeof makeAlive>;
const makeAlive = () => ({ ...everythingOn(engine).deps, events: fakeBus().events, eventBusName: "bus" });
type Deps = ReturnType<typeof makeAlive>;

beforeAll(async () => {
  engine = await proofEngine();
  alive = makeAlive();
});
afterAll(() => engine.stop());

const born = (calls: Calls): Deps => ({ ...alive, db: domainOn(engine, { calls }).db });

/** A supplier of its own for each scene, for a catalogue is the whole supplier's. */
async function withSupplier(scene: (source: SimulatedSource) => Promise<void>): Promise<void> {
  const source = await known(alive, await simulated());
  try {
    await scene(source);
  } finally {
    await source.stop();
  }
}

test("a catalogue whose reading died is read again by the same message: each change is told once, the loss is off sale", async () => {
  const calls = await crashEach(born, (doomed) =>
    withSupplier(async (source) => {
      const { supplierId, simulator } = source;
      simulator.offer(offered("same", 90), offered("dearer", 90), offered("gone", 90));
      await syncSupplier(alive, supplierId, new Date().toISOString());
      const productId = await boughtProduct(alive, "topup", [sourceOf(source, "dearer")], {});
      simulator.offer(offered("same", 90), offered("dearer", 101), offered("new", 90));
      const askedAt = new Date(Date.now() + 1).toISOString();
      const { events, told } = fakeBus();
      const handle = async (deps: Deps): Promise<void> => {
        await syncSupplier(deps, supplierId, askedAt);
        await checkMargins({ ...deps, events }, supplierId, deps.clock());
      };
      await doomed.run(handle);
      await handle(alive);
      const { changes } = await listChanges(alive, supplierId, 20);
      const names = changes.map(({ supplierProductId }) => supplierProductId);
      expect(names.toSorted()).toEqual(["dearer", "dearer", "gone", "gone", "new", "same"]);
      const offers = (await allOffers(alive, supplierId)).map((one) => [
        one.supplierProductId,
        one.cost?.amount,
        one.onSale,
      ]);
      expect(offers).toEqual([
        ["dearer", 101, true],
        ["gone", 90, false],
        ["new", 90, true],
        ["same", 90, true],
      ]);
      const sync = await readSync(alive, supplierId);
      expect(sync).toMatchObject({ items: 3, balances: [{ currency: "CNY" }] });
      expect((sync?.completedAt ?? "") >= askedAt).toBe(true);
      expect(await readUnlisting(alive, productId)).toMatchObject({ reason: "cost_above_price", told: true });
      expect(new Set(told).size).toBe(1);
    }),
  );
  expect(calls).toBeGreaterThanOrEqual(12);
});

describe("stock that is bought ahead by a process that died is bought once, and counted as spent once", () => {
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  const later = (deps: Deps, seconds: number): Deps => ({
    ...deps,
    clock: () => new Date(Date.now() + seconds * 1000),
  });

  /** The looks of each minute, as far as something is left to do. */
  async function look(deps: Deps, productId: string, ...seconds: readonly number[]): Promise<void> {
    for (const after of seconds) {
      const before = await readRestock(deps, productId);
      if (before === undefined || (before.begun > 0 && before.open === undefined)) return;
      await restock(later(deps, after), before);
    }
  }

  async function lowStock({ supplierId, simulator }: SimulatedSource, supplierProductId: string, cost = 50) {
    simulator.offer(offered(supplierProductId, cost));
    await syncSupplier(alive, supplierId, new Date().toISOString());
    const productId = await codeProduct(alive);
    const rule = { below: 5, quantity: 4, supplierId, supplierProductId, maxCost: cny(50), dailyBudget: cny(500) };
    await setRestock(alive, productId, RestockRule.parse(rule), new Date());
    return productId;
  }

  test.each([
    ["it delivers at once", magicProduct("success"), 4, 5],
    ["its answer is lost", magicProduct("errorButDone"), 4, 5],
    ["it is asked", magicProduct("doneWithoutCallback"), 4, 6],
    ["it delivers a part", magicProduct("partlyDone", 1), 1, 5],
    ["it refuses", magicProduct("refused"), 0, 2],
  ] as const)("when %s", async (_, theirs, pieces, least) => {
    const scene = (doomed: Doomed<Deps>) =>
      withSupplier(async (source) => {
        const productId = await lowStock(source, theirs);
        const soon = LIMITS.placingSeconds + 1;
        await doomed.run((deps) => look(deps, productId, 0, soon));
        await look(alive, productId, soon, 2 * soon, 3 * soon);
        const outcome = pieces === 0 ? { outcome: "refused" } : { outcome: "stocked", imported: pieces };
        const state = await readRestock(alive, productId);
        expect(state).toMatchObject({ begun: 1, spent: [{ amount: 50 * pieces }], last: outcome });
        expect(state?.open).toBeUndefined();
        const delivered = source.simulator.orders().reduce((sum, one) => sum + one.deliveries * one.delivered, 0);
        const { available } = await countStock(alive, productId, new Date());
        expect([delivered, available]).toEqual([pieces, pieces]);
        expect(await violations(alive, { products: [productId] })).toEqual([]);
      });
    // Before a write too: then the supplier has heard of it, and nobody has noted what it said.
    expect(await crashEach(born, scene, moments, "writes")).toBeGreaterThanOrEqual(least);
  });

  test("and when it must not buy, that is told once", async () => {
    const calls = await crashEach(born, (doomed) =>
      withSupplier(async (source) => {
        const productId = await lowStock(source, magicProduct("success"), 51);
        const { events, told } = fakeBus();
        await doomed.run((deps) => look({ ...deps, events }, productId, 0));
        await look({ ...alive, events }, productId, 0, 0);
        expect(await readRestock(alive, productId)).toMatchObject({
          begun: 0,
          stopped: { reason: "cost_above_limit", told: true },
        });
        expect(new Set(told).size).toBe(1);
        expect(source.simulator.requests().place).toBe(0);
      }),
    );
    expect(calls).toBeGreaterThanOrEqual(4);
  });
});
