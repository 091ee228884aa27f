import { expect, test } from "vitest";
import { moveOrder, readOrder } from "../../../shared/orders/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { invoke } from "../../support/engine/invoke.ts";
import { sweepUntilQuiet } from "../../support/orders/market.ts";
import {
  eventually,
  type HttpAnswer,
  http,
  type Json,
  openShop,
  order,
  payIn,
  type Shop,
  stockProduct,
} from "../../support/orders/shop.ts";

const stack = deployedStack();
const deferred = { payment: { method: "deferred" } };
const fresh = (): string => crypto.randomUUID();
const payFor = ({ key }: Shop, id: string): Promise<HttpAnswer> =>
  http(stack, "POST", `/v1/orders/${id}/payments`, {
    key,
    json: { method: "balance" },
    headers: { "Idempotency-Key": fresh() },
  });

test("an order that is paid later keeps its codes, tells until when, and has them when it is paid", async () => {
  const shop = await openShop(0);
  const { productId, codes } = await stockProduct(stack, 2);
  const placed = await order(shop, [{ productId, quantity: 2 }], fresh(), deferred);
  expect(placed.status).toBe(201);
  const { id } = placed.body;
  expect(placed.body).toMatchObject({ state: "awaiting_payment", expiresAt: expect.stringMatching(/^20/) as string });
  expect(placed.text).not.toContain(codes[0]);
  const pay = () => payFor(shop, id);
  expect(await pay()).toMatchObject({ status: 409, body: { code: "insufficient_funds" } });
  expect((await order(await openShop(5_000), [{ productId, quantity: 1 }])).body).toMatchObject({ code: "sold_out" });
  await payIn(shop, 5_000);
  const [paid, again] = [await pay(), await pay()];
  expect(paid).toMatchObject({ status: 200, body: { state: "fulfilled" } });
  expect(again.body).toEqual(paid.body);
  const goods = await http(stack, "GET", `/v1/orders/${id}/deliverables`, { key: shop.key });
  const secrets = (goods.body.data as Json[]).map(({ secret }) => secret as string);
  expect(secrets.toSorted()).toEqual(codes.toSorted());
});

test("one that nobody pays expires by the schedule, and its codes are sold to others", async () => {
  const shop = await openShop(5_000);
  const { productId } = await stockProduct(stack, 1);
  const { body } = await order(shop, [{ productId, quantity: 1 }], fresh(), deferred);
  // Its time runs out: what the schedule sees is an order that should have been paid by now.
  const deps = domain();
  const unpaid = await readOrder(deps, body.id);
  if (unpaid === undefined) throw new Error("no such order");
  await moveOrder(deps, unpaid, { expiresAt: new Date(Date.now() - 1000).toISOString() });
  await invoke(stack, "orders-schedule", { job: "expireOrders" });
  const shown = await http(stack, "GET", `/v1/orders/${body.id}`, { key: shop.key });
  expect(shown.body).toMatchObject({ state: "expired", refunded: { amount: 0 } });
  const late = await payFor(shop, body.id);
  expect(late).toMatchObject({ status: 409, body: { code: "order_expired" } });
  await sweepUntilQuiet(deps, productId);
  const sell = async () => (await order(shop, [{ productId, quantity: 1 }])).status === 201 || undefined;
  await eventually(sell, "the code sold to another");
});
