import { SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { credentials } from "../../infra/local/deploy.ts";
import type { LocalStack } from "../../infra/local/stack-file.ts";
import { createProduct } from "../../shared/catalog/products.ts";
import { authenticate, createChannel } from "../../shared/channels/keys.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { deposit } from "../../shared/ledger/deposits.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { sealer } from "../../shared/secrecy/sealer.ts";
import { createSupplier } from "../../shared/suppliers/settings.ts";
import { domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { historyOf } from "../support/fulfilment/executions.ts";
import { eventually, openShop, order, orderIn } from "../support/orders/shop.ts";
import { startSupplierSimulator } from "../support/suppliers/supplier-simulator.ts";
import { openTopups } from "../support/suppliers/topups.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { together, type Usage } from "./prices.ts";

// What is bought from a supplier for an order, on the bench: by hand, step after step, with every call metered; and once on the
// deployed stack, for its workflow.

/** What is bought, and for whom: a code has no recipient. */
export type Goods = { kind: "topup"; recipient: { account: string } } | { kind: "code"; recipient?: never };

const PRICE = 4950;
const SUPPLIER_PRODUCT = "prod_phone_50";

/** A shop with tables that nobody else works on, and a supplier of its own. */
async function openBench({ stack }: OwnTables, { kind }: Goods) {
  const meter = new Meter();
  const settings = { endpoint: stack.awsEndpoint, region: stack.region, credentials };
  const base = domain(meter as never, { stack });
  const unmetered = domain(undefined, { stack });
  const sqs = new SQSClient(settings);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "bench-callbacks" }));
  const simulator = await startSupplierSimulator();
  const deps = {
    ...base,
    ssm: new SSMClient(settings),
    secretsPrefix: "/vouchsafe/local/suppliers/",
    sfn: new SFNClient(settings),
    sqs: meter.watch(new SQSClient(settings)),
    callbackQueueUrl: QueueUrl,
    syncQueueUrl: QueueUrl,
    sealBody: sealer({ kms: base.kms, keyId: base.personalKey, context: { purpose: "callback" } }),
  };
  const { url: baseUrl, apiKey, webhookSecret } = simulator;
  const supplier = {
    name: "Bench supplier",
    protocol: "vouchsafe",
    baseUrl,
    credentials: { apiKey, webhookSecret },
    timeoutMs: 8000,
    answerWithinSeconds: 600,
    unknownSeconds: 600,
  } as const;
  const supplierId = valueOf(await createSupplier(deps, supplier, newId("req"))).id;
  const price = { amount: PRICE, currency: "CNY" };
  const sources = [{ supplierId, supplierProductId: SUPPLIER_PRODUCT, unguarded: true }];
  const product = valueOf(await createProduct(deps, { kind, name: "Bench goods", price, sources }, newId("req")));
  const channel = valueOf(await createChannel(deps, { name: "Bench shop" }, newId("req"), new Date()));
  await deposit(deps, channel.id, { amount: 1_000_000, currency: "CNY" }, "bench", new Date());

  /** The request of an order, and the booking of its money. Gives its id. */
  async function place(recipient: Goods["recipient"]): Promise<string> {
    await authenticate(deps, channel.apiKey ?? "");
    const line = { productId: product.id, quantity: 1, ...(recipient === undefined ? {} : { recipient }) };
    const request = { lines: [line], payment: { method: "balance" as const } };
    const { id } = valueOf(await placeOrder(deps, channel.id, newId("req"), request, {}));
    // Which the stream tells whoever books it.
    const placed = await readOrder(unmetered, id);
    if (placed !== undefined) await settleOrders(deps, [placed]);
    return id;
  }
  const close = async (): Promise<void> => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await simulator.stop();
  };
  return { deps, meter, simulator, supplierId, apiKey: channel.apiKey ?? "", place, close };
}

export type Bench = Awaited<ReturnType<typeof openBench>>;

/** What one order takes, from its request to its end as `finish` plays it, where products and data keys are known already. */
export async function metered(
  own: OwnTables,
  goods: Goods,
  finish: (bench: Bench, orderId: string) => Promise<void>,
): Promise<{ calls: number; usage: Usage }> {
  const bench = await openBench(own, goods);
  const buy = async () => finish(bench, await bench.place(goods.recipient));
  try {
    await buy();
    bench.meter.take();
    await buy();
    const calls = bench.meter.take();
    return { calls: calls.length, usage: together(...calls.map((call) => call.usage)) };
  } finally {
    await bench.close();
  }
}

/** Counted in the history of an order that ran on the deployed stack. */
export async function workflowOf(
  stack: LocalStack,
  { kind, recipient }: Goods,
): Promise<{ transitions: number; tasks: number }> {
  const shop = await openShop(1_000_000, stack);
  const { productId, simulator } = await openTopups(stack, { answerWithinSeconds: 600 }, PRICE, { kind });
  try {
    const line = { productId, quantity: 1, ...(recipient === undefined ? {} : { recipient }) };
    const placed = await order(shop, [line]);
    await orderIn(shop, placed.body.id, "fulfilled", 60_000);
    const history = await eventually(async () => {
      const events = await historyOf(stack, `${placed.body.id}-1`);
      return events.some(({ type }) => type === "ExecutionSucceeded") ? events : undefined;
    }, "the workflow has ended");
    const entered = history.filter(({ type }) => type?.endsWith("StateEntered"));
    return {
      transitions: entered.length,
      tasks: entered.filter(({ type }) => type === "TaskStateEntered").length,
    };
  } finally {
    await simulator.stop();
  }
}
