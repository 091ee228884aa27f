import { afterAll, describe, expect, test } from "vitest";
import { endedExecutions, executionsOf, historyOf, runIn, timesEntered } from "../../support/fulfilment/executions.ts";
import { type Behaviour, magicAccount } from "../../support/suppliers/supplier-magic.ts";
import {
  closeSuppliers,
  impatient,
  type Patience,
  patient,
  supplierShop,
} from "../../support/suppliers/supplier-shop.ts";
import {
  attemptsOf,
  callBack,
  deliveriesFor,
  expectTopUp,
  placesFor,
  replayed,
  reviewOf,
  topUp,
} from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

async function buy(behaviour: Behaviour, n = 0, patience?: Patience) {
  const shop = await supplierShop(patience);
  const account = magicAccount(behaviour, n);
  const orderId = await topUp(shop, account);
  const expectOutcome = (state: "fulfilled" | "review", deliveries = state === "fulfilled" ? 1 : 0) =>
    expectTopUp(shop, orderId, account, { state, deliveries });
  return { shop, account, orderId, expectOutcome };
}

describe.concurrent("a paid top-up is delivered once, or a person is looking at it", () => {
  test("when the supplier delivers at once", async () => {
    const { shop, orderId, expectOutcome } = await buy("success");
    await expectOutcome("fulfilled");
    expect(placesFor(shop, orderId)).toEqual([`${orderId}-1-1-1`]);
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ name: `${orderId}-1`, status: "SUCCEEDED" }]);
  });

  test("when it delivers later and says so by callback: its own order API is asked before anything moves", async () => {
    const { shop, orderId, expectOutcome } = await buy("doneWithoutCallback", 0, patient);
    await runIn(shop.stack, `${orderId}-1`, "Wait for the supplier");
    expect(await callBack(shop, orderId)).toBe(200);
    await expectOutcome("fulfilled");
    expect(shop.supplier.requests()).toEqual({ place: 1, query: 1 });
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
  });

  test("when it refuses: before a person, with the reason", async () => {
    const { shop, orderId, expectOutcome } = await buy("refused");
    await expectOutcome("review");
    expect(await reviewOf(shop, orderId)).toMatchObject({ reason: "sold_out", tried: [{ outcome: "rejected" }] });
    expect(placesFor(shop, orderId)).toHaveLength(1);
  });

  test("when it accepts and refuses by callback: before a person", async () => {
    const { shop, orderId, expectOutcome } = await buy("refusedByCallback", 200, patient);
    await expectOutcome("review");
    expect(await reviewOf(shop, orderId)).toMatchObject({ reason: "refunded", tried: [{ outcome: "rejected" }] });
  });

  test("when its answer never comes although it has delivered: found by asking, bought once", async () => {
    const { shop, orderId, expectOutcome } = await buy("silentButDone");
    await expectOutcome("fulfilled");
    expect(placesFor(shop, orderId)).toHaveLength(1);
    expect(await attemptsOf(shop, orderId)).toMatchObject([{ placed: 1, outcome: "fulfilled" }]);
  });

  test("when our order got lost on its way: placed again under the same reference once its window is over", async () => {
    const shop = await supplierShop();
    shop.gate.trouble(({ kind }, earlier) => (kind === "place" && earlier === 0 ? "lost" : undefined));
    const account = "13912345678";
    const orderId = await topUp(shop, account);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    const reference = `${orderId}-1-1-1`;
    const kinds = shop.gate.passed().map(({ kind }) => kind);
    expect([kinds[0], kinds[1], kinds.at(-1)]).toEqual(["place", "query", "place"]);
    expect(placesFor(shop, orderId)).toEqual([reference, reference]);
    expect(await attemptsOf(shop, orderId)).toMatchObject([{ reference, placed: 2 }]);
  });

  test("when it neither answers nor ever delivers: before a person at the limit, and never under a second reference", async () => {
    const { shop, orderId, expectOutcome } = await buy("silentNotDone", 0, impatient);
    await expectOutcome("review");
    expect(await reviewOf(shop, orderId)).toMatchObject({ reason: "timed_out", tried: [{ outcome: "unknown" }] });
    expect(new Set(placesFor(shop, orderId))).toEqual(new Set([`${orderId}-1-1-1`]));
  });

  test("when it answers with an error although it has delivered: found by asking, bought once", async () => {
    const { shop, orderId, expectOutcome } = await buy("errorButDone");
    await expectOutcome("fulfilled");
    expect(placesFor(shop, orderId)).toHaveLength(1);
  });

  test("when it is unavailable at first: tried again under the same reference until it delivers", async () => {
    const { shop, orderId, expectOutcome } = await buy("unavailableFirst", 2);
    await expectOutcome("fulfilled");
    expect(new Set(placesFor(shop, orderId)).size).toBe(1);
    expect(placesFor(shop, orderId)).toHaveLength(3);
  });

  test("when it throttles us and says for how long: waited for exactly that, and no longer a failure", async () => {
    const { shop, orderId, expectOutcome } = await buy("throttledFirst", 2);
    await expectOutcome("fulfilled");
    expect(placesFor(shop, orderId)).toEqual(Array.from({ length: 3 }, () => `${orderId}-1-1-1`));
    expect(await timesEntered(shop.stack, orderId, "Pause before the next try")).toBeGreaterThanOrEqual(2);
    const [run] = await endedExecutions(shop.stack, orderId);
    const history = await historyOf(shop.stack, run?.name ?? "");
    expect(history.filter(({ type }) => type === "TaskFailed")).toEqual([]);
    expect(await attemptsOf(shop, orderId)).toMatchObject([{ placed: 1, notSent: 2 }]); // a refused call is no try
  });

  test("when it calls back twice (one payment notified twice delivers several cards)", async () => {
    const { shop, orderId, expectOutcome } = await buy("callbackTwice", 100, patient);
    await expectOutcome("fulfilled");
    await replayed(shop, orderId); // which it can only when both have been taken
    await expectOutcome("fulfilled");
    expect(placesFor(shop, orderId)).toHaveLength(1);
  });

  test("when its callback overtakes its answer, which still says the old state", async () => {
    const { shop, orderId, expectOutcome } = await buy("callbackFirst", 50, patient);
    await expectOutcome("fulfilled");
    // Only when the run is over has it heard the old news.
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
    await expectOutcome("fulfilled");
  });

  test("when somebody forges its callback: nobody believes it, and the query after the limit finds the truth", async () => {
    const { shop, orderId, expectOutcome } = await buy("forgedCallback", 0);
    expect(await shop.supplier.forge(`${orderId}-1-1-1`, "refunded")).toBe(401);
    await expectOutcome("fulfilled");
    expect(await timesEntered(shop.stack, orderId, "Ask the supplier")).toBeGreaterThan(0);
  });

  test("when it never does anything: asked after the limit, then before a person", async () => {
    const { shop, orderId, expectOutcome } = await buy("neverDone", 0, impatient);
    await expectOutcome("review");
    expect(await reviewOf(shop, orderId)).toMatchObject({ reason: "no_answer", tried: [{ outcome: "accepted" }] });
  });

  test("when it delivers and never says so: found by asking after the limit", async () => {
    const { shop, expectOutcome } = await buy("doneWithoutCallback", 100);
    await expectOutcome("fulfilled");
    expect(shop.supplier.requests()).toEqual({ place: 1, query: expect.any(Number) });
  });

  test("and the run of an order before a person waits for the decision instead of ending", async () => {
    const { shop, orderId, expectOutcome } = await buy("refused");
    await expectOutcome("review");
    await runIn(shop.stack, `${orderId}-1`, "Wait for a decision");
    expect(await executionsOf(shop.stack, orderId)).toMatchObject([{ status: "RUNNING" }]);
    expect(deliveriesFor(shop, orderId)).toBe(0);
  });
});
