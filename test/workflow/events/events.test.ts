import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { type Heard, listen } from "../../support/events/events.ts";
import { order, orderIn, stockProduct } from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { decide, topUp } from "../../support/suppliers/topup-orders.ts";

let listener: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  listener = await listen(deployedStack());
});
afterAll(async () => {
  await closeSuppliers();
  await listener.close();
});

const typesOf = (told: Heard[]): string[] => told.map(({ type }) => type).toSorted();

describe("what happens to an order is told to whoever listens", () => {
  test("that it came before a person, what was decided, and that the money went back: by ids alone", async () => {
    const account = magicAccount("refused");
    const shop = await supplierShop();
    const orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "review");
    const opened = (await listener.until(orderId, "order.review_opened")).find(({ type }) => /opened/.test(type));
    expect(opened).toMatchObject({ orderId, channelId: shop.channelId, reason: "sold_out", lineId: "1" });
    expect(Date.now() - Date.parse(opened?.at ?? "")).toBeLessThan(10 * 60_000);
    expect((await decide(shop, orderId, { action: "refund" })).status).toBe(200);
    const told = await listener.until(orderId, "order.refunded");
    expect(typesOf(told)).toEqual([
      "order.refunded",
      "order.review_closed",
      "order.review_decided",
      "order.review_opened",
    ]);
    expect(told.find(({ type }) => type === "order.review_decided")).toMatchObject({
      action: "refund",
      by: "operator",
    });
    expect(told.find(({ type }) => type === "order.refunded")).toMatchObject({ round: 1 });
    expect(JSON.stringify(told)).not.toContain(account);
  });

  test("a top-up that went well is told once, and a code sold in the answer not at all", async () => {
    const shop = await supplierShop();
    const { productId } = await stockProduct(shop.stack, 1);
    const sold = await order(shop, [{ productId, quantity: 1 }]);
    expect(sold.body.state).toBe("fulfilled");
    const orderId = await topUp(shop, magicAccount("success"));
    expect(typesOf(await listener.until(orderId, "order.fulfilled"))).toEqual(["order.fulfilled"]);
    // The code was sold before the top-up was: its news has passed the same stream by now.
    expect(listener.about(sold.body.id)).toEqual([]);
  });
});
