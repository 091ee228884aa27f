import { expect, test } from "vitest";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { planOrder, type WorkflowStep } from "../../../shared/fulfilment/step.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { buy, giveMoney } from "../../support/orders/market.ts";
import { nameSupplier } from "../../support/restock/buying-ahead.ts";
import { startParty } from "../../support/suppliers/party.ts";
import { boughtProduct } from "../../support/suppliers/sources.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";

// A supplier that refuses every call, and names a wait that is no wait: its order is given up, within the history of one run.

let now = Date.now();
const { deps } = await ownEverything({ clock: () => new Date(now) });

/** As test/unit/fulfilment/history.test.ts counts, and how long a step takes besides. */
const EVENTS = { choice: 2, task: 5, pause: 2 };
const STEP_MS = 300;
const MOST_EVENTS = 25_000;

async function throttling(wait: string | undefined) {
  let calls = 0;
  const party = await startParty(() => {
    calls += 1;
    const headers: Record<string, string> = wait === undefined ? {} : { "retry-after": wait };
    return { status: 429, body: { code: "rate_limited" }, headers };
  });
  return { supplierId: await nameSupplier(deps, party), calls: () => calls, stop: () => party.stop() };
}

type Sources = { supplierId: string; supplierProductId: string; unguarded: true; hours?: object }[];

/** The run of an order of one top-up, until it ends or a person is asked. */
async function run(sources: Sources) {
  const productId = await boughtProduct(deps, "topup", sources as never);
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 100);
  const line = { productId, quantity: 1, recipient: { account: magicAccount("success") } };
  const bought = await buy(deps, channelId, "key", [line], "keep sealed");
  if (!bought.ok) throw new Error(bought.detail);
  const orderId = bought.value.order.id;
  const begun = now;
  let events = 0;
  let next: WorkflowStep = { step: "place", lineId: "" };
  while (next.step !== "await_decision" && next.step !== "done" && events < MOST_EVENTS) {
    events += EVENTS.choice;
    if (next.step === "pause" || next.step === "await_supplier") {
      events += EVENTS.pause;
      now += next.seconds * 1000;
      next = { step: next.step === "pause" ? next.before : "ask", lineId: "" };
      continue;
    }
    events += EVENTS.task;
    now += STEP_MS;
    if (next.step === "place") next = await placeLine(deps, orderId);
    else next = next.step === "ask" ? await askSupplier(deps, orderId) : await planOrder(deps, orderId);
  }
  return { events, seconds: (now - begun) / 1000, order: await readOrder(deps, orderId) };
}

test.for([
  [1, undefined],
  [1, "0"],
  [1, "1"],
  [2, "0"],
  [3, "0"],
] as const)(
  "%i suppliers that are throttled and say Retry-After %s are given up after an hour",
  async ([many, wait]) => {
    const suppliers = await Promise.all(Array.from({ length: many }, () => throttling(wait)));
    const sources = suppliers.map(({ supplierId }) => ({
      supplierId,
      supplierProductId: "p",
      unguarded: true as const,
    }));
    const { events, seconds, order } = await run(sources);
    await Promise.all(suppliers.map(({ stop }) => stop()));
    const [line] = order?.lines ?? [];
    expect({ state: order?.state, reason: order?.review?.reason }).toEqual({ state: "review", reason: "throttled" });
    expect(seconds).toBeGreaterThanOrEqual(LIMITS.sourceWaitSeconds);
    expect(seconds).toBeLessThan(LIMITS.sourceWaitSeconds + 2 * LIMITS.longestRetrySeconds);
    // 2, 4, 8 … 300 seconds: some twenty calls of each in an hour.
    for (const { calls } of suppliers) expect(calls()).toBeLessThan(30);
    expect(line?.history?.length ?? 0).toBeLessThan(30 * many);
    expect(events).toBeLessThan(MOST_EVENTS / 10);
  },
);
