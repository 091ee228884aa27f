import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { fingerprintOf, idOf, newId } from "../../../shared/kernel/ids.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { pendingKey } from "../../../shared/ledger/model.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { moveOrder, orderIdFor, orderKey } from "../../../shared/orders/table.ts";
import { refundLines } from "../../../shared/review/refund.ts";
import type { Everything } from "../../support/engine/on-second-engine.ts";
import { before, fallAsleep } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  giveMoney,
  onSale,
  orderOf,
  putOnSale,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// How much may be bought: exactly that, whoever asks at once.

const { deps } = await sceneGround();

/** Places what is asked for, said by this buyer. */
const saying =
  (more: Partial<NewOrder>): typeof placeOrder =>
  (deps, channelId, key, request, finder) =>
    placeOrder(deps, channelId, key, { ...request, ...more }, finder);

async function shop(limits: NewProduct["limits"], stock = 200): Promise<{ productId: string; channelId: string }> {
  const product: NewProduct = { kind: "code", name: "Few", price: { amount: 1, currency: "CNY" }, limits };
  const made = await createProduct(deps, product, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  await putOnSale(deps, made.value.id, makeCodes(stock));
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 10_000);
  return { productId: made.value.id, channelId };
}

test("a hundred buyers at once get exactly what the limit leaves, also when each asks twice", async () => {
  const { productId, channelId } = await shop({ total: { quantity: 30, per: "ever" } });
  const keys = Array.from({ length: 100 }, (_, number) => `buyer ${number}`);
  const ask = (key: string) => buy(deps, channelId, key, [{ productId, quantity: 1 }], "keep sealed");
  const answers = await Promise.all(keys.flatMap((key) => [ask(key), ask(key)]));
  const sold = new Set(answers.flatMap((answer) => (answer.ok ? [answer.value.order.id] : [])));
  expect(sold.size).toBe(30);
  const refusals = answers.flatMap((answer) => (answer.ok ? [] : [answer.code]));
  expect(new Set(refusals)).toEqual(new Set(["limit_reached"]));
  const orders = keys.map((key) => orderIdFor(channelId, key)).filter((id) => sold.has(id));
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
});

test("who finds the counter too busy leaves no code lying", async () => {
  const { productId, channelId } = await shop({ total: { quantity: 30, per: "ever" } }, 3);
  const conflict = new TransactionCanceledException({
    message: "others are at it",
    $metadata: {},
    CancellationReasons: [{ Code: "None" }, { Code: "TransactionConflict" }],
  });
  const send = (command: { input: object }): Promise<unknown> =>
    JSON.stringify(command.input).includes("used = if_not_exists")
      ? Promise.reject(conflict)
      : (deps.db.send as (command: object) => Promise<unknown>).call(deps.db, command);
  const contended = { ...deps, db: Object.assign(Object.create(deps.db) as typeof deps.db, { send }) };
  await expect(buy(contended, channelId, "a", [{ productId, quantity: 2 }])).rejects.toThrow("others are at it");
  await sweepProduct(deps, productId, new Date());
  expect(await onSale(deps, productId)).toBe(3);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], orders: [] })).toEqual([]);
});

test("what goes back as a whole counts no more, once; what is kept counts", async () => {
  const { productId, channelId } = await shop({ perBuyer: { quantity: 2, per: "day" } });
  const anna = { buyer: "anna" };
  const ask = (key: string, quantity: number, more: Partial<NewOrder> = anna) =>
    buy(deps, channelId, key, [{ productId, quantity }], "keep sealed", saying(more));
  expect(await ask("a", 2)).toMatchObject({ ok: true });
  expect(await ask("b", 1)).toMatchObject({
    code: "limit_reached",
    detail: expect.stringContaining("at most 2 for each buyer a day") as string,
  });
  expect(await ask("c", 2, { buyer: "ben" })).toMatchObject({ ok: true });
  await Promise.all([1, 2, 3].map(() => cancelOrder(deps, channelId, orderIdFor(channelId, "a"))));
  expect(await ask("d", 2)).toMatchObject({ ok: true });
  expect(await ask("e", 1)).toMatchObject({ code: "limit_reached" });
  // The next day begins at nothing.
  const tomorrow = { ...deps, clock: () => new Date(Date.now() + 24 * 3600 * 1000) };
  expect(await buy(tomorrow, channelId, "f", [{ productId, quantity: 2 }], "keep sealed", saying(anna))).toMatchObject({
    ok: true,
  });
  expect(await cancelOrder(deps, channelId, orderIdFor(channelId, "c"))).toMatchObject({ ok: true });
});

test("one order, one buyer and one channel have limits of their own, over all lines of a product", async () => {
  const rules = {
    perOrder: 3,
    perBuyer: { quantity: 9, per: "ever" },
    perChannel: { quantity: 4, per: "day" },
  } as const;
  const { productId, channelId } = await shop(rules);
  const ask = (key: string, quantities: number[], more: Partial<NewOrder> = { buyer: "anna" }) => {
    const lines = quantities.map((quantity) => ({ productId, quantity }));
    return buy(deps, channelId, key, lines, "keep sealed", saying(more));
  };
  expect(await ask("a", [2, 2])).toMatchObject({
    code: "limit_reached",
    detail: expect.stringContaining("at most 3 in one order") as string,
  });
  expect(await ask("b", [1], {})).toMatchObject({ code: "invalid_request", errors: [{ pointer: "/buyer" }] });
  expect(await ask("c", [1, 2])).toMatchObject({ ok: true });
  expect(await ask("d", [2])).toMatchObject({
    code: "limit_reached",
    detail: expect.stringContaining("for each channel a day") as string,
  });
  expect(await ask("e", [1])).toMatchObject({ ok: true });
});

test("what an earlier version counted for a buyer counts until its period is over, and goes down with its orders", async () => {
  const { productId, channelId } = await shop({ perBuyer: { quantity: 3, per: "day" } });
  const olderKey = [
    "limit",
    productId,
    "perBuyer",
    idOf("evt", channelId, "anna"),
    new Date().toISOString().slice(0, 10),
  ];
  const expiresAtEpoch = Math.floor(Date.now() / 1000) + 2 * 24 * 3600;
  const count = (used: number) =>
    deps.db.send(
      new PutCommand({
        TableName: deps.tables.orders,
        Item: { pk: olderKey.join("#"), sk: "limit", used, expiresAtEpoch },
      }),
    );
  const ask = (key: string, quantity: number, buyer = "anna") =>
    buy(deps, channelId, key, [{ productId, quantity }], "keep sealed", saying({ buyer }));
  await count(2);
  expect(await ask("a", 2)).toMatchObject({ code: "limit_reached" });
  expect(await ask("b", 1)).toMatchObject({ ok: true });
  expect(await ask("c", 1)).toMatchObject({ code: "limit_reached" });
  expect(await ask("d", 3, "ben")).toMatchObject({ ok: true });
  // One of its orders goes back.
  await count(1);
  const answers = await Promise.all(["e", "f", "g"].map((key) => ask(key, 1)));
  expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
});

test("an order of an earlier version is found again by its own key and body, and by no other body", async () => {
  const { productId, channelId } = await shop(undefined);
  const request: NewOrder = { lines: [{ productId, quantity: 1 }], payment: { method: "balance" } };
  const placed = await placeOrder(deps, channelId, "a", request, {});
  expect(placed).toMatchObject({ ok: true, value: { requestHash: expect.stringMatching(/^v2:/) as string } });
  const id = orderIdFor(channelId, "a");
  await deps.db.send(
    new UpdateCommand({
      TableName: deps.tables.orders,
      Key: orderKey(id),
      UpdateExpression: "SET requestHash = :older",
      ExpressionAttributeValues: { ":older": fingerprintOf({ idempotencyKey: "a", request }) },
    }),
  );
  expect(await placeOrder(deps, channelId, "a", request, {})).toMatchObject({ ok: true, value: { id } });
  const other = { ...request, reference: "another" };
  expect(await placeOrder(deps, channelId, "a", other, {})).toMatchObject({ code: "idempotency_key_reused" });
});

test("what goes back of an order counts no more, once, and what is kept goes on counting", async () => {
  const { productId, channelId } = await shop({ perBuyer: { quantity: 5, per: "ever" } });
  const other = await shop({ total: { quantity: 3, per: "ever" } });
  const lines = [
    { productId, quantity: 2 },
    { productId, quantity: 1 },
    { productId: other.productId, quantity: 3 },
  ];
  const ask = (key: string, more: NewOrder["lines"]) =>
    buy(deps, channelId, key, more, "keep sealed", saying({ buyer: "anna" }));
  // A helper falls asleep in the middle of it; its run breaks, and a person gives back two of its lines.
  await fallAsleep(deps, before.theFinish, (sleepy) =>
    buy(sleepy, channelId, "a", lines, "keep sealed", saying({ buyer: "anna" })),
  );
  const order = await orderOf(deps, channelId, "a");
  if (order === undefined) throw new Error("no order");
  const sold = await moveOrder(deps, order, { state: "fulfilling", ...(await fundingFor(deps, order)) });
  const paid = await moveOrder(deps, sold.order, {
    state: "review",
    lines: order.lines.map((line, index) => ({ ...line, state: index === 0 ? "fulfilled" : "review" })),
    review: { reason: "workflow_failed", since: order.placedAt },
  });
  const [, second, third] = paid.order.lines;
  const refunds = await Promise.all(
    [second, third].map((line) => refundLines(deps, paid.order, line === undefined ? [] : [line], "operator")),
  );
  expect(refunds.filter(({ ok }) => ok)).toHaveLength(1);
  const left = await orderOf(deps, channelId, "a");
  const open = left?.lines.filter(({ state }) => state === "review") ?? [];
  if (left !== undefined) await Promise.all([1, 2].map(() => refundLines(deps, left, open, "operator")));
  expect(await orderOf(deps, channelId, "a")).toMatchObject({
    state: "partly_fulfilled",
    limited: [{ quantity: 2 }],
  });
  // Three of the buyer's five, and all three of the others, can be bought again.
  expect(await ask("b", [{ productId, quantity: 4 }])).toMatchObject({ code: "limit_reached" });
  expect(await ask("c", [{ productId, quantity: 3 }])).toMatchObject({ ok: true });
  expect(await ask("d", [{ productId: other.productId, quantity: 3 }])).toMatchObject({ ok: true });
  expect(await ask("e", [{ productId: other.productId, quantity: 1 }])).toMatchObject({ code: "limit_reached" });
});

test("a large order that gets fewer in the end counts for those, and cancelled for none", async () => {
  const { productId, channelId } = await shop({ total: { quantity: 5, per: "ever" } }, 0);
  const codes = makeCodes(5);
  await putOnSale(deps, productId, codes);
  const place = (key: string, quantity: number, acceptLess = true) =>
    placeOrder(
      deps,
      channelId,
      key,
      { lines: [{ productId, quantity }], payment: { method: "balance" }, ...(acceptLess ? { acceptLess } : {}) },
      {},
    );
  const placed = await place("a", 5);
  expect(placed).toMatchObject({ ok: true });
  for (const secret of codes.slice(0, 2)) await voidCode(deps, productId, { secret });
  const id = orderIdFor(channelId, "a");
  while ((await planOrder(deps, id)).step === "plan");
  expect(await orderOf(deps, channelId, "a")).toMatchObject({
    state: "partly_fulfilled",
    limited: [{ quantity: 3 }],
  });
  await putOnSale(deps, productId, makeCodes(20));
  expect(await place("b", 3, false)).toMatchObject({ code: "limit_reached" });
  expect(await place("c", 2, false)).toMatchObject({ ok: true });
  expect(await cancelOrder(deps, channelId, orderIdFor(channelId, "c"))).toMatchObject({ ok: true });
  expect(await place("d", 2, false)).toMatchObject({ ok: true });
  expect(await place("e", 1, false)).toMatchObject({ code: "limit_reached" });
});

/** The money that was set aside for an order, as the order names it. */
async function fundingFor(deps: Everything["deps"], { id, epoch, channelId }: Order): Promise<Partial<Order>> {
  const account = await readAccount(deps, channelId, "CNY");
  const [pending] = (account?.lanes ?? []).flatMap((lane) => lane.pending[pendingKey(id, epoch)] ?? []);
  if (pending === undefined) throw new Error("nothing was set aside");
  return { fundedBy: [pending.nonce], fundedAt: pending.at };
}
