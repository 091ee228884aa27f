import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import type { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, describe, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { noteFailure } from "../../../shared/dead-letters/failures.ts";
import type { Letter } from "../../../shared/dead-letters/letter.ts";
import { replayDeadLetters } from "../../../shared/dead-letters/replay.ts";
import type { News } from "../../../shared/events/event.ts";
import { receiveCallback } from "../../../shared/fulfilment/receive-callback.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readOrder } from "../../../shared/orders/table.ts";
import { readLog } from "../../../shared/restore/sales-log.ts";
import { sealer } from "../../../shared/secrecy/sealer.ts";
import {
  deadLetter,
  dyingAtDeletes,
  hidingFor,
  lettersIn,
  QUEUE_PREFIX,
  queueClient,
  send,
  sendDead,
} from "../../support/dead-letters/dead-letters.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { ownTables } from "../../support/engine/own-tables.ts";
import { listen } from "../../support/events/events.ts";
import { runIn } from "../../support/fulfilment/executions.ts";
import { terminal } from "../../support/ops/ops.ts";
import { readEntries } from "../../support/orders/books.ts";
import { buy, openMarket } from "../../support/orders/market.ts";
import { eventually, type Json } from "../../support/orders/shop.ts";
import { resultsIn } from "../../support/orders/shown.ts";
import { sign } from "../../support/suppliers/supplier-callbacks.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import { deliveriesFor, expectTopUp, newsOf, topUp } from "../../support/suppliers/topup-orders.ts";

const stack = deployedStack();
const { json } = terminal(stack);

afterAll(closeSuppliers);

/** As Lambda says that it has given up on a record of the stream. */
const givenUp = (sequence: string) => ({
  requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 11 },
  version: "1.0",
  DDBStreamBatchInfo: {
    shardId: "shardId-1",
    startSequenceNumber: sequence,
    endSequenceNumber: sequence,
    batchSize: 1,
  },
});

const resultOf = (value: Json, id: string): string | undefined => resultsIn(value).find((one) => one.id === id)?.result;

describe("dead letters have a reason, and one command replays them:", () => {
  test("a poisoned message ends there after its tries, and comes back when it is replayed and nothing has changed", async () => {
    const orderId = newId("ord");
    const isIt = ({ ids }: Letter): boolean => ids["orderId"] === orderId;
    await hidingFor(stack, "watch", 2, async () => {
      const poison = await send(stack, "watch", JSON.stringify({ orderId, looks: "many" }));
      expect(await deadLetter(stack, "watch", poison)).toMatchObject({
        reason: "ZodError",
        tries: 5,
        ids: { orderId },
      });
      const replay = await json("dead-letters", "replay", "--queue", "watch");
      expect([replay.code, resultOf(replay.value, poison)]).toEqual([0, "replayed"]);
      expect((await lettersIn(stack, "watch")).filter(isIt)).toEqual([]);
      const back = await eventually(async () => (await lettersIn(stack, "watch")).find(isIt), "the poison is back");
      expect(back).toMatchObject({ reason: "ZodError", tries: 5 });
    });
  });

  test("a callback that died is processed, and its order is delivered", async () => {
    const shop = await supplierShop(patient);
    const account = magicAccount("doneWithoutCallback");
    const orderId = await topUp(shop, account);
    await runIn(stack, `${orderId}-1`, "Wait for the supplier");
    await expect.poll(() => deliveriesFor(shop, orderId)).toBe(1);
    const { body, headers } = sign(newsOf(shop, orderId), shop.supplier.webhookSecret);
    expect(await receiveCallback(await intoDeadLetters(), shop.supplierId, body, headers)).toMatchObject({
      kind: "stored",
    });
    // Other tests read this queue too, and each reading hides its letters for a second.
    const mine = await eventually(
      async () => (await lettersIn(stack, "callbacks")).find(({ ids }) => ids["supplierId"] === shop.supplierId),
      "the letter is there",
    );
    expect(mine).toMatchObject({ reason: "unknown", ids: { eventId: expect.any(String) } });
    const result = await eventually(
      async () => resultOf((await json("dead-letters", "replay", "--queue", "callbacks")).value, mine.id),
      "the letter is among those replayed",
    );
    expect(result).toBe("replayed");
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
  });

  test("news of an order that start-fulfilment gave up: its watch looks at it, and what was to be told is told", async () => {
    const listener = await listen(stack);
    const shop = await supplierShop();
    const account = magicAccount("success");
    const orderId = await topUp(shop, account);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    const facts = { orderId, channelId: shop.channelId };
    const overdue = { type: "order.overdue", occasion: "test", at: new Date().toISOString(), facts };
    const told: News = { subject: orderId, events: [overdue] };
    const sequence = newId("evt");
    await noteFailure(domain(), "start-fulfilment", sequence, {
      error: "NotEmitted",
      about: { orderIds: [orderId], events: [told] },
    });
    const id = await sendDead(stack, "start-fulfilment", givenUp(sequence));
    expect(await deadLetter(stack, "start-fulfilment", id)).toMatchObject({ reason: "NotEmitted", ids: { orderId } });
    const replay = await json("dead-letters", "replay", "--queue", "start-fulfilment");
    expect(resultOf(replay.value, id)).toBe("replayed");
    await listener.until(orderId, "order.overdue");
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    await listener.close();
  });

  test("a letter that says nothing of its order stays for a person", async () => {
    const id = await sendDead(stack, "settle-money", givenUp(newId("evt")));
    const replay = await json("dead-letters", "replay", "--queue", "settle-money", "--max", "5");
    expect(resultOf(replay.value, id)).toBe("kept");
  });

  test("a failed run that nobody was told of comes before a person", async () => {
    const shop = await supplierShop(patient);
    const orderId = await topUp(shop, magicAccount("neverDone"));
    // Progress of the real run would take the review away: it waits for the supplier from here on.
    await eventually(
      async () => ((await readOrder(domain(), orderId))?.lines[0]?.state === "accepted" ? true : undefined),
      "the supplier has accepted",
    );
    const input = JSON.stringify({ orderId, run: 1 });
    const detail = { name: `${orderId}-1`, status: "FAILED", input };
    const id = await sendDead(stack, "note-failed-run", {
      requestContext: { condition: "RetriesExhausted" },
      requestPayload: { detail },
      responsePayload: { errorType: "TimeoutError" },
    });
    expect(await deadLetter(stack, "note-failed-run", id)).toMatchObject({ reason: "TimeoutError", ids: { orderId } });
    const replay = await json("dead-letters", "replay", "--queue", "note-failed-run");
    expect(resultOf(replay.value, id)).toBe("replayed");
    expect(await readOrder(domain(), orderId)).toMatchObject({ review: { reason: "workflow_failed" } });
  });

  test("money that settle-money gave up is booked; dead before the letter is deleted, it is booked once all the same", async () => {
    // Tables that no stream follows: nobody else books here.
    const own = await ownTables(stack, newId("evt").replaceAll("_", "-"));
    const deps = { ...domain(undefined, { stack: own.stack }), ...outlets(queueClient(stack)) };
    const { channelId, productId } = await openMarket(deps, { stock: 1, money: 100 });
    const bought = await buy(deps, channelId, "order", [{ productId, quantity: 1 }]);
    const orderId = bought.ok ? bought.value.order.id : bought.code;
    const booked = async () => (await readEntries(deps, channelId)).filter(({ name }) => name.startsWith("sale:"));
    expect(await booked()).toEqual([]);

    const sequence = newId("evt");
    await noteFailure(deps, "settle-money", sequence, { error: "ThrottlingException", about: { orderIds: [orderId] } });
    const id = await sendDead(stack, "settle-money", givenUp(sequence));
    const mortal = { ...deps, ...outlets(dyingAtDeletes(stack)) };
    for (const [replayer, result] of [
      [mortal, "failed"],
      [deps, "replayed"],
    ] as const) {
      const replayed = await replayDeadLetters(replayer, "settle-money", 10);
      expect(replayed.find((one) => one.id === id)?.result).toBe(result);
      expect(await booked()).toMatchObject([{ name: `sale:${orderId}@1`, legs: [{ amount: 100 }, { amount: -100 }] }]);
    }
    expect((await replayDeadLetters(deps, "settle-money", 10)).map((one) => one.id)).not.toContain(id);
    const logged = (await readLog(deps, "", 1000)).flatMap(({ entries }) => entries);
    expect(logged.map((entry) => entry.orderId)).toContain(orderId);
    await own.remove();
  });
});

/** What a replay sends to. */
function outlets(sqs: SQSClient) {
  const events = new EventBridgeClient({ endpoint: stack.awsEndpoint, region: stack.region, credentials });
  const queues = { queuePrefix: QUEUE_PREFIX, watchQueueUrl: stack.queues.watch };
  const s3 = new S3Client({ endpoint: stack.awsEndpoint, region: stack.region, credentials, forcePathStyle: true });
  return {
    sqs,
    events,
    eventBusName: stack.eventBus,
    ...queues,
    s3,
    salesLog: stack.salesLog,
    eventArchive: stack.eventArchive,
  };
}

/** Callbacks as they are received, but queued where only dead ones lie. */
async function intoDeadLetters() {
  const ground = domain();
  const settings = { endpoint: stack.awsEndpoint, region: stack.region, credentials };
  const sealBody = sealer({ kms: ground.kms, keyId: stack.keys.personal, context: { purpose: "callback" } });
  const ssm = new SSMClient(settings);
  const secretsPrefix = "/vouchsafe/local/suppliers/";
  return {
    ...ground,
    ssm,
    secretsPrefix,
    sealBody,
    sqs: queueClient(stack),
    callbackQueueUrl: stack.queues.callbackDeadLetters,
  };
}
