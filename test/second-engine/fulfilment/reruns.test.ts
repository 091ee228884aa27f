import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { awaitWakeUp, wakeUp } from "../../../shared/fulfilment/wake-up.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { Decision } from "../../../shared/review/decision.ts";
import { before, fallAsleep } from "../../support/faults/meanwhile.ts";
import { type Behaviour, orderMixed } from "../../support/orders/mixed-order.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

// State by state, what is run again there: a redrive is that state's function called once more, here three times at once; a new
// execution begins with placing; and each execution that waits has a token of its own.

const { deps, waiting } = await sceneGround();

const by = { operator: "arn:operator", requestId: "req_1" };
const refund = Decision.parse({ action: "refund", reason: "enough" });
const thrice = <T>(work: () => Promise<T>): Promise<T[]> => Promise.all([1, 2, 3].map(work));

let simulator: SupplierSimulator;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(() => simulator.stop());

const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });

async function stage(behaviour: Behaviour) {
  const mixed = await orderMixed(deps, simulator, behaviour);
  const placedBefore = simulator.requests().place;
  return {
    ...mixed,
    order: async () => (await readOrder(mixed.deps, mixed.orderId)) as Order,
    placed: () => simulator.requests().place - placedBefore,
    /** Each function, as somebody is led to it who acts on old news. */
    everyStep: async (deps = mixed.deps) => [
      await placeLine(deps, mixed.orderId),
      await askSupplier(deps, mixed.orderId),
      await planOrder(deps, mixed.orderId),
    ],
  };
}

/** No step does anything but say what is due, whoever is led to it. */
async function expectNothingDue(scene: Awaited<ReturnType<typeof stage>>, step: string): Promise<void> {
  const seen = await scene.order();
  for (const said of await scene.everyStep()) expect(said).toMatchObject({ step });
  expect(await scene.order()).toEqual(seen);
}

const rows: Record<string, () => Promise<void>> = {
  "Place what is open": async () => {
    const { deps, orderId, stateOf, placed, end } = await stage("success");
    await thrice(() => placeLine(deps, orderId));
    expect([await stateOf(), placed()]).toEqual(["fulfilled", 1]);
    await end();
  },
  "Ask the supplier": async () => {
    const { deps, orderId, stateOf, placed, end } = await stage("doneWithoutCallback");
    await placeLine(deps, orderId);
    await thrice(() => askSupplier(later(LIMITS.answerWithinSeconds + 1), orderId));
    expect([await stateOf(), placed()]).toEqual(["fulfilled", 1]);
    await end();
  },
  "Plan the next step": async () => {
    const { deps, orderId, order, end } = await stage("refused");
    await placeLine(deps, orderId);
    await fallAsleep(deps, before.moneyGoesBack, (asleep) => decide(asleep, orderId, refund, by));
    expect(await order()).toMatchObject({ state: "refunding", refunded: 0 });
    await thrice(() => planOrder(deps, orderId));
    expect(await order()).toMatchObject({ state: "partly_fulfilled", refunded: 50 });
    await end();
  },
  "What is next?": async () => {
    const working = await stage("neverDone");
    await placeLine(working.deps, working.orderId);
    await expectNothingDue(working, "await_supplier");
    const refused = await stage("refused");
    await placeLine(refused.deps, refused.orderId);
    await expectNothingDue(refused, "await_decision");
    expect([working.placed(), refused.placed()]).toEqual([2, 1]);
  },
  "Pause before the next try": async () => {
    const { deps, orderId, stateOf, placed, ...scene } = await stage("errorButDone");
    expect(await placeLine(deps, orderId)).toMatchObject({ step: "pause", before: "ask" });
    await expectNothingDue({ deps, orderId, stateOf, placed, ...scene }, "pause");
    await thrice(() => askSupplier(later(LIMITS.firstAskSeconds + 1), orderId));
    expect([await stateOf(), placed()]).toEqual(["fulfilled", 1]);
    await scene.end();
  },
  "Wait for the supplier": async () => {
    const { deps, orderId, stateOf, placed, end } = await stage("doneWithoutCallback");
    await placeLine(deps, orderId);
    await waitWith(orderId, "supplier");
    await askSupplier(later(LIMITS.answerWithinSeconds + 1), orderId);
    expect(await wakeUp(deps, orderId)).toBe(3);
    expect([await stateOf(), placed(), waiting.size]).toEqual(["fulfilled", 1, 0]);
    await end();
  },
  "Wait for a decision": async () => {
    const { deps, orderId, order, placed, everyStep, end } = await stage("refused");
    await placeLine(deps, orderId);
    await waitWith(orderId, "decision");
    expect(await decide(deps, orderId, Decision.parse({ action: "retry", reason: "again" }), by)).toMatchObject({
      ok: true,
    });
    expect(waiting.size).toBe(0);
    await thrice(() => everyStep());
    expect([(await order()).state, placed()]).toEqual(["review", 2]);
    await end();
  },
  Done: async () => {
    const scene = await stage("success");
    await placeLine(scene.deps, scene.orderId);
    await expectNothingDue(scene, "done");
    expect(scene.placed()).toBe(1);
    await scene.end();
  },
};

/** Three executions wait for it side by side. */
async function waitWith(orderId: string, waitingFor: "supplier" | "decision"): Promise<void> {
  for (const name of ["first", "redriven", "new"]) {
    waiting.add(`${orderId} ${name}`);
    await awaitWakeUp(deps, orderId, { token: `${orderId} ${name}`, waitingFor, seconds: 60 });
  }
  expect(waiting.size).toBe(3);
}

test.each(Object.entries(rows))("%s: what is due is done once, however often it is run there", async (_, scene) => {
  await expect(scene()).resolves.toBeUndefined();
});

test("every state of the synthesized workflow has a rerun here", () => {
  expect(Object.keys(rows).toSorted()).toEqual(inject("workflowStates").toSorted());
});
