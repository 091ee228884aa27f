import { DeleteParameterCommand, GetParameterCommand, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, describe, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { invoke } from "../../support/engine/invoke.ts";
import {
  endedExecutions,
  executionsOf,
  historyOf,
  newExecution,
  runIn,
  timesEntered,
} from "../../support/fulfilment/executions.ts";
import { countStock, eventually, order, orderIn, stockProduct } from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, type SupplierShop, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import {
  attemptsOf,
  callBack,
  decide,
  expectMoney,
  expectTopUp,
  placesFor,
  reviewOf,
  topUp,
} from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

const REFUSED = magicAccount("refused");
const GOOD = "13912345678";

/** The console's "New execution", this often at once. */
async function rerun(shop: SupplierShop, orderId: string, times: number, as = "again"): Promise<string[]> {
  const numbers = Array.from({ length: times }, (_, index) => index + 1);
  return Promise.all(numbers.map((number) => newExecution(shop.stack, orderId, `${as}${number}`)));
}

describe.concurrent("starting an order's workflow again never buys, delivers, charges or refunds twice", () => {
  test("many at once, while the first run has hardly begun", async () => {
    const shop = await supplierShop();
    const orderId = await topUp(shop, GOOD);
    await rerun(shop, orderId, 8);
    await expectTopUp(shop, orderId, GOOD, { state: "fulfilled", deliveries: 1 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
    // Whoever found the line being placed looks again when that call's time is over.
    const runs = await endedExecutions(shop.stack, orderId);
    expect(runs.length).toBeGreaterThanOrEqual(8); // the stream starts none of its own if the order is delivered by then
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
  });

  test("while it waits for the supplier's callback: the callback ends them all", async () => {
    const shop = await supplierShop(patient);
    const account = magicAccount("doneWithoutCallback");
    const orderId = await topUp(shop, account);
    await runIn(shop.stack, `${orderId}-1`, "Wait for the supplier");
    const names = await rerun(shop, orderId, 3);
    await Promise.all(names.map((name) => runIn(shop.stack, name, "Wait for the supplier")));
    expect(await callBack(shop, orderId)).toBe(200);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
    const runs = await endedExecutions(shop.stack, orderId);
    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
  });

  test("while it pauses before it asks a silent supplier: all of them ask, nobody orders again", async () => {
    const shop = await supplierShop();
    // It pauses, asks in vain and pauses again, until the others have begun.
    shop.gate.trouble(({ kind }) => (kind === "query" ? "down" : undefined));
    const account = magicAccount("silentButDone");
    const orderId = await topUp(shop, account);
    await runIn(shop.stack, `${orderId}-1`, "Pause before the next try");
    await rerun(shop, orderId, 3);
    shop.gate.trouble(() => undefined);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
    const runs = await endedExecutions(shop.stack, orderId);
    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
  });

  test("in review: they wait for the decision together, and a refund ends them all", async () => {
    const shop = await supplierShop();
    const orderId = await topUp(shop, REFUSED);
    await orderIn(shop, orderId, "review");
    const names = await rerun(shop, orderId, 3);
    await Promise.all(names.map((name) => runIn(shop.stack, name, "Wait for a decision")));
    expect((await decide(shop, orderId, { action: "refund" })).status).toBe(200);
    expect(await endedExecutions(shop.stack, orderId)).toHaveLength(4);
    await expectTopUp(shop, orderId, REFUSED, { state: "refunded", deliveries: 0 });
  });

  test("in review: woken together by a retry they make one new attempt", async () => {
    const shop = await supplierShop();
    const orderId = await topUp(shop, REFUSED);
    await orderIn(shop, orderId, "review");
    const names = [`${orderId}-1`, ...(await rerun(shop, orderId, 3))];
    await Promise.all(names.map((name) => runIn(shop.stack, name, "Wait for a decision")));
    expect((await decide(shop, orderId, { action: "retry" })).status).toBe(200);
    await eventually(async () => ((await attemptsOf(shop, orderId)).length === 2 ? true : undefined), "a new attempt");
    await expectTopUp(shop, orderId, REFUSED, { state: "review", deliveries: 0 });
    expect(placesFor(shop, orderId)).toEqual([`${orderId}-1-1-1`, `${orderId}-1-1-2`]);
  });

  test("after it was delivered: there is nothing left to do", async () => {
    const shop = await supplierShop();
    const delivered = await topUp(shop, GOOD);
    await orderIn(shop, delivered, "fulfilled");
    await endedExecutions(shop.stack, delivered);
    await rerun(shop, delivered, 3);
    const runs = await endedExecutions(shop.stack, delivered);
    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    expect(placesFor(shop, delivered)).toHaveLength(1);
    await expectTopUp(shop, delivered, GOOD, { state: "fulfilled", deliveries: 1 });
  });

  test("after it was refunded: no second refund, no late purchase", async () => {
    const shop = await supplierShop();
    const orderId = await topUp(shop, REFUSED);
    await orderIn(shop, orderId, "review");
    expect((await decide(shop, orderId, { action: "refund" })).status).toBe(200);
    await endedExecutions(shop.stack, orderId);
    await rerun(shop, orderId, 3);
    const runs = await endedExecutions(shop.stack, orderId);
    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    await expectTopUp(shop, orderId, REFUSED, { state: "refunded", deliveries: 0 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
  });

  test("of an order that was sold out of stock, and never had a run (a sold code is sold again)", async () => {
    const shop = await supplierShop();
    const { productId } = await stockProduct(shop.stack, 3);
    const placed = await order(shop, [{ productId, quantity: 1 }]);
    await rerun(shop, placed.body.id, 3);
    const runs = await endedExecutions(shop.stack, placed.body.id);
    expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
    expect(await countStock(shop.stack, productId)).toMatchObject({ sold: 1, available: 2 });
    await expectMoney(shop, 1500);
  });
});

describe.concurrent("a run that breaks for a technical reason", () => {
  test("stays where it broke, shows its order in review, and New execution finishes it once that is mended", async () => {
    const { shop, orderId, mend } = await broken();
    expect(await timesEntered(shop.stack, orderId, "Place what is open")).toBe(1);
    expect(placesFor(shop, orderId)).toEqual([]);
    await mend();
    await rerun(shop, orderId, 2);
    await expectTopUp(shop, orderId, GOOD, { state: "fulfilled", deliveries: 1 });
    expect(await reviewOf(shop, orderId)).toBeUndefined();
    const runs = await endedExecutions(shop.stack, orderId);
    expect(runs.map(({ status }) => status).sort()).toEqual(["FAILED", "SUCCEEDED", "SUCCEEDED"]);
  });

  test("goes on with its next run when an operator says retry", async () => {
    const { shop, orderId, mend } = await broken();
    await mend();
    expect((await decide(shop, orderId, { action: "retry" })).status).toBe(200);
    await expectTopUp(shop, orderId, GOOD, { state: "fulfilled", deliveries: 1 });
    const runs = await endedExecutions(shop.stack, orderId);
    expect(Object.fromEntries(runs.map(({ name, status }) => [name, status]))).toEqual({
      [`${orderId}-1`]: "FAILED",
      [`${orderId}-2`]: "SUCCEEDED",
    });
  });

  test("may be given up: a refund gives the money back, once", async () => {
    const { shop, orderId, mend } = await broken();
    const answers = await Promise.all([1, 2].map(() => decide(shop, orderId, { action: "refund" })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    await mend();
    await rerun(shop, orderId, 2);
    await expectTopUp(shop, orderId, GOOD, { state: "refunded", deliveries: 0 });
    expect(placesFor(shop, orderId)).toEqual([]);
  });

  test("is redriven at that very step, together with a new execution and a retry, and still buys once", async () => {
    const { shop, orderId, mend } = await broken();
    await mend();
    // The engine can't redrive: what a redrive does is to call the failed step's function again with the same input.
    await Promise.all([
      invoke(shop.stack, "place-line", { orderId }),
      rerun(shop, orderId, 2),
      decide(shop, orderId, { action: "retry" }),
    ]);
    await expectTopUp(shop, orderId, GOOD, { state: "fulfilled", deliveries: 1 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
    expect((await endedExecutions(shop.stack, orderId)).length).toBeGreaterThanOrEqual(3);
  });

  test("says the kind of error in its history, and nothing of its text", async () => {
    const { shop, orderId } = await broken();
    const failures = (await historyOf(shop.stack, `${orderId}-1`)).filter(({ type }) => type === "TaskFailed");
    expect(failures).toHaveLength(4); // once, and three retries
    for (const { taskFailedEventDetails: failure } of failures) {
      expect(failure?.cause).toContain("place-line failed: ParameterNotFound");
      expect(failure?.cause).not.toContain(shop.supplierId);
    }
  });

  test("and that is about no order of ours fails alone", async () => {
    const shop = await supplierShop();
    const nobody = "ord_00000000000000000000000000";
    await newExecution(shop.stack, nobody, crypto.randomUUID());
    expect((await endedExecutions(shop.stack, nobody))[0]?.status).toBe("FAILED");
    expect(await timesEntered(shop.stack, nobody, "Place what is open")).toBe(1);
  });
});

/** An order whose run has failed, for the supplier's credentials were lost; `mend` brings them back. */
async function broken() {
  const shop = await supplierShop();
  const { awsEndpoint: endpoint, region } = shop.stack;
  const ssm = new SSMClient({ endpoint, region, credentials });
  const Name = `/vouchsafe/local/suppliers/${shop.supplierId}`;
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
  await ssm.send(new DeleteParameterCommand({ Name }));
  const orderId = await topUp(shop, GOOD);
  await orderIn(shop, orderId, "review");
  expect(await reviewOf(shop, orderId)).toMatchObject({ reason: "workflow_failed", execution: `${orderId}-1` });
  expect(await executionsOf(shop.stack, orderId)).toMatchObject([{ status: "FAILED" }]);
  const mend = () =>
    ssm.send(new PutParameterCommand({ Name, Value: Parameter?.Value ?? "", Type: "SecureString", Overwrite: true }));
  return { shop, orderId, mend };
}
