import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { syncSupplier } from "../../../shared/suppliers/sync.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { buy, giveMoney } from "../../support/orders/market.ts";
import {
  boughtProduct,
  offered,
  type SimulatedSource,
  simulatedSource,
  sourceOf,
} from "../../support/suppliers/sources.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";

// What we can spend with a supplier, and what it has in stock, is known for some minutes after it was read, and no longer.

let source: SimulatedSource;
let now = Date.parse("2026-01-05T12:00:00Z");
const { ground } = await ownEverything({ clock: () => new Date(now) });
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now });
  source = await simulatedSource(ground.deps);
});
afterAll(async () => {
  vi.useRealTimers();
  await source.stop();
});

function wait(seconds: number): void {
  now += seconds * 1000;
  vi.setSystemTime(now);
}

const COST = 90;
const sync = () => syncSupplier(ground.deps, source.supplierId, new Date(now).toISOString());

async function orderOne(key: string): Promise<string> {
  const { deps } = ground;
  const productId = await boughtProduct(deps, "topup", [sourceOf(source, "prod_phone_50")]);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 100);
  const line = { productId, quantity: 1, recipient: { account: magicAccount("success") } };
  const bought = await buy(deps, channelId, key, [line], "keep sealed");
  if (!bought.ok) throw new Error(bought.detail);
  return bought.value.order.id;
}

test("a balance that was read low, before its supplier could not be read any more, stops nothing once it is old", async () => {
  const { deps } = ground;
  source.simulator.offer(offered("prod_phone_50", COST));
  source.simulator.setBalance(COST - 1);
  await sync();
  const orderId = await orderOne("old balance");
  // As long as it is news, the order waits.
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "pause" });
  expect(source.simulator.requests().place).toBe(0);

  // We pay in, but every reading fails.
  source.simulator.setBalance(1_000_000);
  source.gate.trouble(({ kind }) => (kind === "query" ? "down" : undefined));
  for (let minutes = 0; minutes < 10; minutes++) {
    wait(60);
    expect(await sync()).toMatchObject({ kind: "down" });
  }
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "done" });
  expect((await readOrder(deps, orderId))?.state).toBe("fulfilled");
});

test("a catalogue that can't be read does not keep the balance that was read before from being known", async () => {
  const { deps } = ground;
  source.gate.trouble(() => undefined);
  source.simulator.offer(offered("prod_phone_50", COST));
  source.simulator.setBalance(COST - 1);
  await sync();
  wait(LIMITS.supplierCacheSeconds + 1);
  const orderId = await orderOne("failing catalogue");
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "pause" });
  source.simulator.setBalance(1_000_000);
  source.simulator.breakCatalogue();
  expect(await sync()).toMatchObject({ kind: "down" });
  // Long enough for what a process remembers, and not for the balance to be old.
  wait(LIMITS.probePauseSeconds + 1);
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "done" });
});
