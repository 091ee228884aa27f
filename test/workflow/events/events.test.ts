import { setTimeout as pause } from "node:timers/promises";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { readArchive } from "../../../shared/events/archive.ts";
import { emit } from "../../../shared/events/emit.ts";
import type { News, Told } from "../../../shared/events/event.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { type Heard, listen } from "../../support/events/events.ts";
import { eventually, order, orderIn, stockProduct } from "../../support/orders/shop.ts";
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

const settings = { endpoint: deployedStack().awsEndpoint, region: deployedStack().region, credentials };
const archiveOf = {
  s3: new S3Client({ ...settings, forcePathStyle: true }),
  eventArchive: deployedStack().eventArchive,
};

/** What the archive of the last minutes has about a subject, each event once. */
async function archived(subject: string): Promise<Told[]> {
  const now = Date.now();
  const [from, to] = [new Date(now - 600_000).toISOString(), new Date(now + 60_000).toISOString()];
  const events: Told[] = [];
  for (let after: string | undefined, isDone = false; !isDone; ) {
    const page = await readArchive(archiveOf, { from, to, ...(after === undefined ? {} : { after }) }, 100);
    events.push(
      ...page.flatMap(({ news }) => news.filter((one) => one.subject === subject)).flatMap((one) => one.events),
    );
    after = page.at(-1)?.name;
    isDone = page.length < 100;
  }
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

const typesOf = (told: Heard[]): string[] => told.map(({ type }) => type).toSorted();

describe("what happens to an order is told to whoever listens", () => {
  test("that it came before a person, what was decided, and that the money went back: by ids alone", async () => {
    const account = magicAccount("refused");
    const shop = await supplierShop();
    // A stream says of a record only in which second it was written.
    const begun = Math.floor(Date.now() / 1000) * 1000;
    const orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "review");
    const opened = (await listener.until(orderId, "order.review_opened")).find(({ type }) => /opened/.test(type));
    expect(opened).toMatchObject({ orderId, channelId: shop.channelId, reason: "sold_out", lineId: "1" });
    expect(Date.parse(opened?.at ?? "")).toBeGreaterThanOrEqual(begun);
    expect((await decide(shop, orderId, { action: "refund" })).status).toBe(200);
    const told = await listener.until(orderId, "order.refunded");
    expect(typesOf(told)).toEqual([
      "order.paid",
      "order.placed",
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

  test("an order tells its life in numbers without gaps, by a workflow and in the answer alike; and the archive has it", async () => {
    const shop = await supplierShop();
    const { productId } = await stockProduct(shop.stack, 1);
    const sold = await order(shop, [{ productId, quantity: 1 }]);
    expect(sold.body.state).toBe("fulfilled");
    const orderId = await topUp(shop, magicAccount("success"));
    for (const id of [sold.body.id, orderId]) {
      const told = (await listener.until(id, "order.fulfilled")).toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0));
      expect(told.map(({ type, number }) => [number, type])).toEqual([
        [1, "order.placed"],
        [2, "order.paid"],
        [3, "order.fulfilled"],
      ]);
      expect((await archived(id)).map(({ id: event }) => event)).toEqual(told.map(({ id: event }) => event));
    }
  });

  test("a consumer archives what others tell once and in order, however it comes: late, twice, with a poisoned one among it", async () => {
    const { eventBus: eventBusName } = deployedStack();
    const bus = { events: new EventBridgeClient(settings), eventBusName };
    const subject = newId("prod");
    const crossing = (number: number, type = "stock.low"): News => ({
      subject,
      first: number,
      events: [{ type, occasion: `${subject}#${number}`, at: new Date().toISOString(), facts: { productId: subject } }],
    });
    const news = [crossing(1), crossing(2), crossing(3)] as const;
    await emit(bus, { subject: newId("prod"), events: crossing(1, "stock.unheard_of").events, first: 1 });
    for (const one of [news[2], news[1], news[2]]) await emit(bus, one);
    // The first one is late: the others wait for it.
    await pause(3000);
    expect(await archived(subject)).toEqual([]);
    await emit(bus, news[0]);
    await emit(bus, news[0]);
    const found = await eventually(async () => {
      const now = await archived(subject);
      return now.length === 3 ? now : undefined;
    }, "three events in the archive");
    expect(found.map(({ number = 0 }) => number).toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });
});
