import { DeleteCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, describe, expect, test } from "vitest";
import { orderKey } from "../../../shared/orders/table.ts";
import { domain } from "../../support/engine/domain.ts";
import { endedExecutions, executionsOf, runIn, stopExecution } from "../../support/fulfilment/executions.ts";
import { eventually, http, order, orderIn, stockProduct } from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import {
  closeSuppliers,
  impatient,
  type Patience,
  patient,
  type SupplierShop,
  supplierShop,
  TOPUP_PRICE,
} from "../../support/suppliers/supplier-shop.ts";
import {
  attemptsOf,
  callBack,
  decide,
  expectMoney,
  expectTopUp,
  inspect,
  newsOf,
  placesFor,
  processed,
  reviewOf,
  topUp,
} from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

const REFUSED = magicAccount("refused");
const NEVER = magicAccount("neverDone");

/** An order that has come before a person. */
async function inReview(account: string, patience?: Patience): Promise<{ shop: SupplierShop; orderId: string }> {
  const shop = await supplierShop(patience);
  const orderId = await topUp(shop, account);
  await orderIn(shop, orderId, "review");
  return { shop, orderId };
}

describe.concurrent("the review queue", () => {
  test("lists an order with its reason, its age, what was tried and what each decision would do", async () => {
    const boughtAt = Date.now();
    const { shop, orderId } = await inReview(REFUSED);
    const listed = await reviewOf(shop, orderId);
    const secondsSinceItWasBought = Math.ceil((Date.now() - boughtAt) / 1000);
    expect(listed).toMatchObject({
      orderId,
      channelId: shop.channelId,
      state: "review",
      total: { amount: TOPUP_PRICE, currency: "CNY" },
      reason: "sold_out",
      lineId: "1",
      tried: [{ reference: `${orderId}-1-1-1`, supplierId: shop.supplierId, outcome: "rejected", placed: 1 }],
      choices: [
        { action: "retry", allowed: true, effect: "Buys line 1 anew, under a new reference." },
        { action: "replace", allowed: true },
        { action: "refund", allowed: true, takesTwo: false, effect: "Gives 4950 CNY (minor units) back." },
        { action: "note", allowed: true },
      ],
    });
    expect(listed?.ageSeconds).toBeGreaterThanOrEqual(0);
    expect(listed?.ageSeconds).toBeLessThanOrEqual(secondsSinceItWasBought);
    expect(JSON.stringify(listed)).not.toContain(REFUSED);
  });

  test("lets an order go once it was decided", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    await decide(shop, orderId, { action: "refund" });
    expect(await reviewOf(shop, orderId)).toBeUndefined();
  });

  test("knows no order that is not in it", async () => {
    const shop = await supplierShop();
    const orderId = await topUp(shop, magicAccount("success"));
    await orderIn(shop, orderId, "fulfilled");
    for (const action of ["retry", "refund"] as const) {
      const { status, body } = await decide(shop, orderId, { action });
      expect([status, body.code]).toEqual([409, "not_in_review"]);
    }
    expect((await decide(shop, "ord_00000000000000000000000000", { action: "refund" })).status).toBe(404);
    await expectTopUp(shop, orderId, magicAccount("success"), { state: "fulfilled", deliveries: 1 });
  });
});

describe.concurrent("a retry", () => {
  test("after a definite no is a new attempt under a new reference", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    expect((await decide(shop, orderId, { action: "retry" })).body.state).toBe("fulfilling");
    await orderIn(shop, orderId, "review");
    expect(await attemptsOf(shop, orderId)).toMatchObject([
      { reference: `${orderId}-1-1-1`, outcome: "rejected" },
      { reference: `${orderId}-1-1-2`, outcome: "rejected" },
    ]);
    expect(placesFor(shop, orderId)).toEqual([`${orderId}-1-1-1`, `${orderId}-1-1-2`]);
    await expectTopUp(shop, orderId, REFUSED, { state: "review", deliveries: 0 });
  });

  test("without an answer asks again, places nothing new, and finds what was delivered meanwhile", async () => {
    const shop = await supplierShop({ unknownSeconds: 1 });
    shop.gate.trouble(({ kind }) => (kind === "query" ? "down" : undefined));
    const account = magicAccount("errorButDone");
    const orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "review");
    // As it was placed, or as it was asked about, if there was time to ask within the second.
    const reason: unknown = expect.stringMatching(/^http_50[03]$/);
    expect(await reviewOf(shop, orderId)).toMatchObject({ reason, tried: [{ outcome: "unknown" }] });
    shop.gate.trouble(() => undefined);
    expect((await decide(shop, orderId, { action: "retry" })).status).toBe(200);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
  });

  test("by two operators at once is one attempt", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    const answers = await Promise.all([1, 2, 3].map(() => decide(shop, orderId, { action: "retry" })));
    expect(answers.map(({ status }) => status).filter((status) => status === 200).length).toBeGreaterThan(0);
    await orderIn(shop, orderId, "review");
    const references = placesFor(shop, orderId);
    expect(new Set(references).size).toBe(references.length);
    await expectTopUp(shop, orderId, REFUSED, { state: "review", deliveries: 0 });
  });
});

describe.concurrent("a refund", () => {
  test("gives the money back, ends the run, and is on record with who, when and why", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    expect((await decide(shop, orderId, { action: "refund" })).body.state).toBe("refunded");
    await expectTopUp(shop, orderId, REFUSED, { state: "refunded", deliveries: 0 });
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
    const { audit } = await inspect(shop, orderId);
    expect(audit).toMatchObject([{ action: "review_refund", note: "tested", by: expect.stringMatching(/arn:aws/) }]);
  });

  test("gives it back once when it is decided twice", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    expect((await decide(shop, orderId, { action: "refund" })).status).toBe(200);
    expect((await decide(shop, orderId, { action: "refund" })).body.code).toBe("not_in_review");
    await expectTopUp(shop, orderId, REFUSED, { state: "refunded", deliveries: 0 });
  });

  test("gives it back once when several operators decide at the same moment, for this or for that", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    const actions = ["refund", "refund", "refund", "refund"] as const;
    const answers = await Promise.all(actions.map((action) => decide(shop, orderId, { action })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status } of answers) expect([200, 409, 503]).toContain(status);
    await expectTopUp(shop, orderId, REFUSED, { state: "refunded", deliveries: 0 });
  });

  test("and a retry at the same moment: one of them holds, and never both money and goods", async () => {
    const { shop, orderId } = await inReview(REFUSED);
    const actions = ["refund", "retry", "refund", "retry"] as const;
    const answers = await Promise.all(actions.map((action) => decide(shop, orderId, { action })));
    expect(answers.some(({ status }) => status === 200)).toBe(true);
    const state = await eventually(async () => {
      const { order: seen } = await inspect(shop, orderId);
      return seen.state === "refunded" || seen.state === "review" ? seen.state : undefined;
    }, "refunded, or refused again");
    await expectTopUp(shop, orderId, REFUSED, { state, deliveries: 0 });
  });

  test("waits for a definite answer: what the supplier may still deliver is not refunded", async () => {
    const { shop, orderId } = await inReview(NEVER, impatient);
    const { status, body } = await decide(shop, orderId, { action: "refund" });
    expect([status, body.code]).toEqual([409, "line_unresolved"]);
    await expectTopUp(shop, orderId, NEVER, { state: "review", deliveries: 0 });
  });

  test("without a definite answer is for an operator to say in as many words, and goes on record so", async () => {
    const { shop, orderId } = await inReview(NEVER, impatient);
    expect((await decide(shop, orderId, { action: "refund", evenIfUnresolved: true })).status).toBe(200);
    await expectTopUp(shop, orderId, NEVER, { state: "refunded", deliveries: 0 });
    const { audit } = await inspect(shop, orderId);
    expect(audit.at(-1)?.note).toBe("tested (even if unresolved)");
  });

  test("of a mixed order keeps the code that was delivered and gives back the rest, so that paid means one or the other", async () => {
    const shop = await supplierShop();
    const { productId, codes } = await stockProduct(shop.stack, 2);
    const placed = await order(shop, [
      { productId, quantity: 1 },
      { productId: shop.productId, quantity: 2, recipient: { account: REFUSED } },
    ]);
    const orderId: string = placed.body.id;
    await orderIn(shop, orderId, "review");
    expect((await decide(shop, orderId, { action: "refund" })).body.state).toBe("partly_fulfilled");
    const shown = await orderIn(shop, orderId, "partly_fulfilled");
    expect(shown.lines).toMatchObject([{ state: "fulfilled" }, { state: "refunded" }]);
    expect(shown.refunded).toEqual({ amount: 2 * TOPUP_PRICE, currency: "CNY" });
    await expectMoney(shop, 1500 + 2 * TOPUP_PRICE, 2 * TOPUP_PRICE);
    const goods = await http(shop.stack, "GET", `/v1/orders/${orderId}/deliverables`, { key: shop.key });
    expect(codes).toContain(goods.body.data[0].secret);
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
  });
});

describe.concurrent("news that come late", () => {
  /** In review for want of an answer, although the supplier has delivered: it has not told anybody yet. */
  async function deliveredUnseen() {
    const shop = await supplierShop(impatient);
    shop.gate.trouble(({ kind }) => (kind === "query" ? "stale" : undefined));
    const account = magicAccount("doneWithoutCallback");
    const orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "review");
    expect(await reviewOf(shop, orderId)).toMatchObject({ reason: "no_answer" });
    return { shop, orderId, account, tellTheTruth: () => shop.gate.trouble(() => undefined) };
  }

  test("complete an order that waits for a decision, and end its run", async () => {
    const { shop, orderId, account, tellTheTruth } = await deliveredUnseen();
    await runIn(shop.stack, `${orderId}-1`, "Wait for a decision");
    tellTheTruth();
    expect(await callBack(shop, orderId)).toBe(200);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
    expect(await reviewOf(shop, orderId)).toBeUndefined();
  });

  test("change nothing after a refund: the order stays refunded, the money stays right", async () => {
    const { shop, orderId, account, tellTheTruth } = await deliveredUnseen();
    expect((await decide(shop, orderId, { action: "refund", evenIfUnresolved: true })).status).toBe(200);
    tellTheTruth();
    const news = newsOf(shop, orderId);
    expect(await callBack(shop, orderId, news)).toBe(200);
    expect(await processed(shop.supplierId, news.id)).toBe("nothing_due");
    // Delivered and refunded: that is what the operator accepted. Nothing may follow from it.
    await expectTopUp(shop, orderId, account, { state: "refunded", deliveries: 1 });
  });

  test("found by asking before a refund complete the order instead, and the run that waited for a decision ends", async () => {
    const { shop, orderId, account, tellTheTruth } = await deliveredUnseen();
    await runIn(shop.stack, `${orderId}-1`, "Wait for a decision");
    tellTheTruth();
    const { status, body } = await decide(shop, orderId, { action: "refund" });
    expect([status, body.code]).toEqual([409, "not_in_review"]);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
  });

  test("that it never heard of the order are no definite no: not refunded, and a retry places it under the same reference", async () => {
    const shop = await supplierShop({ unknownSeconds: 1 });
    shop.gate.trouble(({ kind }, earlier) => (kind === "query" || earlier === 0 ? "down" : undefined));
    const account = "13912345678";
    const orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "review");
    shop.gate.trouble(() => undefined);
    expect((await decide(shop, orderId, { action: "refund" })).body.code).toBe("line_unresolved");
    expect((await decide(shop, orderId, { action: "retry" })).status).toBe(200);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    expect(new Set(placesFor(shop, orderId))).toEqual(new Set([`${orderId}-1-1-1`]));
    // A decision that comes while the run is between two waits starts another one, and one of them finds nothing to do.
    const runs = await endedExecutions(shop.stack, orderId);
    expect(new Set(runs.map(({ status }) => status))).toEqual(new Set(["SUCCEEDED"]));
  });
});

test("a run that somebody stopped before the decision is followed by another that carries it out", async () => {
  const shop = await supplierShop(patient);
  const orderId = await topUp(shop, REFUSED);
  await orderIn(shop, orderId, "review");
  await runIn(shop.stack, `${orderId}-1`, "Wait for a decision");
  await stopExecution(shop.stack, `${orderId}-1`);
  await forgetTokens(orderId);
  expect((await decide(shop, orderId, { action: "retry" })).status).toBe(200);
  await eventually(async () => (placesFor(shop, orderId).length === 2 ? true : undefined), "a second attempt");
  await expectTopUp(shop, orderId, REFUSED, { state: "review", deliveries: 0 });
  const runs = await executionsOf(shop.stack, orderId);
  expect(Object.fromEntries(runs.map(({ name, status }) => [name, status]))).toEqual({
    [`${orderId}-1`]: "ABORTED",
    [`${orderId}-2`]: "RUNNING",
  });
});

/** On AWS the token of a stopped run is refused and dropped; the local engine goes on taking it. */
async function forgetTokens(orderId: string): Promise<void> {
  const { db, tables } = domain();
  const found = await db.send(
    new QueryCommand({
      TableName: tables.orders,
      KeyConditionExpression: "pk = :order AND begins_with(sk, :wait)",
      ExpressionAttributeValues: { ":order": orderKey(orderId).pk, ":wait": "wait#" },
    }),
  );
  for (const { pk, sk } of found.Items ?? [])
    await db.send(new DeleteCommand({ TableName: tables.orders, Key: { pk, sk } }));
}
