import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { listReviews, overdueUnpaid } from "../../../shared/orders/read-queues.ts";
import { moveOrder, orderIdFor, orderKey, putOrder, readOrder } from "../../../shared/orders/table.ts";
import { reviewBacklog } from "../../../shared/review/backlog.ts";
import { type Everything, everythingOn } from "../../support/engine/on-second-engine.ts";
import { proofEngine } from "../../support/engine/proof-engine.ts";
import type { SecondEngine } from "../../support/engine/second-engine.ts";
import { at, NOW, orderOf, topupLine } from "../../support/orders/order-fixtures.ts";

// Orders before a person, and orders that wait for their payment, stand in an index. A partition key of it takes a thousand writes a
// second, so each queue is spread over shards, and whoever reads it puts them together again.

let engine: SecondEngine;
let deps: Everything["deps"];

beforeAll(async () => {
  engine = await proofEngine();
});
afterAll(() => engine.stop());
beforeEach(() => {
  deps = everythingOn(engine, { clock: () => NOW }).deps;
});

/** What is before a person after so many seconds, three at a time: two of the same second are told apart by their ids. */
const SECONDS = Array.from({ length: 40 }, (_, number) => Math.floor(number / 3));

const nameOf = (): string => orderIdFor(newId("chan"), "key");

async function put(order: Order, queue?: string): Promise<string> {
  expect(await putOrder(deps, order)).toMatchObject({ ok: true });
  // As an earlier version has written it.
  if (queue !== undefined)
    await deps.db.send(
      new UpdateCommand({
        TableName: deps.tables.orders,
        Key: orderKey(order.id),
        UpdateExpression: "SET reviewQueue = :queue",
        ExpressionAttributeValues: { ":queue": queue },
      }),
    );
  return order.id;
}

async function queueOf(id: string): Promise<string> {
  const found = await deps.db.send(new GetCommand({ TableName: deps.tables.orders, Key: orderKey(id) }));
  return String(found.Item?.["reviewQueue"]);
}

async function allReviews(limit: number): Promise<string[]> {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await listReviews(deps, limit, after);
    expect(page.orders.length).toBeLessThanOrEqual(limit);
    seen.push(...page.orders.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after !== undefined);
  return seen;
}

test("reviews of all shards, and those that an earlier version wrote, are listed once each, the oldest first, however many to a page", async () => {
  const orders = SECONDS.map((second) => {
    const review = { reason: "overdue", since: at(second) };
    return orderOf("review", [topupLine("review")], { id: nameOf(), review });
  });
  for (const [index, order] of orders.entries()) await put(order, index % 4 === 0 ? "open" : undefined);
  const sorted = orders
    .toSorted((a, b) => (a.review?.since ?? "").localeCompare(b.review?.since ?? "") || a.id.localeCompare(b.id))
    .map(({ id }) => id);
  for (const limit of [1, 2, 7, 40, 100]) expect(await allReviews(limit)).toEqual(sorted);
  expect(new Set(await Promise.all(sorted.map(queueOf))).size).toBeGreaterThan(4);
  const later = { ...deps, clock: () => new Date(NOW.getTime() + 60_000) };
  expect(await reviewBacklog(later)).toEqual({ orders: 40, oldestSeconds: 60 });
  // One that an earlier version wrote leaves its queue like any other.
  const [oldest] = orders;
  if (oldest === undefined) throw new Error("none");
  expect(await moveOrder(deps, oldest, { state: "fulfilling", review: undefined })).toMatchObject({ ok: true });
  expect(await allReviews(7)).toEqual(sorted.filter((id) => id !== oldest.id));
});

test("orders whose time to be paid is over are found in all shards, and under the name of an earlier version, and no others", async () => {
  const unpaid = (expiresAt: string): Order =>
    orderOf("awaiting_payment", [topupLine("open")], { id: nameOf(), expiresAt });
  const overdue: string[] = [];
  for (const second of SECONDS) overdue.push(await put(unpaid(at(-second)), second % 4 === 0 ? "unpaid" : undefined));
  const waiting = await put(unpaid(at(1)));
  const found: string[] = [];
  for await (const page of overdueUnpaid(deps, NOW)) found.push(...page.map(({ id }) => id));
  expect(found.toSorted()).toEqual(overdue.toSorted());
  expect(await readOrder(deps, waiting)).toMatchObject({ state: "awaiting_payment" });
  expect(new Set(await Promise.all(overdue.map(queueOf))).size).toBeGreaterThan(4);
});
