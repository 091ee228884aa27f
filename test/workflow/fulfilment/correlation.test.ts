import { afterAll, expect, test } from "vitest";
import { functionSpecs } from "../../../infra/functions.ts";
import { logLines } from "../../support/engine/logs.ts";
import { historyOf } from "../../support/fulfilment/executions.ts";
import { eventually, http, type Json, operate, order, orderIn, stockProduct } from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { inspect } from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

/** Long enough for the watch to find the order late before its supplier says that it is done. */
const LATE_MS = 8_000;

test("one id leads from the order's request to all that it causes: stream, run, watch, supplier, callback, and every log line", async () => {
  const shop = await supplierShop(patient);
  const { stack, supplier, supplierId } = shop;
  const promised = { kind: "topup", name: "Promised", price: { amount: 1500, currency: "CNY" } };
  const sources = [{ supplierId, supplierProductId: "prod_promised", unguarded: true }];
  const json = { ...promised, sources, deliverWithinSeconds: 2, whenLate: "wait" };
  const { id: productId } = await operate(stack, { method: "POST", path: "/admin/v1/products", json });
  const account = magicAccount("callbackAfter", LATE_MS);
  const placed = await order(shop, [{ productId, quantity: 1, recipient: { account } }]);
  const orderId: string = placed.body.id;
  const requestId = placed.headers.get("x-request-id") ?? "";
  expect(requestId).toMatch(/^[\w-]{20,}$/);
  await orderIn(shop, orderId, "fulfilled");

  const { order: made } = await inspect(shop, orderId);
  expect(made.correlationId).toBe(requestId);
  const [begun] = await historyOf(stack, `${orderId}-1`);
  const { input = "{}" } = begun?.executionStartedEventDetails ?? {};
  expect(JSON.parse(input)).toMatchObject({ orderId, correlationId: requestId });
  expect(supplier.requestIds()).toEqual([requestId]);

  const linesWith = async (text: string): Promise<Json[]> => {
    const found = await Promise.all(functionSpecs.map(({ kebabName }) => logLines(stack, kebabName, text)));
    return found.flat().flatMap((line): Json[] => (line.includes('"level"') ? [JSON.parse(line)] : []));
  };
  const logged = await eventually(async () => {
    const lines = await linesWith(requestId);
    return ["order_overdue", "callback_processed"].every((event) => lines.some(({ message }) => message === event))
      ? lines
      : undefined;
  }, "the order's log lines by the id of its request");
  for (const line of logged) expect(line).toMatchObject({ correlationId: requestId });
  // And nothing is logged about it that the id would not find.
  for (const line of [...(await linesWith(orderId)), ...(await linesWith(supplierId))])
    expect(line).toMatchObject({ correlationId: requestId });
});

test("the record of a look at the codes has the id of the request that looked", async () => {
  const shop = await supplierShop();
  const { productId } = await stockProduct(shop.stack, 1);
  const sold = await order(shop, [{ productId, quantity: 1 }]);
  const looked = await http(shop.stack, "GET", `/v1/orders/${sold.body.id}/deliverables`, { key: shop.key });
  const requestId = looked.headers.get("x-request-id");
  const { audit } = await inspect(shop, sold.body.id);
  expect(audit).toMatchObject([{ action: "codes_revealed", requestId, correlationId: requestId }]);
});
