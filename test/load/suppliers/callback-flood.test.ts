import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { inParallel } from "../../../shared/kernel/in-parallel.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { logLines } from "../../support/engine/logs.ts";
import { violations } from "../../support/orders/invariants.ts";
import { order, payIn, untilNoneLeft } from "../../support/orders/shop.ts";
import { type Random, seeded } from "../../support/random.ts";
import { sized } from "../../support/size.ts";
import { type Callback, newWebhookSecret, orderUpdated, sign } from "../../support/suppliers/supplier-callbacks.ts";
import { type Behaviour, magicAccount } from "../../support/suppliers/supplier-magic.ts";
import { closeSuppliers, patient, supplierShop, TOPUP_PRICE } from "../../support/suppliers/supplier-shop.ts";

// Ten callbacks to each order, in any order, before it, during it and after it: true ones twice, old ones again, lies that are
// signed, lies that are not, and news of orders that nobody has. Through the front door of the deployed stack.

const ORDERS = sized("callbackFloodOrders");
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
const AT_ONCE = 8;

afterAll(closeSuppliers);

/**
 * A callback, signed when it is sent, for a signature is good for five minutes; and what it must be answered with: a repeat is as
 * good as the first, a forgery is refused.
 */
type Sent = { callback: () => Callback; status: 200 | 401 };

const MOODS: readonly [[Behaviour, number], ...[Behaviour, number][]] = [
  ["success", 0],
  ["callbackAfter", 50],
  ["callbackTwice", 50],
  ["callbackFirst", 30],
  ["errorButDone", 0],
];

/** Ten callbacks about one order, in the order that they would come in if nothing went wrong. */
function callbacksAbout(reference: string, secret: string): Sent[] {
  const news = (state: string) => orderUpdated({ id: `ord_${randomBytes(8).toString("hex")}`, reference, state });
  const [working, done, lie] = [news("fulfilling"), news("fulfilled"), news("refunded")];
  const longAgo = (): Date => new Date(Date.now() - 3_600_000);
  const nobodys = orderUpdated({ id: "ord_nobodys", reference: `${newId("ord")}-1-1-1`, state: "fulfilled" });
  const good = (event: typeof done): Sent => ({ callback: () => sign(event, secret), status: 200 });
  return [
    good(working), // often before the order is there
    good(done),
    good(done), // the same event again
    good(done),
    good(lie), // signed, and not true
    good(nobodys),
    { callback: () => sign(done, newWebhookSecret()), status: 401 },
    { callback: () => sign(lie, newWebhookSecret()), status: 401 },
    { callback: () => sign(working, secret, longAgo()), status: 401 }, // replayed
    { callback: () => ({ ...sign(done, secret), body: lie.body }), status: 401 }, // changed on its way
  ];
}

function shuffled<T>(things: readonly T[], random: Random): T[] {
  const all = [...things];
  for (let at = all.length - 1; at > 0; at--) {
    const other = random.below(at + 1);
    [all[at], all[other]] = [all[other] as T, all[at] as T];
  }
  return all;
}

test(`${ORDERS * 10} callbacks, true, false, early, late and again, among ${ORDERS} orders: each is delivered once`, async () => {
  const stack = deployedStack();
  const deps = domain();
  const shop = await supplierShop(patient);
  await payIn(shop, ORDERS * TOPUP_PRICE);
  const random = seeded(SEED, "flood");
  const url = `${stack.apiUrl}/v1/suppliers/${shop.supplierId}/callbacks`;
  const secret = shop.supplier.webhookSecret;
  let throttled = 0;
  /**
   * Repeats a call that was throttled: no function of ours has seen it. The account runs a number of functions at once, and the
   * workflow of a thousand orders uses that up. Every caller is told to repeat such a call, and is not served otherwise.
   */
  const untilSeen = async <T extends { status: number }>(call: () => Promise<T>): Promise<T> => {
    for (;;) {
      const answer = await call();
      if (answer.status !== 429) return answer;
      throttled++;
      await sleep(1000);
    }
  };
  const post = async (callback: () => Callback): Promise<number> => {
    const answer = await untilSeen(() => fetch(url, { method: "POST", ...callback() }));
    await answer.body?.cancel();
    return answer.status;
  };
  const keys = Array.from({ length: ORDERS }, (_, number) => `flood ${SEED} ${number}`);
  const orders = keys.map((key) => orderIdFor(shop.channelId, key));
  const answers = new Map<string, number>();
  const wrong: string[] = [];

  const placing = keys.map((key, number) => async (): Promise<void> => {
    const recipient = { account: magicAccount(...random.pick(MOODS)) };
    const lines = [{ productId: shop.productId, quantity: 1, recipient }];
    const placed = await untilSeen(() => order(shop, lines, key));
    if (placed.status !== 201 || placed.body.id !== orders[number]) wrong.push(`order ${number}: ${placed.text}`);
  });
  const calling = orders
    .flatMap((orderId) => callbacksAbout(`${orderId}-1-1-1`, secret))
    .map(({ callback, status }) => async (): Promise<void> => {
      const answer = await post(callback);
      answers.set(String(answer), (answers.get(String(answer)) ?? 0) + 1);
      if (answer !== status) wrong.push(`${answer} instead of ${status}`);
    });
  await inParallel(AT_ONCE, shuffled([...placing, ...calling], random), (call) => call());
  expect(wrong, `SEED=${SEED}`).toEqual([]);

  const open = new Set(orders);
  await untilNoneLeft(async () => {
    const looked = await inParallel(AT_ONCE, [...open], (orderId) => readOrder(deps, orderId));
    for (const one of looked) if (one?.state === "fulfilled") open.delete(one.id);
    return open.size;
  }, `orders to be delivered (SEED=${SEED})`);
  // What is still in the queue is about orders that are done.
  const deliveries = Map.groupBy(shop.supplier.orders(), ({ reference }) => reference);
  const counts = orders.map((orderId) => deliveries.get(`${orderId}-1-1-1`)?.map(({ deliveries: times }) => times));
  expect(counts, `SEED=${SEED}`).toEqual(orders.map(() => [1]));
  await untilNoneLeft(
    async () => (await violations(deps, { products: [], channels: [shop.channelId], orders })).length,
    `money to be booked (SEED=${SEED})`,
  );
  // The local engine hands on a line that came late with the next call of the same process: so all of them get one.
  const repeat = () =>
    sign(orderUpdated({ id: "ord_again", reference: `${orders[0]}-1-1-1`, state: "fulfilled" }), secret);
  await Promise.all(Array.from({ length: 4 * AT_ONCE }, () => post(repeat)));
  const lines = await logLines(stack, "receive-callback", shop.supplierId);
  const forgeries = lines.filter((line) => line.includes("callback_refused")).length;
  expect([answers.get("200"), answers.get("401"), forgeries]).toEqual([6 * ORDERS, 4 * ORDERS, 4 * ORDERS]);
  const summary = [...answers].map(([status, times]) => `${times} × ${status}`).join(", ");
  process.stdout.write(
    `callbacks: seed ${SEED}, ${ORDERS} orders for ${ORDERS * TOPUP_PRICE}, ${summary}, ${forgeries} forgeries counted, throttled ${throttled} times\n`,
  );
});
