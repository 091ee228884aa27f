import { afterAll, beforeAll, expect, test } from "vitest";
import { followingOrders } from "../../../functions/workers/orders/following.ts";
import { trailOf } from "../../../shared/audit/table.ts";
import { noteFailure, readFailure } from "../../../shared/dead-letters/failures.ts";
import { askSupplier } from "../../../shared/fulfilment/ask-supplier.ts";
import { inspectOrder } from "../../../shared/fulfilment/inspect.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { processCallback } from "../../../shared/fulfilment/process-callback.ts";
import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { ensureRun, noteFailedRun, runName, startRun } from "../../../shared/fulfilment/runs.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { awaitWakeUp, wakeUp } from "../../../shared/fulfilment/wake-up.ts";
import { watchOrder } from "../../../shared/fulfilment/watch.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { listReviews } from "../../../shared/orders/read-queues.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { decide } from "../../../shared/review/decide.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { readEntries } from "../../support/orders/books.ts";
import { type Behaviour, orderMixed } from "../../support/orders/mixed-order.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

const { deps, messages, runs, waiting } = await sceneGround();

let simulator: SupplierSimulator;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(() => simulator.stop());

const by = { operator: "arn:operator", requestId: "req_1" };

const mixedOrder = (behaviour: Behaviour) => orderMixed(deps, simulator, behaviour);

test("a supplier's callback wakes the run that waits, and its repeat does nothing", async () => {
  const { deps, orderId, supplierId, lineId, stateOf, end } = await mixedOrder("doneWithoutCallback");
  expect(await planOrder(deps, orderId)).toEqual({ step: "place", lineId });
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "await_supplier" });
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "await_supplier" });
  waiting.add("token");
  await awaitWakeUp(deps, orderId, { token: "token", waitingFor: "supplier", seconds: 60 });
  expect([...waiting]).toEqual(["token"]);
  await expect.poll(() => simulator.orders().at(-1)?.deliveries).toBe(1);

  const { id, reference } = simulator.orders().at(-1) ?? { id: "", reference: "" };
  const callback = sign(orderUpdated({ id, reference, state: "fulfilled" }), simulator.webhookSecret);
  for (let twice = 0; twice < 2; twice++) {
    expect(await receiveCallback(deps, supplierId, callback.body, callback.headers)).toMatchObject({ kind: "stored" });
    const { eventId } = JSON.parse(messages.at(-1)?.MessageBody ?? "{}") as { eventId: string };
    expect(await processCallback(deps, supplierId, eventId)).toBe(twice === 0 ? "resolved" : "repeated");
  }
  expect(waiting.size).toBe(0);
  expect(await stateOf()).toBe("fulfilled");
  expect(await wakeUp(deps, orderId)).toBe(0);
  await end();
  const timeline = await inspectOrder(deps, orderId);
  expect(timeline?.money.entries).toMatchObject([{ legs: [{ amount: 150 }, { amount: -150 }] }]);
  expect(await processCallback(deps, supplierId, "unheard of")).toBe("no_such_callback");
});

test("a callback about an order that is still worked on is no error: the next question comes soon, and nothing is retried", async () => {
  const { deps, orderId, supplierId, end } = await mixedOrder("neverDone");
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "await_supplier" });
  const { id, reference } = simulator.orders().at(-1) ?? { id: "", reference: "" };
  for (let round = 0; round < 6; round++) {
    const callback = sign(orderUpdated({ id, reference, state: "fulfilling" }), simulator.webhookSecret);
    expect(await receiveCallback(deps, supplierId, callback.body, callback.headers)).toMatchObject({ kind: "stored" });
    const { eventId } = JSON.parse(messages.at(-1)?.MessageBody ?? "{}") as { eventId: string };
    expect(await processCallback(deps, supplierId, eventId)).toBe("in_progress");
    expect(await processCallback(deps, supplierId, eventId)).toBe("repeated");
  }
  const line = (await readOrder(deps, orderId))?.lines.find(({ attempt }) => attempt?.reference === reference);
  // However many callbacks came, they have not put the next question off.
  expect(Date.parse(line?.attempt?.nextAskAt ?? "") - Date.now()).toBeLessThanOrEqual(10_000);
  expect(line?.attempt?.asked).toBe(1);
  await end();
});

test("made-up callbacks to an address without signatures are acknowledged, and leave nothing behind", async () => {
  const named = NewSupplier.parse({
    name: "Unsigned",
    protocol: "dtone",
    baseUrl: simulator.url,
    credentials: { apiKey: "key", apiSecret: "secret" },
  });
  const made = await createSupplier(deps, named, newId("evt"));
  const supplierId = made.ok ? made.value.id : "";
  const others = await mixedOrder("neverDone");
  await placeLine(others.deps, others.orderId);
  const before = messages.length;
  let sealed = 0;
  const counting = { ...deps, sealBody: () => Promise.reject(new Error(`sealed ${(sealed += 1)}`)) };
  const references = ["x", "ord_none-1-1-1", `${newId("ord")}-1-1-1`, "restock_1-1", `${others.orderId}-1-2-1`];
  for (const [index, reference] of references.entries()) {
    const body = JSON.stringify({ id: index + 1, external_id: reference });
    // The last is another supplier's order: a word from this one says nothing of it.
    expect(await receiveCallback(counting, supplierId, body, {})).toMatchObject({ kind: "dropped" });
  }
  expect(await receiveCallback(counting, supplierId, "{}", {})).toEqual({ kind: "unreadable" });
  expect([messages.length - before, sealed]).toEqual([0, 0]);
  await others.end();
});

test("a refused top-up waits for a person: tried again, then given back, the code stays", async () => {
  const { deps, orderId, channelId, stateOf, end } = await mixedOrder("refused");
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "await_decision" });
  const retried = await decide(deps, orderId, { action: "retry", reason: "again" }, by);
  expect(retried).toMatchObject({ ok: true, value: { kind: "done", order: { state: "fulfilling", run: 2 } } });
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "await_decision" });
  const decision = { action: "refund", reason: "enough", evenIfUnresolved: false } as const;
  expect(await decide(deps, orderId, decision, { ...by, requestId: "req_2" })).toMatchObject({
    ok: true,
    value: { order: { state: "partly_fulfilled", refunded: 50 } },
  });
  expect(await decide(deps, orderId, decision, by)).toMatchObject({ code: "not_in_review" });
  expect(await stateOf()).toBe("partly_fulfilled");
  await end();
  expect(await trailOf(deps, orderId)).toHaveLength(2);
  const names = (await readEntries(deps, channelId)).map(({ name }) => name.split(":")[0]);
  expect(names).toHaveLength(3);
  expect(new Set(names)).toEqual(new Set(["deposit", "sale", "refund"]));
});

test("why something failed is noted try by try, and kept with the last error", async () => {
  expect(await readFailure(deps, "callbacks", "message 1")).toBeUndefined();
  await noteFailure(deps, "callbacks", "message 1", { error: "NotYetKnown" });
  await noteFailure(deps, "callbacks", "message 1", { error: "ThrottlingException", about: { orderIds: ["ord_1"] } });
  expect(await readFailure(deps, "callbacks", "message 1")).toMatchObject({
    error: "ThrottlingException",
    tries: 2,
    about: { orderIds: ["ord_1"] },
  });
  expect(await readFailure(deps, "watch", "message 1")).toBeUndefined();
});

test("records of the stream that fail are noted with their orders, and fail as they would have", async () => {
  const { orderId } = await mixedOrder("refused");
  const after = (await readOrder(deps, orderId)) as Order;
  const changes = ["11", "12"].map((sequence) => ({ sequence, at: after.placedAt, before: undefined, after }));
  const following = (work: () => Promise<void>) =>
    followingOrders({ ...deps, queuePrefix: "test-" }, "settle-money", changes, { do: work });
  await expect(following(() => Promise.reject(new RangeError("with a value")))).rejects.toThrow(RangeError);
  const noted = await readFailure(deps, "settle-money", "11");
  expect(noted).toMatchObject({ error: "RangeError", tries: 1, about: { orderIds: [orderId] } });
  expect(JSON.stringify(noted)).not.toContain("value");
  await following(async () => undefined);
  expect((await readFailure(deps, "settle-money", "11"))?.tries).toBe(1);
});

test("a silent supplier is asked until it answers", async () => {
  const { deps, orderId, stateOf, end } = await mixedOrder("errorButDone");
  expect(await placeLine(deps, orderId)).toMatchObject({ step: "pause" });
  await askSupplier({ ...deps, clock: () => new Date(Date.now() + 2_000) }, orderId);
  expect(await stateOf()).toBe("fulfilled");
  await end();
});

test("a run that broke puts its order before a person, the longest wait first, and the watch starts the next", async () => {
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const { deps, orderId } = await mixedOrder("neverDone");
    for (let twice = 0; twice < 2; twice++) await startRun(deps, { id: orderId, run: 1 });
    await noteFailedRun(deps, { orderId, execution: runName({ id: orderId, run: 1 }), status: "FAILED" });
    ids.push(orderId);
  }
  const queue: string[] = [];
  let after: string | undefined;
  do {
    const page = await listReviews(deps, 2, after);
    queue.push(...page.orders.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  expect(queue).toEqual(ids);

  const [orderId = ""] = ids;
  runs.set(runName({ id: orderId, run: 1 }), { status: "FAILED", stopDate: new Date(0) });
  await watchOrder(deps, { orderId, looks: 0 });
  const next = await readOrder(deps, orderId);
  expect(next).toMatchObject({ run: 2, state: "review", review: { execution: runName({ id: orderId, run: 1 }) } });
  if (next !== undefined) await ensureRun(deps, next);
  expect(runs.get(runName({ id: orderId, run: 2 }))?.status).toBe("RUNNING");
});
