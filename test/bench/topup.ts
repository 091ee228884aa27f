import { randomBytes } from "node:crypto";
import type { LocalStack } from "../../infra/local/stack-file.ts";
import { placeLine } from "../../shared/fulfilment/place-line.ts";
import { processCallback } from "../../shared/fulfilment/process-callback.ts";
import { receiveCallback } from "../../shared/fulfilment/receive-callback.ts";
import { awaitWakeUp } from "../../shared/fulfilment/wake-up.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { readOrder } from "../../shared/orders/table.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { historyOf } from "../support/fulfilment/executions.ts";
import { eventually, openShop, order, orderIn } from "../support/orders/shop.ts";
import { orderUpdated, sign } from "../support/suppliers/supplier-callbacks.ts";
import { magicAccount } from "../support/suppliers/supplier-simulator.ts";
import { openTopups } from "../support/suppliers/topups.ts";
import { type Bench, metered, workflowOf } from "./bought-shop.ts";
import { ASSUMED, lambda, together, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";

/** A top-up that its supplier accepts and reports done by callback: its workflow, and everything else it takes of AWS. */
export async function topupOrder(stack: LocalStack, own: OwnTables): Promise<Figures> {
  const { transitions, tasks } = await workflowOf(stack, topup("callbackAfter", 300));
  const { usage } = await metered(own, topup("doneWithoutCallback"), deliver);
  const { kms: _coldKeys, ...measured } = usage;
  const all = together(
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
    "order.topup.usd_per_million": figure(usdPerMillion(all), "USD"),
    ...(await manyAtOnce(stack)),
  };
}

const topup = (...behaviour: Parameters<typeof magicAccount>) =>
  ({ kind: "topup", recipient: { account: magicAccount(...behaviour) } }) as const;

const AT_ONCE = 100;

/** A hundred top-ups of one product, ordered together: how long until all are delivered, and how many steps had to be repeated. */
async function manyAtOnce(stack: LocalStack): Promise<Figures> {
  const shop = await openShop(AT_ONCE * 4950, stack);
  const { productId, simulator } = await openTopups(stack, { answerWithinSeconds: 600 });
  try {
    const recipient = { account: magicAccount("callbackAfter", 300) };
    const started = performance.now();
    const placed = await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        const key = newId("req");
        // A machine with other things to do answers some of a hundred with 503: the same key asks again.
        return eventually(async () => {
          const answer = await order(shop, [{ productId, quantity: 1, recipient }], key);
          return answer.status < 500 ? answer : undefined;
        }, "an answer to each order");
      }),
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

/** The same steps by hand. */
async function deliver({ deps, simulator, supplierId }: Bench, orderId: string): Promise<void> {
  await placeLine(deps, orderId);
  await awaitWakeUp(deps, orderId, {
    token: `bench-${randomBytes(8).toString("hex")}`,
    waitingFor: "supplier",
    seconds: 60,
  });
  const theirs = await eventually(async () => {
    const found = simulator.orders().find(({ reference }) => reference.startsWith(orderId));
    return found?.state === "fulfilled" ? found : undefined;
  }, "the supplier has delivered");
  const { body, headers } = sign(orderUpdated(theirs), simulator.webhookSecret);
  await receiveCallback(deps, supplierId, body, headers);
  const eventId = headers["webhook-id"] ?? "";
  if ((await processCallback(deps, supplierId, eventId)) !== "resolved") throw new Error("the callback did nothing");
  // The watch's one look.
  await readOrder(deps, orderId);
}
