import { randomBytes } from "node:crypto";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, describe, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { watchOrder } from "../../../shared/fulfilment/watch.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { type Account, type Pending, pendingKey, pendingsIn } from "../../../shared/ledger/model.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor, orderKey, readOrder } from "../../../shared/orders/table.ts";
import { domain } from "../../support/engine/domain.ts";
import { Crashed } from "../../support/faults/calls.ts";
import { endedExecutions, executionsOf, runIn, stopExecution } from "../../support/fulfilment/executions.ts";
import { countStock, eventually, openShop, type Shop, stockProduct } from "../../support/orders/shop.ts";
import { closeSuppliers, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { expectMoney, expectTopUp, placesFor, topUp } from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

const CODE_PRICE = 1500;
const ACCOUNT = "13912345678";

const oneOf = (productId: string, recipient?: { account: string }): NewOrder => ({
  lines: [{ productId, quantity: 1, ...(recipient === undefined ? {} : { recipient }) }],
  payment: { method: "balance" },
});

/** The first write of a sale to this table: to the ledger it sets the money aside, to the orders it finishes the order. */
type Death = { when: "before" | "after"; updating: "ledger" | "orders" };

type Next = (args: { input: { TableName?: string } }) => Promise<unknown>;

/** Places an order in a process that dies at this write. Gives the order's id. */
async function placeAndDie(shop: Shop, request: NewOrder, { when, updating }: Death): Promise<string> {
  const deps = domain();
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Crashed();
  };
  const deadly = (next: Next, { commandName = "" }) => {
    return async (args: Parameters<Next>[0]) => {
      const isIt = commandName.startsWith("UpdateItem") && args.input.TableName === deps.tables[updating];
      if (isDead || (isIt && when === "before")) die();
      const result = await next(args);
      return isIt ? die() : result;
    };
  };
  deps.db.middlewareStack.add(deadly as never, { step: "initialize", name: "deadly", priority: "low" });
  const key = randomBytes(12).toString("hex");
  await expect(placeOrder(deps, shop.channelId, key, request, {})).rejects.toThrow(Crashed);
  // Nothing is said here of what it has left: on a slow machine the watch has been there by now.
  return orderIdFor(shop.channelId, key);
}

/** The order as its table has it: reading it by the API might help it along. */
async function seenIn(orderId: string, state: Order["state"]): Promise<Order> {
  return eventually(async () => {
    const order = await readOrder(domain(), orderId);
    return order?.state === state ? order : undefined;
  }, `${orderId} ${state}`);
}

const pendingOf = (account: Account, orderId: string): Pending | undefined =>
  pendingsIn(account).find(({ key }) => key === pendingKey(orderId, 1))?.pending;

describe.concurrent("the watch finishes what nobody asks for any more (paid, but the buyer gets nothing)", () => {
  test("a sale that died after the money was taken", async () => {
    const shop = await openShop();
    const { productId } = await stockProduct(shop.stack, 4);
    const orderId = await placeAndDie(shop, oneOf(productId), { when: "after", updating: "ledger" });
    await seenIn(orderId, "fulfilled");
    expect(await countStock(shop.stack, productId)).toMatchObject({ sold: 1, available: 3 });
    await expectMoney(shop, CODE_PRICE);
  });

  test("a sale that died after its code was sold, and before anybody knew", async () => {
    const shop = await openShop();
    const { productId } = await stockProduct(shop.stack, 4);
    const orderId = await placeAndDie(shop, oneOf(productId), { when: "before", updating: "orders" });
    expect(await countStock(shop.stack, productId)).toMatchObject({ sold: 1 });
    const order = await seenIn(orderId, "fulfilled");
    expect(order.lines[0]?.tickets).toHaveLength(1);
    expect(await countStock(shop.stack, productId)).toMatchObject({ sold: 1, available: 3 });
    await expectMoney(shop, CODE_PRICE);
  });

  test("a top-up that died before it was finished: its run starts all the same", async () => {
    const shop = await supplierShop();
    const request = oneOf(shop.productId, { account: ACCOUNT });
    const orderId = await placeAndDie(shop, request, { when: "before", updating: "orders" });
    await expectTopUp(shop, orderId, ACCOUNT, { state: "fulfilled", deliveries: 1 });
    expect(placesFor(shop, orderId)).toHaveLength(1);
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ status: "SUCCEEDED" }]);
  });

  test("a paid top-up whose run never started (a paid order never reaches the supplier)", async () => {
    const shop = await supplierShop();
    const request = oneOf(shop.productId, { account: ACCOUNT });
    const orderId = await placeAndDie(shop, request, { when: "before", updating: "orders" });
    const account = await readAccount(domain(), shop.channelId, "CNY");
    const fundedBy = account && pendingOf(account, orderId)?.nonce;
    // The stream starts a run when it sees an order leave `open`. It is made to miss that: a detour hides it.
    await write(orderId, { state: "hidden" });
    await write(orderId, { state: "fulfilling", fundedBy, fundedAt: new Date().toISOString(), version: 2 });
    expect(await executionsOf(shop.stack, orderId)).toEqual([]);
    await seenIn(orderId, "fulfilled");
    expect(placesFor(shop, orderId)).toHaveLength(1);
    expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ name: `${orderId}-1`, status: "SUCCEEDED" }]);
  });

  test("an order whose run was stopped: the next one starts, but not before a while has passed", async () => {
    const shop = await supplierShop();
    shop.gate.trouble(() => "down");
    const orderId = await topUp(shop, ACCOUNT);
    await runIn(shop.stack, `${orderId}-1`, "Pause before the next try");
    await stopExecution(shop.stack, `${orderId}-1`);
    await seenIn(orderId, "review");
    await look(shop, orderId, 0);
    expect((await readOrder(domain(), orderId))?.run).toBe(1);
    shop.gate.trouble(() => undefined);
    await look(shop, orderId, LIMITS.restartAfterSeconds + 1);
    expect((await readOrder(domain(), orderId))?.run).toBe(2);
    await expectTopUp(shop, orderId, ACCOUNT, { state: "fulfilled", deliveries: 1 });
    expect((await endedExecutions(shop.stack, orderId)).map(({ status }) => status).sort()).toEqual([
      "ABORTED",
      "SUCCEEDED",
    ]);
  });
});

async function write(orderId: string, attributes: Record<string, unknown>): Promise<void> {
  const { db, tables } = domain();
  const names = Object.keys(attributes);
  await db.send(
    new UpdateCommand({
      TableName: tables.orders,
      Key: orderKey(orderId),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(names.map((name) => [`:${name}`, attributes[name]])),
    }),
  );
}

/** One look of the watch, as if it came this much later. */
async function look({ stack }: Shop, orderId: string, laterSeconds: number): Promise<void> {
  const settings = { endpoint: stack.awsEndpoint, region: stack.region, credentials };
  const deps = {
    ...domain(undefined, { clock: () => new Date(Date.now() + laterSeconds * 1000) }),
    sfn: new SFNClient(settings),
    workflowArn: stack.workflowArn,
    sqs: new SQSClient(settings),
    watchQueueUrl: stack.queues.watch,
  };
  await watchOrder(deps, { orderId, looks: 99 });
}
