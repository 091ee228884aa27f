import { randomBytes } from "node:crypto";
import { SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, DeleteQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { credentials } from "../../infra/local/deploy.ts";
import type { LocalStack } from "../../infra/local/stack-file.ts";
import { createProduct } from "../../shared/catalog/products.ts";
import { authenticate, createChannel } from "../../shared/channels/keys.ts";
import { placeLine } from "../../shared/fulfilment/place-line.ts";
import { processCallback } from "../../shared/fulfilment/process-callback.ts";
import { awaitWakeUp } from "../../shared/fulfilment/wake-up.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { deposit } from "../../shared/ledger/accounts.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { sealer } from "../../shared/secrecy/sealer.ts";
import { receiveCallback } from "../../shared/suppliers/callbacks.ts";
import { createSupplier } from "../../shared/suppliers/settings.ts";
import { domain } from "../support/domain.ts";
import { historyOf } from "../support/executions.ts";
import type { OwnTables } from "../support/own-tables.ts";
import { eventually, openShop, order, orderIn } from "../support/shop.ts";
import { orderUpdated, sign } from "../support/supplier-callbacks.ts";
import { magicAccount, startSupplierSimulator } from "../support/supplier-simulator.ts";
import { openTopups } from "../support/topups.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { ASSUMED, lambda, together, type Usage, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";

/** A top-up that its supplier accepts and reports done by callback: its workflow, and everything else it takes of AWS. */
export async function topupOrder(stack: LocalStack, own: OwnTables): Promise<Figures> {
  const { transitions, tasks } = await workflowOf(stack);
  const measured = await measure(own);
  const usage = together(
    measured,
    { transition: transitions, httpRequest: 2 },
    // Sent, received and deleted: the callback's message by the metered code sends one, the queues' consumers do the rest.
    { sqs: 2 },
    // The watch: armed once, looked at once, and not armed again.
    { sqs: 3 },
    lambda(1, 1024, ASSUMED.saleSeconds),
    lambda(tasks - 1, 512, ASSUMED.stepSeconds),
    lambda(1, 512, ASSUMED.supplierSeconds),
    // The door for the callback, its processing (which asks the supplier), and the watch.
    lambda(2, 512, ASSUMED.stepSeconds),
    lambda(1, 512, ASSUMED.supplierSeconds),
    // Two functions follow the orders; five changes come in about three batches.
    lambda((2 * 3) / ASSUMED.ordersPerBatch, 512, ASSUMED.stepSeconds),
  );
  return {
    "order.topup.transitions": figure(transitions, "state transitions per order", 0),
    "order.topup.wcu": figure(measured.wcu ?? 0, "write units per order"),
    "order.topup.rcu": figure(measured.rcu ?? 0, "read units per order"),
    "order.topup.transitions_usd_per_million": figure(usdPerMillion({ transition: transitions }), "USD"),
    "order.topup.usd_per_million": figure(usdPerMillion(usage), "USD"),
    ...(await manyAtOnce(stack)),
  };
}

const AT_ONCE = 100;

/** A hundred top-ups of one product, ordered together: how long until all are delivered, and how many steps had to be repeated. */
async function manyAtOnce(stack: LocalStack): Promise<Figures> {
  const shop = await openShop(AT_ONCE * 4950, stack);
  const { productId, simulator } = await openTopups(stack, { answerWithinSeconds: 600 });
  try {
    const recipient = { account: magicAccount("callbackAfter", 300) };
    const started = performance.now();
    const placed = await Promise.all(
      Array.from({ length: AT_ONCE }, () => order(shop, [{ productId, quantity: 1, recipient }])),
    );
    await Promise.all(placed.map(({ body }) => orderIn(shop, body.id, "fulfilled", 300_000)));
    const seconds = (performance.now() - started) / 1000;
    const deliveries = simulator.orders().reduce((sum, one) => sum + one.deliveries, 0);
    if (deliveries !== AT_ONCE) throw new Error(`${deliveries} deliveries for ${AT_ONCE} top-ups`);
    const histories = await Promise.all(placed.map(({ body }) => historyOf(stack, `${body.id}-1`)));
    // The end of a wait is told as a failure too, and is none.
    const failures = histories.flat().flatMap(({ taskFailedEventDetails: failure }) => failure?.error ?? []);
    const failed = failures.filter((error) => error !== "States.Timeout").length;
    return {
      "order.topup.100_at_once_seconds": figure(seconds, "seconds until all are delivered, on this machine", 1),
      "order.topup.100_at_once_failed_steps": figure(failed, "steps that had to be tried again", 0),
    };
  } finally {
    await simulator.stop();
  }
}

/** Counted in the history of one that ran on the deployed stack. */
async function workflowOf(stack: LocalStack): Promise<{ transitions: number; tasks: number }> {
  const shop = await openShop(1_000_000, stack);
  const { productId, simulator } = await openTopups(stack, { answerWithinSeconds: 600 });
  try {
    const recipient = { account: magicAccount("callbackAfter", 300) };
    const placed = await order(shop, [{ productId, quantity: 1, recipient }]);
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

/** The same steps by hand, in tables that nobody else works on, with every call metered. */
async function measure(own: OwnTables): Promise<Usage> {
  const { stack } = own;
  const meter = new Meter();
  const settings = { endpoint: stack.awsEndpoint, region: stack.region, credentials };
  const base = domain(meter as never, { stack });
  const ssm = new SSMClient(settings);
  const secretsPrefix = "/vouchsafe/local/suppliers/";
  const simulator = await startSupplierSimulator();
  const plainSqs = new SQSClient(settings);
  const { QueueUrl = "" } = await plainSqs.send(new CreateQueueCommand({ QueueName: "bench-callbacks" }));
  const deps = {
    ...base,
    ssm,
    secretsPrefix,
    sfn: new SFNClient(settings),
    sqs: meter.watch(new SQSClient(settings)),
    callbackQueueUrl: QueueUrl,
    syncQueueUrl: QueueUrl,
    sealBody: sealer({ kms: base.kms, keyId: base.personalKey, context: { purpose: "callback" } }),
  };
  try {
    const { url: baseUrl, apiKey, webhookSecret } = simulator;
    const supplier = await createSupplier(
      deps,
      {
        name: "Bench supplier",
        protocol: "vouchsafe",
        baseUrl,
        credentials: { apiKey, webhookSecret },
        timeoutMs: 8000,
        answerWithinSeconds: 600,
        unknownSeconds: 600,
      },
      newId("req"),
    );
    const supplierId = valueOf(supplier).id;
    const product = await createProduct(
      deps,
      {
        kind: "topup",
        name: "Bench top-up",
        price: { amount: 4950, currency: "CNY" },
        sources: [{ supplierId, supplierProductId: "prod_phone_50" }],
      },
      newId("req"),
    );
    const productId = valueOf(product).id;
    const channel = valueOf(await createChannel(deps, { name: "Bench shop" }, newId("req"), new Date()));
    await deposit(deps, channel.id, { amount: 1_000_000, currency: "CNY" }, "bench", new Date());

    const buy = async (): Promise<void> => {
      await authenticate(deps, channel.apiKey ?? "");
      const recipient = { account: magicAccount("doneWithoutCallback", 0) };
      const request = { lines: [{ productId, quantity: 1, recipient }], payment: { method: "balance" as const } };
      const { id } = valueOf(await placeOrder(deps, channel.id, newId("req"), request, {}));
      const settleNow = async (): Promise<void> => {
        const placed = await readOrder(base, id);
        if (placed !== undefined) await settleOrders(deps, [placed]);
      };
      await settleNow();
      await placeLine(deps, id);
      await awaitWakeUp(deps, id, `bench-${randomBytes(8).toString("hex")}`, "supplier");
      const theirs = await eventually(async () => {
        const found = simulator.orders().find(({ reference }) => reference.startsWith(id));
        return found?.state === "fulfilled" ? found : undefined;
      }, "the supplier has delivered");
      const { body, headers } = sign(orderUpdated(theirs), webhookSecret);
      await receiveCallback(deps, supplierId, body, headers);
      const eventId = headers["webhook-id"] ?? "";
      if ((await processCallback(deps, supplierId, eventId)) !== "resolved")
        throw new Error("the callback did nothing");
      // The watch's one look.
      await readOrder(deps, id);
    };
    await buy(); // knows the product and has its data keys
    meter.take();
    await buy();
    const { kms: _coldKeys, ...usage } = together(...meter.take().map((call) => call.usage));
    return usage;
  } finally {
    await plainSqs.send(new DeleteQueueCommand({ QueueUrl }));
    await simulator.stop();
  }
}
