import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { careForUnfinished } from "../../../shared/fulfilment/care.ts";
import { type Look, watchOrder } from "../../../shared/fulfilment/watch.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { orderKey, readOrder } from "../../../shared/orders/table.ts";
import { movePayment, readPayment } from "../../../shared/payments/payments.ts";
import { before, fallAsleep } from "../../support/faults/meanwhile.ts";
import { follow, now, waitingOrder, withPayments } from "../../support/payments/checkout-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// An order whose buyer pays at a provider is looked after by its payment, and stands in one index. When it is paid and can't be sold at
// once, it is an order like any other.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const item = async (orderId: string): Promise<Record<string, unknown>> => {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(orderId) }));
  return found.Item ?? {};
};

test("an order that waits for its buyer's payment stands among the unpaid ones alone, and among none when it is sold", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  expect(await item(order.id)).toMatchObject({ reviewQueue: expect.stringMatching(/^unpaid#/) as string });
  expect(await item(order.id)).not.toHaveProperty("careQueue");
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  for (const name of ["reviewQueue", "careQueue", "careAt"]) expect(await item(order.id)).not.toHaveProperty(name);
});

test("what an earlier version has put among the unfinished orders leaves them when it is sold", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  await deps.db.send(
    new UpdateCommand({
      TableName: deps.tables.orders,
      Key: orderKey(order.id),
      UpdateExpression: "SET careQueue = :queue, careAt = :at",
      ExpressionAttributeValues: { ":queue": "care#1", ":at": order.placedAt },
    }),
  );
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  for (const name of ["careQueue", "careAt"]) expect(await item(order.id)).not.toHaveProperty(name);
});

test("one that was paid and died before its sale is found by the schedule of unfinished orders, and not before it could be late", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  await expireUnpaid(later(LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 5));
  simulator.payAllTheSame(payment.id);
  await fallAsleep(deps, before.theSale, (on) => follow(on, payment.id));
  expect((await now(deps, order.id)).order.state).toBe("open");
  const since = Date.parse(String((await item(order.id))["careAt"]));
  expect(since).toBeGreaterThan(Date.parse(order.placedAt));
  const messages = ground.messages.length;
  await careForUnfinished(watching(LIMITS.lookMissedSeconds - 60));
  expect(ground.messages.slice(messages)).toEqual([]);
  await careForUnfinished(watching(LIMITS.lookMissedSeconds + 60));
  const [{ MessageBody } = { MessageBody: "" }] = ground.messages.slice(messages);
  await watchOrder(watching(LIMITS.lookMissedSeconds + 60), JSON.parse(MessageBody) as Look);
  expect((await readOrder(deps, order.id))?.state).toBe("fulfilled");
});
const watching = (seconds: number) => ({ ...ground.deps, ...later(seconds) });

test("a change of a payment whose answer was lost is our own when the SDK repeats it; another change of the same number is not", async () => {
  const { payment } = await waitingOrder(paying, { stock: 1 });
  const mine = await movePayment(deps, payment, { asked: 1 });
  expect(await movePayment(deps, payment, { asked: 1 })).toEqual(mine);
  expect(await movePayment(deps, payment, { asked: 2 })).toBeUndefined();
  expect(await readPayment(deps, payment.id)).toMatchObject({ asked: 1, version: payment.version + 1 });
});
