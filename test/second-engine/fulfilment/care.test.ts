import { GetCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { followingOrders } from "../../../functions/workers/orders/following.ts";
import { careForUnfinished } from "../../../shared/fulfilment/care.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import { noteFailedRun, runName, startRun } from "../../../shared/fulfilment/runs.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { awaitWakeUp } from "../../../shared/fulfilment/wake-up.ts";
import { beginWatch, type Look, watchOrder } from "../../../shared/fulfilment/watch.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { asOrder, orderKey, readOrder } from "../../../shared/orders/table.ts";
import { careQueues, UNFINISHED } from "../../../shared/orders/unfinished.ts";
import { reviewBacklog } from "../../../shared/review/backlog.ts";
import { buy, openMarket } from "../../support/orders/market.ts";
import { orderMixed } from "../../support/orders/mixed-order.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { type SupplierSimulator, startSupplierSimulator } from "../../support/suppliers/supplier-simulator.ts";

// Nothing that is paid depends on one message: something looks again.

const { deps, messages, runs, waiting } = await sceneGround();

let simulator: SupplierSimulator;
beforeAll(async () => {
  simulator = await startSupplierSimulator();
});
afterAll(() => simulator.stop());

const at = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const paidAndForgotten = async (): Promise<string> => {
  const { orderId } = await orderMixed(deps, simulator, "success");
  await planOrder(deps, orderId);
  expect(await readOrder(deps, orderId)).toMatchObject({ state: "fulfilling" });
  return orderId;
};

/** The looks that were sent for an order since, oldest first. */
const looksSent = (orderId: string, since: number): Look[] =>
  messages
    .slice(since)
    .filter(({ QueueUrl }) => QueueUrl === "watch")
    .map(({ MessageBody }) => JSON.parse(MessageBody) as Look)
    .filter((look) => look.orderId === orderId);

async function isIndexed(orderId: string): Promise<boolean> {
  const pages = await Promise.all(
    careQueues.map((queue) =>
      deps.db.send(
        new QueryCommand({
          TableName: deps.tables.orders,
          IndexName: UNFINISHED,
          KeyConditionExpression: "careQueue = :queue",
          ExpressionAttributeValues: { ":queue": queue },
        }),
      ),
    ),
  );
  return pages.some(({ Items = [] }) => Items.some(({ pk }) => pk === orderKey(orderId).pk));
}

test("a paid order whose news the stream's consumer never got is found by the schedule, and its run is started", async () => {
  const orderId = await paidAndForgotten();
  const before = messages.length;
  await careForUnfinished(at(LIMITS.lookMissedSeconds - 5));
  expect(looksSent(orderId, before)).toEqual([]);
  await careForUnfinished(at(LIMITS.lookMissedSeconds + 5));
  const [look] = looksSent(orderId, before);
  expect(look).toMatchObject({ orderId, turn: 1 });
  expect(runs.has(runName({ id: orderId, run: 1 }))).toBe(false);
  if (look !== undefined) await watchOrder(at(LIMITS.lookMissedSeconds + 5), look);
  expect(runs.get(runName({ id: orderId, run: 1 }))?.status).toBe("RUNNING");
  // It is looked after now: the schedule leaves it alone.
  const then = messages.length;
  await careForUnfinished(at(LIMITS.lookMissedSeconds + 60));
  expect(looksSent(orderId, then)).toEqual([]);
});

test("an order that is open while its money is pending for long is found by that", async () => {
  const market = await openMarket(deps, { stock: 1, money: 1000 });
  const dead = new Error("dead");
  const send = (command: { input: object }): Promise<unknown> => {
    const text = JSON.stringify(command.input);
    const finishes = text.includes('"fulfilled"') && text.includes("fundedBy");
    return finishes ? Promise.reject(dead) : (deps.db.send as (it: object) => Promise<unknown>).call(deps.db, command);
  };
  const doomed = { ...deps, db: Object.assign(Object.create(deps.db) as typeof deps.db, { send }) };
  const line = [{ productId: market.productId, quantity: 1 }];
  await expect(buy(doomed, market.channelId, "one", line)).rejects.toThrow("dead");
  const stuck: Order[] = [];
  await settleChannel(deps, market.channelId, new Date(Date.now() + 60_000), async (order) => {
    stuck.push(order);
  });
  expect(stuck).toMatchObject([{ state: "open", channelId: market.channelId }]);
  const orderId = stuck[0]?.id ?? "";
  await beginWatch(deps, orderId, 0);
  await watchOrder(deps, { orderId, looks: 0 });
  expect(await readOrder(deps, orderId)).toMatchObject({ state: "fulfilled" });
});

test("an order stands in the index while it is not finished, and a sale from stock never does", async () => {
  const orderId = await paidAndForgotten();
  expect(await isIndexed(orderId)).toBe(true);
  const market = await openMarket(deps, { stock: 1, money: 1000 });
  const bought = await buy(deps, market.channelId, "one", [{ productId: market.productId, quantity: 1 }]);
  const sold = bought.ok ? bought.value.order.id : "";
  const item = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(sold) }));
  expect(Object.keys(item.Item ?? {})).not.toEqual(expect.arrayContaining(["careQueue"]));
  expect(Object.keys(item.Item ?? {})).not.toEqual(expect.arrayContaining(["careAt"]));
});

test("a look that fails, however often, and one that is delivered twice, have one successor", async () => {
  const orderId = await paidAndForgotten();
  const before = messages.length;
  await beginWatch(deps, orderId, 0);
  const [first] = looksSent(orderId, before);
  if (first === undefined) throw new Error("no look");
  for (let attempt = 0; attempt < 5; attempt++)
    await expect(watchOrder(deps, first, () => Promise.reject(new Error("fails")))).rejects.toThrow("fails");
  expect(looksSent(orderId, before)).toEqual([first]);
  await Promise.all([watchOrder(deps, first), watchOrder(deps, first)]);
  await watchOrder(deps, first);
  expect(looksSent(orderId, before)).toEqual([first, { orderId, looks: 1, turn: 2 }]);
  // A second watch, from whatever cause, ends the first with its next message.
  await beginWatch(deps, orderId, 0);
  await watchOrder(deps, { orderId, looks: 1, turn: 2 });
  expect(looksSent(orderId, before)).toHaveLength(3);
});

test("a message of the watch that is lost is missed, and the watch begins anew", async () => {
  const orderId = await paidAndForgotten();
  await beginWatch(deps, orderId, 60); // and this message never comes
  const before = messages.length;
  const slack = 60 + LIMITS.lookSlackSeconds + LIMITS.lookMissedSeconds;
  await careForUnfinished(at(slack - 5));
  expect(looksSent(orderId, before)).toEqual([]);
  await careForUnfinished(at(slack + 5));
  expect(looksSent(orderId, before)).toEqual([{ orderId, looks: 0, turn: 2 }]);
});

test("an order that an earlier version has written comes into the index with the next look", async () => {
  const orderId = await paidAndForgotten();
  const forget = { TableName: deps.tables.orders, Key: orderKey(orderId) };
  await deps.db.send(new UpdateCommand({ ...forget, UpdateExpression: "REMOVE careQueue, careAt" }));
  expect(await isIndexed(orderId)).toBe(false);
  const before = messages.length;
  await watchOrder(deps, { orderId, looks: 3 }); // a message of that version has no turn
  const [next] = looksSent(orderId, before);
  if (next !== undefined) await watchOrder(deps, next);
  expect(await isIndexed(orderId)).toBe(true);
});

test("Step Functions is asked about none of the orders that wait by their own word, and about one whose wait is over", async () => {
  const asked: string[] = [];
  const send = async (command: { constructor: { name: string }; input: { executionArn?: string } }) => {
    if (command.constructor.name === "DescribeExecutionCommand") asked.push(command.input.executionArn ?? "");
    return (deps.sfn.send as (it: object) => Promise<unknown>).call(deps.sfn, command);
  };
  // However long the test takes, the orders stay young.
  const now = new Date();
  const young = { ...deps, clock: () => now };
  const watching = { ...young, sfn: Object.assign(Object.create(deps.sfn) as typeof deps.sfn, { send }) };
  const orderIds: string[] = [];
  for (let number = 0; number < 12; number++) {
    const { orderId } = await orderMixed(deps, simulator, "doneWithoutCallback");
    await planOrder(young, orderId);
    await placeLine(young, orderId);
    await startRun(young, { id: orderId, run: 1 });
    const execution = runName({ id: orderId, run: 1 });
    waiting.add(`token of ${orderId}`);
    const wait = { token: `token of ${orderId}`, waitingFor: "supplier", seconds: 3600, execution } as const;
    await awaitWakeUp(young, orderId, wait);
    orderIds.push(orderId);
  }
  for (const orderId of orderIds) await watchOrder(watching, { orderId, looks: 0 });
  expect(asked).toEqual([]);
  // Its execution was stopped without being woken, whatever its item said.
  const [stopped = ""] = orderIds;
  await noteFailedRun(deps, { orderId: stopped, execution: runName({ id: stopped, run: 1 }), status: "ABORTED" });
  await watchOrder(watching, { orderId: stopped, looks: 0 });
  expect(asked).toHaveLength(1);
  expect((await reviewBacklog(at(600))).orders).toBeGreaterThan(0);
});

test("a wait ends its item some time after itself", async () => {
  const { orderId } = await orderMixed(deps, simulator, "doneWithoutCallback");
  await planOrder(deps, orderId);
  await placeLine(deps, orderId);
  await awaitWakeUp(deps, orderId, { token: "a token", waitingFor: "supplier", seconds: 60 });
  const { Items = [] } = await deps.db.send(
    new QueryCommand({
      TableName: deps.tables.orders,
      KeyConditionExpression: "pk = :order AND begins_with(sk, :wait)",
      ExpressionAttributeValues: { ":order": orderKey(orderId).pk, ":wait": "wait#" },
    }),
  );
  const inSeconds = Number(Items[0]?.["expiresAtEpoch"]) - Date.now() / 1000;
  expect(Math.round(inSeconds / 60)).toBe(24 * 60 + 1);
});

test("a record of the stream that fails alone and is ten minutes old is set aside, and those behind it are done", async () => {
  const orderId = await paidAndForgotten();
  const order = (await readOrder(deps, orderId)) as Order;
  const bad = { ...order, id: "ord_bad" };
  const done: string[] = [];
  const old = new Date(Date.now() - (LIMITS.recordSetAsideSeconds + 5) * 1000).toISOString();
  const young = new Date().toISOString();
  const follow = (when: string) =>
    followingOrders(
      { ...deps, queuePrefix: "test-" },
      "start-fulfilment",
      [bad, order].map((after, number) => ({ sequence: `${number}`, at: when, before: undefined, after })),
      {
        do: async (changes) => {
          if (changes.some(({ after }) => after.id === "ord_bad")) throw new RangeError("bad");
          done.push(...changes.map(({ after }) => after.id));
        },
      },
    );
  await expect(follow(young)).rejects.toThrow(RangeError);
  expect(done).toEqual([]);
  const before = messages.length;
  await follow(old);
  expect(done).toEqual([orderId]);
  const letters = messages.slice(before).map(({ MessageBody }) => JSON.parse(MessageBody) as { orderIds: string[] });
  expect(letters).toMatchObject([{ orderIds: ["ord_bad"], DDBStreamBatchInfo: { startSequenceNumber: "0" } }]);
});

test("what the watch notes beside an order is not part of it", async () => {
  const orderId = await paidAndForgotten();
  await beginWatch(deps, orderId, 0);
  const { Item = {} } = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(orderId) }));
  expect(Item).toMatchObject({ watchTurn: 1 });
  expect(Object.keys(asOrder(Item)).filter((name) => /care|watch/.test(name))).toEqual([]);
});
