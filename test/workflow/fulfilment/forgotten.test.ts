import { randomBytes } from "node:crypto";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { AwsClient } from "aws4fetch";
import { afterAll, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { orderIdFor, orderKey, readOrder } from "../../../shared/orders/table.ts";
import { domain } from "../../support/engine/domain.ts";
import { invoke } from "../../support/engine/invoke.ts";
import { endedExecutions, executionsOf } from "../../support/fulfilment/executions.ts";
import { eventually } from "../../support/orders/shop.ts";
import { closeSuppliers, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { expectTopUp, placesFor, topUp } from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

const CONSUMER = "start-fulfilment";
const ACCOUNT = "13912345678";

type Mapping = { UUID: string; FilterCriteria: { Filters: { Pattern: string }[] }; LastProcessingResult?: string };

/** The consumer of the orders' stream, which starts runs and begins watches, as an operator's mishap may have left it. */
function consumerIn({ awsEndpoint, region }: LocalStack) {
  const aws = new AwsClient({ ...credentials, region, service: "lambda", retries: 0 });
  const call = async (method: string, path: string, json?: object): Promise<unknown> => {
    const body = json === undefined ? {} : { body: JSON.stringify(json) };
    const answer = await aws.fetch(`${awsEndpoint}/${path}`, { method, ...body });
    expect(answer.ok).toBe(true);
    return answer.status === 204 ? undefined : answer.json();
  };
  const functionName = `vouchsafe-local-${CONSUMER}`;
  const concurrency = `2017-10-31/functions/${functionName}/concurrency`;
  const mapping = async (): Promise<Mapping> => {
    const path = `2015-03-31/event-source-mappings?FunctionName=${functionName}`;
    const { EventSourceMappings } = (await call("GET", path)) as { EventSourceMappings: [Mapping] };
    return EventSourceMappings[0];
  };
  return {
    /** It has no concurrency left: Lambda refuses to run it, and its batch is tried again and again. */
    throttle: () => call("PUT", concurrency, { ReservedConcurrentExecutions: 0 }),
    release: () => call("DELETE", concurrency),
    mapping,
    filter: ({ UUID }: Mapping, ...Filters: { Pattern: string }[]) =>
      call("PUT", `2015-03-31/event-source-mappings/${UUID}`, { FilterCriteria: { Filters } }),
  };
}

/** Time that passes for one order alone: it should have been looked after so much earlier. */
async function waited(orderId: string, seconds: number): Promise<void> {
  const { db, tables } = domain();
  await db.send(
    new UpdateCommand({
      TableName: tables.orders,
      Key: orderKey(orderId),
      UpdateExpression: "SET careAt = :then",
      ConditionExpression: "attribute_exists(careQueue)",
      ExpressionAttributeValues: { ":then": new Date(Date.now() - seconds * 1000).toISOString() },
    }),
  );
}

test("a charged order whose record the broken consumer never got is found by the schedule, and delivered", async () => {
  const shop = await supplierShop();
  const consumer = consumerIn(shop.stack);
  const mapping = await consumer.mapping();
  const key = randomBytes(12).toString("hex");
  const orderId = orderIdFor(shop.channelId, key);
  const others = { Keys: { sk: { S: ["order"] }, pk: { S: [{ "anything-but": [orderKey(orderId).pk] }] } } };
  try {
    await consumer.throttle();
    expect(await topUp(shop, ACCOUNT, key)).toBe(orderId);
    expect(await readOrder(domain(), orderId)).toMatchObject({ state: "fulfilling" });
    await eventually(
      async () => (await consumer.mapping()).LastProcessingResult === "FAILED" || undefined,
      "the consumer fails",
    );
    // Its record is dropped, as Lambda drops one that has become too old; those of other orders come when it runs again.
    await consumer.filter(mapping, { Pattern: JSON.stringify({ dynamodb: others }) });
  } finally {
    await consumer.release();
  }
  try {
    const [after, money] = [await supplierShop(), "13900000000"];
    const later = await topUp(after, money);
    await expectTopUp(after, later, money, { state: "fulfilled", deliveries: 1 });
    expect(await executionsOf(shop.stack, orderId)).toEqual([]);
    expect(await readOrder(domain(), orderId)).toMatchObject({ state: "fulfilling" });

    await waited(orderId, LIMITS.lookMissedSeconds + 5);
    await invoke(shop.stack, "orders-schedule", { job: "careForOrders" });
    await expectTopUp(shop, orderId, ACCOUNT, { state: "fulfilled", deliveries: 1 });
  } finally {
    await consumer.filter(mapping, ...mapping.FilterCriteria.Filters);
  }
  expect(placesFor(shop, orderId)).toHaveLength(1);
  expect(await endedExecutions(shop.stack, orderId)).toMatchObject([{ name: `${orderId}-1`, status: "SUCCEEDED" }]);
});
