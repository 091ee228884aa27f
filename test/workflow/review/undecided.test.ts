import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { orderKey } from "../../../shared/orders/table.ts";
import { send } from "../../support/dead-letters/dead-letters.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { listen } from "../../support/events/events.ts";
import { endedExecutions } from "../../support/fulfilment/executions.ts";
import { type Json, orderIn } from "../../support/orders/shop.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, impatient, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { expectTopUp, inspect, reviewOf, topUp } from "../../support/suppliers/topup-orders.ts";

const stack = deployedStack();
let listener: Awaited<ReturnType<typeof listen>>;
beforeAll(async () => {
  listener = await listen(stack);
});
afterAll(async () => {
  await closeSuppliers();
  await listener.close();
});

/** An order before a person, for longer than anybody should be: its watch looks at it now. */
async function forgotten(account: string) {
  const shop = await supplierShop(impatient);
  const orderId = await topUp(shop, account);
  await orderIn(shop, orderId, "review");
  const { db, tables } = domain();
  const since = new Date(Date.now() - (LIMITS.decisionSeconds + 60) * 1000).toISOString();
  await db.send(
    new UpdateCommand({
      TableName: tables.orders,
      Key: orderKey(orderId),
      UpdateExpression: "SET #review.#since = :since, reviewSince = :since",
      ExpressionAttributeNames: { "#review": "review", "#since": "since" },
      ExpressionAttributeValues: { ":since": since },
    }),
  );
  await send(stack, "watch", JSON.stringify({ orderId, looks: 0 }));
  return { shop, orderId };
}

describe.concurrent("what nobody has decided for two weeks", () => {
  test("is refunded by the watch, its run ends, and the buyer's side is told by whom", async () => {
    const account = magicAccount("refused");
    const { shop, orderId } = await forgotten(account);
    await expectTopUp(shop, orderId, account, { state: "refunded", deliveries: 0 });
    const { audit } = await inspect(shop, orderId);
    // The order may be looked at twice at once: who comes second is on record too, with nothing done.
    const done = (audit as Json[]).filter(({ unfinished }) => unfinished === undefined);
    expect(done).toMatchObject([{ action: "review_refund", by: "rule:undecided" }]);
    expect(await endedExecutions(stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
    const told = await listener.until(orderId, "order.refunded");
    expect(told.find(({ type }) => type === "order.review_decided")).toMatchObject({ action: "refund", by: "rule" });
  });

  test("but may still be delivered stays before a person, and is told as overdue", async () => {
    const account = magicAccount("neverDone");
    const { shop, orderId } = await forgotten(account);
    await listener.until(orderId, "order.overdue");
    expect(await reviewOf(shop, orderId)).toMatchObject({ escalatedAt: expect.any(String) });
    await expectTopUp(shop, orderId, account, { state: "review", deliveries: 0 });
  });
});
