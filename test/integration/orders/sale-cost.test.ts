import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { authenticate, createChannel } from "../../../shared/channels/keys.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import { orderIdFor, orderKey } from "../../../shared/orders/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { ownTables } from "../../support/engine/own-tables.ts";
import {
  type Bill,
  billBySteps,
  billOf,
  bytesOf,
  type Metered,
  metered,
  perPiece,
} from "../../support/faults/meter.ts";
import { buy, giveMoney, settleMoney, stockedProduct } from "../../support/orders/market.ts";

/** As many orders as are booked in one write. */
const BATCH = 25;

const CONTACT = { email: "anna.lee@example.com", phone: "+8613800138000", locale: "zh-Hans-CN" };

test.each([
  ["for nobody in particular", {}, { first: 8, average: 9, bytes: 1024, put: 2, kms: 2 }],
  // One unit for the index of buyers, one for the finish of an item that the sealed contact makes heavier than 1 KB, and one for each
  // note beside the order: of either address, and of the day on which they are erased.
  [
    "for a buyer with a contact",
    { buyer: "anna", contact: CONTACT },
    { first: 13, average: 14, bytes: 2048, put: 3, kms: 3 },
  ],
] as const)("a prepaid order of one code %s: %j costs at most %j", async (_whom, more, most) => {
  // No stream may book the money before the meter does.
  const { tables } = (await ownTables(deployedStack(), newId("evt").replaceAll("_", "-"))).stack;
  const quiet = { ...domain(), tables };
  const productId = await stockedProduct(quiet, BATCH + 1);
  const channel = await createChannel(quiet, { name: "Test shop" }, newId("req"), new Date());
  if (!channel.ok) throw new Error(channel.detail);
  const { id: channelId, apiKey = "" } = channel.value;
  await giveMoney(quiet, channelId, 100_000);

  const deps = { ...domain(), tables };
  const calls = metered(deps);
  const sell = async (key: string): Promise<Metered[]> => {
    await authenticate(deps, apiKey);
    const bought = await buy(deps, channelId, key, [{ productId, quantity: 1 }], "reveal", placeOrder, more);
    expect(bought).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
    return calls.splice(0);
  };
  // The first sale of a process reads what the next ones know.
  const cold = billOf(await sell("cold"));
  await settleMoney(quiet, orderIdFor(channelId, "cold"));

  const sales: Metered[][] = [];
  const orderIds = Array.from({ length: BATCH }, (_, index) => orderIdFor(channelId, `order ${index}`));
  for (let index = 0; index < BATCH; index++) sales.push(await sell(`order ${index}`));
  // The stream brings the orders along, so reading them here is not part of the bill.
  await settleMoney(deps, ...orderIds);
  const booking = calls
    .filter(({ step }) => step !== "read orders")
    .map((call) => ({ ...call, step: `${call.step} (batch)` }));

  // What is pending makes the account's item heavier: the last of the batch pays for all those before it.
  const first = sum(billOf(sales[0] ?? []), perPiece(billOf(booking), BATCH));
  const average = perPiece(billOf([...sales.flat(), ...booking]), BATCH);
  console.table({
    ...billBySteps(sales[0] ?? []),
    ...billBySteps(booking, BATCH),
    "one order, all told": first,
    [`average, up to ${BATCH} pending`]: average,
    "the first of a process": cold,
  });

  const item = await quiet.db.send(new GetCommand({ TableName: tables.orders, Key: orderKey(orderIds[0] ?? "") }));
  const bytes = bytesOf(item.Item);
  console.info(`order item: ${bytes} bytes`);
  expect(bytes).toBeLessThan(most.bytes);
  expect(first.wcu).toBeLessThanOrEqual(most.first);
  expect(average.wcu).toBeLessThanOrEqual(most.average);
  expect(first.rcu).toBeLessThanOrEqual(4);
  // The data key of the codes, the key by which requests are recognised, and that of a contact.
  expect(cold.kms).toBe(most.kms);
  // The engine counts the write to the index that lists a channel's orders; an engine that does not would flatter us.
  const put = sales[0]?.find(({ step }) => step === "order and its index");
  expect(put?.wcu).toBe(most.put);
});

function sum(a: Bill, b: Bill): Bill {
  return { calls: a.calls + b.calls, wcu: a.wcu + b.wcu, rcu: a.rcu + b.rcu, kms: a.kms + b.kms };
}
