import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect } from "vitest";
import type { OperatorAnswer } from "../../../infra/ops/client.ts";
import type { Timeline } from "../../../shared/fulfilment/inspect.ts";
import type { Attempt, Order, Review } from "../../../shared/orders/model.ts";
import type { Choice } from "../../../shared/review/choices.ts";
import { domain } from "../engine/domain.ts";
import { executionsOf, historyOf } from "../fulfilment/executions.ts";
import {
  available,
  eventually,
  http,
  type Json,
  operate,
  order,
  orderIn,
  type Shop,
  tryToOperate,
} from "../orders/shop.ts";
import { orderUpdated, sign } from "./supplier-callbacks.ts";
import { DEPOSIT, type SupplierShop, TOPUP_PRICE } from "./supplier-shop.ts";

/** Buys one top-up for an account; returns the order's id. */
export async function topUp(shop: SupplierShop, account: string, idempotencyKey?: string): Promise<string> {
  const placed = await order(
    shop,
    [{ productId: shop.productId, quantity: 1, recipient: { account } }],
    idempotencyKey,
  );
  expect(placed.status).toBe(201);
  expect(["fulfilling", "review", "fulfilled"]).toContain(placed.body.state);
  return placed.body.id as string;
}

export type Inspected = Omit<Timeline, "order"> & { order: Order };

/** Everything an operator can see of an order. */
export async function inspect(shop: Shop, orderId: string): Promise<Inspected> {
  return (await operate(shop.stack, { method: "GET", path: `/admin/v1/orders/${orderId}` })) as Inspected;
}

/** Every try at a supplier, oldest first. */
export async function attemptsOf(shop: Shop, orderId: string): Promise<Attempt[]> {
  const { supplier } = await inspect(shop, orderId);
  return supplier.flatMap(({ attempts }) => attempts);
}

export type ReviewItem = Pick<Review, "reason" | "lineId" | "escalatedAt"> & {
  orderId: string;
  ageSeconds: number;
  tried: Attempt[];
  choices: Choice[];
};

/** The order's item in the review queue, if it is there. */
export async function reviewOf(shop: Shop, orderId: string): Promise<ReviewItem | undefined> {
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = cursor === null ? { limit: "100" } : { limit: "100", cursor };
    const page: { data: ReviewItem[]; nextCursor: string | null } = await operate(shop.stack, {
      method: "GET",
      path: "/admin/v1/reviews",
      query,
    });
    const found = page.data.find((item) => item.orderId === orderId);
    if (found !== undefined) return found;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return undefined;
}

export type Decision =
  | { action: "retry" | "note" }
  | { action: "refund"; evenIfUnresolved?: boolean; lines?: string[] }
  | { action: "replace"; lineId: string; with: object; evenIfUnresolved?: boolean };

export async function decide(
  shop: Shop,
  orderId: string,
  decision: Decision,
): Promise<OperatorAnswer & { body: Json }> {
  const path = `/admin/v1/reviews/${orderId}/decisions`;
  return tryToOperate(shop.stack, { method: "POST", path, json: { reason: "tested", ...decision } });
}

/** The supplier's callback about an order, signed and sent by hand: its answer's status. */
export async function callBack(shop: SupplierShop, orderId: string, event = newsOf(shop, orderId)): Promise<number> {
  const { body, headers } = sign(event, shop.supplier.webhookSecret);
  const url = `${shop.stack.apiUrl}/v1/suppliers/${shop.supplierId}/callbacks`;
  return (await fetch(url, { method: "POST", body, headers })).status;
}

/** The supplier sends its last callback again, byte for byte, and again if nobody answers it; whatever is answered is a yes. */
export async function replayed(shop: SupplierShop, orderId: string): Promise<void> {
  const status = await eventually(
    async () => (await shop.supplier.replay(`${orderId}-1-1-1`)) || undefined,
    "a replayed callback is answered",
  );
  expect(status).toBe(200);
}

/** What the supplier has to say of an order's first attempt. */
export function newsOf(shop: SupplierShop, orderId: string): { id: string; body: string } {
  const reference = `${orderId}-1-1-1`;
  const theirs = shop.supplier.orders().find((one) => one.reference === reference);
  if (theirs === undefined) throw new Error(`the supplier does not know ${reference}`);
  return orderUpdated({ id: theirs.id, reference, state: theirs.state });
}

/** What became of a callback, once it has been processed. */
export async function processed(supplierId: string, eventId: string): Promise<string> {
  const { db, tables } = domain();
  const Key = { pk: `callback#${supplierId}#${eventId}`, sk: "callback" };
  return eventually(async () => {
    const { Item } = await db.send(new GetCommand({ TableName: tables.operations, Key }));
    return Item?.["processedAt"] === undefined ? undefined : String(Item["result"]);
  }, `callback ${eventId} processed`);
}

/** What the supplier really delivered for an order, all its references together. */
export function deliveriesFor(shop: SupplierShop, orderId: string): number {
  const orders = shop.supplier.orders().filter(({ reference }) => reference.startsWith(`${orderId}-`));
  return orders.reduce((total, { deliveries }) => total + deliveries, 0);
}

/** The references under which we asked the supplier to deliver, one for each time. */
export function placesFor(shop: SupplierShop, orderId: string): string[] {
  const calls = shop.gate.passed().filter(({ kind, reference }) => kind === "place" && reference.startsWith(orderId));
  return calls.map(({ reference }) => reference);
}

type Balance = { pending: { amount: number }; movements: { kind: string; amount: number }[] };

/**
 * The channel has paid this much, in so many sales, and got so much back; nothing is left pending, and the two ways to see
 * it, the balance and the entries, agree.
 */
export async function expectMoney(shop: Shop, sold: number, refunded = 0, counts = { sales: 1, refunds: 1 }) {
  const account = await eventually(async () => {
    const { body } = await http(shop.stack, "GET", "/v1/account", { key: shop.key });
    const balance: Balance = body.balances[0];
    return balance.pending.amount === 0 ? balance : undefined;
  }, "nothing is pending");
  const amounts = (kind: string): number[] =>
    account.movements.filter((movement) => movement.kind === kind).map(({ amount }) => amount);
  expect(amounts("sale").reduce((a, b) => a + b, 0)).toBe(-sold);
  expect(amounts("sale")).toHaveLength(counts.sales);
  expect(amounts("refund").reduce((a, b) => a + b, 0)).toBe(refunded);
  expect(amounts("refund")).toHaveLength(refunded === 0 ? 0 : counts.refunds);
  expect(await available(shop)).toBe(DEPOSIT - sold + refunded);
}

/** Ways in which a value could be written into something that only looks harmless. */
function disguises(text: string): string[] {
  // Base64 of the text wherever it begins within three bytes; the characters that its neighbours would change are cut off.
  const base64 = [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${"\0".repeat(shift)}${text}`).toString("base64");
    return encoded.slice(shift === 0 ? 0 : 4, -4);
  });
  return [text, text.split("").toReversed().join(""), Buffer.from(text).toString("hex"), ...base64];
}

/** No execution of the order has ever seen the account: inputs, histories, outputs. */
export async function expectIdsOnly(shop: Shop, orderId: string, account: string): Promise<void> {
  const runs = await executionsOf(shop.stack, orderId);
  expect(runs.length).toBeGreaterThan(0);
  for (const { name } of runs) {
    const history = await historyOf(shop.stack, name);
    const text = JSON.stringify(history);
    for (const disguise of disguises(account)) expect(text).not.toContain(disguise);
    const input = history.find((event) => event.executionStartedEventDetails)?.executionStartedEventDetails?.input;
    // Who starts a run by hand gives it no correlation id.
    const { correlationId = "", ...ids } = JSON.parse(input ?? "{}") as Record<string, unknown>;
    expect([ids, typeof correlationId]).toEqual([{ orderId, run: expect.any(Number) }, "string"]);
  }
}

export type Expected = { state: "fulfilled" | "review" | "refunded"; deliveries: number };

/** One top-up from all sides: the channel's, the supplier's, the books' and the workflow's. */
export async function expectTopUp(shop: SupplierShop, orderId: string, account: string, expected: Expected) {
  const shown: Json = await orderIn(shop, orderId, expected.state);
  expect(shown.lines).toMatchObject([{ state: expected.state }]);
  expect(deliveriesFor(shop, orderId)).toBe(expected.deliveries);
  const refunded = expected.state === "refunded" ? TOPUP_PRICE : 0;
  expect(shown.refunded.amount).toBe(refunded);
  await expectMoney(shop, TOPUP_PRICE, refunded);
  await expectIdsOnly(shop, orderId, account);
}
