import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { careForUnfinished } from "../../../shared/fulfilment/care.ts";
import { type Look, watchOrder } from "../../../shared/fulfilment/watch.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { orderKey, readOrder } from "../../../shared/orders/table.ts";
import { movePayment, readPayment } from "../../../shared/payments/payments.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { follow, lookAt, now, waitingOrder, withPayments } from "../../support/payments/checkout-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// An order whose buyer pays at a provider is looked after by its payment, and stands in no index itself but in the list of its channel. When
// its payment can't be made any more it stands among the unpaid ones. When it is paid and can't be sold at once, it is an order like any other.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator } = paying;
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const item = async (orderId: string): Promise<Record<string, unknown>> => {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(orderId) }));
  return found.Item ?? {};
};

const INDEXED = ["reviewQueue", "reviewSince", "careQueue", "careAt"];

test("an order that waits for its buyer's payment stands in no index, and its payment does until it is sold", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  for (const name of INDEXED) expect(await item(order.id)).not.toHaveProperty(name);
  expect(payment.dueAt).toBeDefined();
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  for (const name of INDEXED) expect(await item(order.id)).not.toHaveProperty(name);
});

type Ends = { name: string; ends: (scene: Awaited<ReturnType<typeof waitingOrder>>) => unknown };
const broken = { ...deps, ssm: { send: () => Promise.reject(new Error("no such parameter")) } as never };
/** What ends a payment of an order that goes on waiting, or leaves it without an answer. */
const ENDS: readonly Ends[] = [
  { name: "nobody pays", ends: () => undefined },
  { name: "it is closed early", ends: ({ payment }) => simulator.close(payment.id) },
  { name: "another amount is paid", ends: ({ payment }) => simulator.pay(payment.id, 1) },
  { name: "its provider is down", ends: () => simulator.setDown(true) },
];

test.each(ENDS)(
  "when $name, or whoever sees it dies, what is due brings the order to its end in time, and all leave the indexes",
  async ({ ends }) => {
    for (const dies of [undefined, before.anyMoveOfTheOrder, before.anyPaymentIsPut]) {
      const scene = await waitingOrder(paying, { stock: 1 });
      ends(scene);
      const ids = [scene.payment.id];
      if (dies !== undefined)
        await follow(
          meanwhile(deps, dies, () => Promise.reject(new Error("died"))),
          ids[0] ?? "",
          "news",
        ).catch(() => undefined);
      for (const minute of [1, 8, 14, 15.1, 20, 25.1]) await whatIsDue(later(60 * minute), scene);
      expect((await now(deps, scene.order.id)).order.state).toBe("expired");
      simulator.setDown(false);
      for (const minute of [40, 60, 61]) await whatIsDue(later(60 * minute), scene);
      for (const name of INDEXED) expect(await item(scene.order.id)).not.toHaveProperty(name);
      expect((await now(deps, scene.order.id)).payment.dueAt).toBeUndefined();
    }
  },
);

test("an order whose payment can't be asked about gives up its codes all the same", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  const late = {
    ...broken,
    ...later(LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 1),
    ssm: broken.ssm,
    paymentSecretsPrefix: "/other/",
  };
  await expect(follow(late, payment.id, "due")).rejects.toThrow("no such parameter");
  expect((await now(deps, order.id)).order.state).toBe("expired");
});

/** What the schedules and the queue do in a minute, of this scene alone. */
async function whatIsDue(at: typeof deps, { order, payment }: Awaited<ReturnType<typeof waitingOrder>>): Promise<void> {
  const { payment: known } = await now(at, order.id);
  if (known.dueAt !== undefined && known.dueAt <= at.clock().toISOString())
    await follow(at, payment.id, "due").catch(() => undefined);
  await expireUnpaid(at, () => undefined);
}

test("what an earlier version has put among the unfinished and the unpaid orders leaves them when it is sold", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  await deps.db.send(
    new UpdateCommand({
      TableName: deps.tables.orders,
      Key: orderKey(order.id),
      UpdateExpression: "SET careQueue = :queue, careAt = :at, reviewQueue = :unpaid, reviewSince = :at",
      ExpressionAttributeValues: { ":queue": "care#1", ":at": order.placedAt, ":unpaid": "unpaid#1" },
    }),
  );
  simulator.pay(payment.id);
  await follow(deps, payment.id);
  for (const name of INDEXED) expect(await item(order.id)).not.toHaveProperty(name);
});

test("one that was paid and died before its sale is found by the schedule of unfinished orders, and not before it could be late", async () => {
  const { order, payment } = await waitingOrder(paying, { stock: 1 });
  await lookAt(later(LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 5), order);
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
