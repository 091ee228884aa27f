import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, describe, expect, test } from "vitest";
import { unseal, unwrap } from "../../../shared/secrecy/envelope.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { logLines } from "../../support/engine/logs.ts";
import { eventually, type Json, orderIn } from "../../support/orders/shop.ts";
import { deadCallback, impatiently } from "../../support/suppliers/callback-queue.ts";
import { newWebhookSecret, orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";
import { magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, type SupplierShop, supplierShop } from "../../support/suppliers/supplier-shop.ts";
import {
  deliveriesFor,
  expectTopUp,
  inspect,
  processed,
  replayed,
  topUp,
} from "../../support/suppliers/topup-orders.ts";

afterAll(closeSuppliers);

const WAITING = magicAccount("neverDone");

/** An order that waits for its supplier's callback, and what its supplier would say of it. */
async function waiting() {
  const shop = await supplierShop(patient);
  const orderId = await topUp(shop, WAITING);
  const [theirs] = await eventually(async () => {
    const { order } = await inspect(shop, orderId);
    return order.lines[0]?.state === "accepted" ? shop.supplier.orders() : undefined;
  }, "the supplier has accepted");
  return { shop, orderId, news: { id: theirs?.id ?? "", reference: `${orderId}-1-1-1`, state: "fulfilled" } };
}

type Sent = { body: string; headers: Record<string, string> };

async function callBack(shop: SupplierShop, { body, headers }: Sent, supplierId = shop.supplierId) {
  const url = `${shop.stack.apiUrl}/v1/suppliers/${supplierId}/callbacks`;
  const answer = await fetch(url, { method: "POST", body, headers });
  const { code } = (await answer.json()) as { code?: string };
  return { status: answer.status, code };
}

/** An order without what its own questions to the supplier change. */
const withoutQuestions = ({ version: _steps, lines, ...order }: Json): Json => ({
  ...order,
  lines: (lines as Json[]).map(({ attempt: { asked: _times, nextAskAt: _next, ...attempt }, ...line }: Json) => ({
    ...line,
    attempt,
  })),
});

/**
 * Whatever came: the order is as it was, and nothing was taken for news. Ten seconds after it was accepted the order's own
 * question is due, so a slow machine may have seen that one.
 */
async function expectNothingMoved(shop: SupplierShop, orderId: string, come: () => Promise<void>): Promise<void> {
  const before = await inspect(shop, orderId);
  await come();
  const after = await inspect(shop, orderId);
  expect(withoutQuestions(after.order)).toEqual(withoutQuestions(before.order));
  const { place, query } = shop.supplier.requests();
  expect(place).toBe(1);
  expect(query).toBeLessThanOrEqual(1);
  expect(deliveriesFor(shop, orderId)).toBe(0);
}

describe.concurrent("at the door", () => {
  test("a forged callback is refused and counted, and changes nothing (a forged callback is believed)", async () => {
    const { shop, orderId, news } = await waiting();
    await expectNothingMoved(shop, orderId, async () => {
      const forged = sign(orderUpdated(news), newWebhookSecret());
      expect(await callBack(shop, forged)).toEqual({ status: 401, code: "forged_callback" });
      expect(await shop.supplier.forge(news.reference, "refunded")).toBe(401);
    });
    const lines = await eventually(async () => {
      const found = await logLines(shop.stack, "receive-callback", shop.supplierId);
      return found.filter((line) => line.includes('"forged"')).length === 2 ? found : undefined;
    }, "both are in the log");
    expect(lines.every((line) => !line.includes(news.reference))).toBe(true);
    expect((await logLines(shop.stack, "receive-callback", "CallbackForged")).length).toBeGreaterThanOrEqual(2);
  });

  test("one that is too old or from the future is refused", async () => {
    const { shop, orderId, news } = await waiting();
    await expectNothingMoved(shop, orderId, async () => {
      for (const minutes of [-6, 6]) {
        const at = new Date(Date.now() + minutes * 60_000);
        const stale = sign(orderUpdated(news), shop.supplier.webhookSecret, at);
        expect(await callBack(shop, stale)).toEqual({ status: 401, code: "forged_callback" });
      }
    });
  });

  test("one whose body, id or time was changed after it was signed is refused", async () => {
    const { shop, orderId, news } = await waiting();
    const { body, headers } = sign(orderUpdated(news), shop.supplier.webhookSecret);
    const changed: Sent[] = [
      { body: `${body} `, headers },
      { body, headers: { ...headers, "webhook-id": "msg_another" } },
      { body, headers: { ...headers, "webhook-timestamp": String(Number(headers["webhook-timestamp"]) + 1) } },
    ];
    await expectNothingMoved(shop, orderId, async () => {
      for (const sent of changed) expect((await callBack(shop, sent)).status).toBe(401);
    });
  });

  test("one that is malformed is refused, signed or not, and never an error of ours", async () => {
    const { shop, orderId, news } = await waiting();
    const signed = (body: string): Sent => sign({ id: "msg_malformed", body }, shop.supplier.webhookSecret);
    const { "webhook-signature": _signature, ...unsigned } = sign(orderUpdated(news), newWebhookSecret()).headers;
    const malformed: Sent[] = [
      { body: "", headers: {} },
      { body: orderUpdated(news).body, headers: unsigned },
      ...["", "{", "null", "[]", '"text"', "{}", '{"type":1}', '{"type":"order.updated"}'].map(signed),
      signed(JSON.stringify({ type: "order.updated", data: { id: "../../etc", reference: news.reference } })),
      signed(JSON.stringify({ type: "order.updated", data: { id: news.id, reference: { $gt: "" } } })),
    ];
    await expectNothingMoved(shop, orderId, async () => {
      for (const sent of malformed)
        expect(await callBack(shop, sent)).toEqual({ status: 401, code: "forged_callback" });
    });
  });

  test("one of 300 KB is refused before anybody reads it", async () => {
    const { shop, orderId, news } = await waiting();
    const { id, body } = orderUpdated(news);
    const huge = sign({ id, body: body.padEnd(300_000) }, shop.supplier.webhookSecret);
    await expectNothingMoved(shop, orderId, async () => {
      expect(await callBack(shop, huge)).toEqual({ status: 413, code: "body_too_large" });
    });
  });

  test("one for a supplier that we don't know is not found", async () => {
    const { shop, orderId, news } = await waiting();
    const sent = sign(orderUpdated(news), shop.supplier.webhookSecret);
    await expectNothingMoved(shop, orderId, async () => {
      for (const unknown of ["sup_00000000000000000000000000", "x", "%2e%2e"])
        expect(await callBack(shop, sent, unknown)).toEqual({ status: 404, code: "not_found" });
    });
  });

  test("the body of one that is true is kept sealed: in the table there is no plain text of it", async () => {
    const { shop, news } = await waiting();
    const mark = "KEPT-AS-EVIDENCE-1234567890";
    const event = orderUpdated(news);
    const body = JSON.stringify({ ...(JSON.parse(event.body) as object), code: mark });
    expect((await callBack(shop, sign({ ...event, body }, shop.supplier.webhookSecret))).status).toBe(200);
    const { db, tables, kms, personalKey } = domain();
    const Key = { pk: `callback#${shop.supplierId}#${event.id}`, sk: "callback" };
    const { Item = {} } = await db.send(new GetCommand({ TableName: tables.operations, Key }));
    const bytes = Object.values(Item).map((value) => (value instanceof Uint8Array ? Buffer.from(value) : `${value}`));
    for (const text of [mark, Buffer.from(mark).toString("base64").slice(0, -4), "order.updated"])
      for (const value of bytes) expect(value.includes(text)).toBe(false);
    const key = await unwrap({ kms, keyId: personalKey, context: { purpose: "callback" } }, Item["dataKey"]);
    expect(unseal(key, Item["sealed"], `${shop.supplierId} ${event.id} callback`)).toBe(body);
  });
});

describe.concurrent("a true callback", () => {
  test("that is sent again byte for byte, before and after it took effect, takes effect once", async () => {
    const shop = await supplierShop(patient);
    const account = magicAccount("callbackAfter", 200);
    const orderId = await topUp(shop, account);
    await orderIn(shop, orderId, "fulfilled");
    await Promise.all([1, 2, 3, 4].map(() => replayed(shop, orderId)));
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    const { place, query } = shop.supplier.requests();
    expect(place).toBe(1);
    // A copy that comes before the first is marked as processed asks once more: has the supplier taken it back?
    expect(query).toBeGreaterThanOrEqual(1);
    expect(query).toBeLessThanOrEqual(5);
  });

  test("that comes ten times at once takes effect once (one payment notified twice delivers several cards)", async () => {
    const shop = await supplierShop(patient);
    const account = magicAccount("doneWithoutCallback", 0);
    const orderId = await topUp(shop, account);
    const [theirs] = await eventually(async () => {
      const orders = shop.supplier.orders();
      return orders[0]?.state === "fulfilled" ? orders : undefined;
    }, "delivered");
    const news = { id: theirs?.id ?? "", reference: `${orderId}-1-1-1`, state: "fulfilled" };
    const event = orderUpdated(news);
    const sent = sign(event, shop.supplier.webhookSecret);
    const answers = await Promise.all(Array.from({ length: 10 }, () => callBack(shop, sent)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await processed(shop.supplierId, event.id)).toMatch(/^(resolved|nothing_due)$/);
    await expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
  });

  test("about something else is acknowledged, and that is all", async () => {
    const [{ shop, orderId, news }, other] = await Promise.all([waiting(), waiting()]);
    const about = (data: object, type = "order.updated") => ({
      id: `msg_${crypto.randomUUID()}`,
      body: JSON.stringify({ type, timestamp: new Date(), data }),
    });
    const unrelated = [
      about({ id: news.id, reference: "ord_00000000000000000000000000-1-1-1" }),
      about({ id: news.id, reference: "not-one-of-ours" }),
      about({ id: news.id, reference: `${orderId}-1-1-2` }), // an attempt that nobody has made
      about({ id: news.id, reference: `${orderId}-2-1-1` }),
      about({ id: news.id, reference: orderId }),
      about({ id: news.id }),
      about({ id: news.id, reference: null }),
      about({ amount: 1 }, "balance.low"),
      about({ ...other.news }), // (a callback is applied to the wrong order)
    ];
    await expectNothingMoved(other.shop, other.orderId, () =>
      expectNothingMoved(shop, orderId, async () => {
        const fates = unrelated.map(async (event) => {
          expect((await callBack(shop, sign(event, shop.supplier.webhookSecret))).status).toBe(200);
          return processed(shop.supplierId, event.id);
        });
        expect(new Set(await Promise.all(fates))).toEqual(new Set(["unrelated"]));
      }),
    );
  });
});

describe("a callback that can't be processed yet", () => {
  /** Delivered, but whoever asks the supplier is told that it is down. */
  async function deliveredUnseen(isDown: (earlier: number) => boolean) {
    const shop = await supplierShop(patient);
    shop.gate.trouble(({ kind }, earlier) => (kind === "query" && isDown(earlier) ? "down" : undefined));
    const account = magicAccount("doneWithoutCallback", 0);
    const orderId = await topUp(shop, account);
    const id = await eventually(async () => shop.supplier.orders()[0]?.id, "the supplier has the order");
    const event = orderUpdated({ id, reference: `${orderId}-1-1-1`, state: "fulfilled" });
    const send = async () => expect((await callBack(shop, sign(event, shop.supplier.webhookSecret))).status).toBe(200);
    await send();
    const expectDelivered = () => expectTopUp(shop, orderId, account, { state: "fulfilled", deliveries: 1 });
    return { shop, event, send, expectDelivered };
  }

  test("is tried again by its queue, and ends among the dead letters if that never helps; its repeat still does", async () => {
    await impatiently(deployedStack(), async () => {
      const [retried, hopeless] = await Promise.all([
        deliveredUnseen((earlier) => earlier === 0),
        deliveredUnseen(() => true),
      ]);
      expect(await processed(retried.shop.supplierId, retried.event.id)).toMatch(
        /^(resolved|nothing_due|in_progress)$/,
      );
      await retried.expectDelivered();
      const message = { supplierId: hopeless.shop.supplierId, eventId: hopeless.event.id };
      expect(await deadCallback(hopeless.shop.stack, hopeless.event.id)).toEqual(message);
      hopeless.shop.gate.trouble(() => undefined);
      await hopeless.send();
      expect(await processed(hopeless.shop.supplierId, hopeless.event.id)).toMatch(
        /^(resolved|nothing_due|in_progress)$/,
      );
      await hopeless.expectDelivered();
    });
  });
});
