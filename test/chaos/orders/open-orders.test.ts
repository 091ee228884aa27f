import { expect, test } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { careForUnfinished } from "../../../shared/fulfilment/care.ts";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { beginWatch, type Look, watchOrder } from "../../../shared/fulfilment/watch.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { type Everything } from "../../support/engine/on-second-engine.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { before, fallAsleep } from "../../support/faults/meanwhile.ts";
import { giveMoney, putOnSale } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";

// An order that was put, and whose process died before it set any money aside. Nothing pending names it. It keeps what others want:
// codes that it holds, runs that were cut off for it, counters that it has raised. Its stream record is lost too, so only a
// schedule can find it.

const { ground } = await ownEverything();

const HOUR = 3600;
const at = (seconds: number): Everything["deps"] => ({
  ...ground.deps,
  clock: () => new Date(Date.now() + seconds * 1000),
});

type Shop = { productId: string; channelId: string };

async function openShop(stock: number, more: Partial<NewProduct> = {}): Promise<Shop> {
  const { deps } = ground;
  const product = { kind: "code", name: "T", price: { amount: 100, currency: "CNY" }, ...more } as const;
  const made = await createProduct(deps, product, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  await putOnSale(deps, made.value.id, makeCodes(stock));
  const channelId = newId("chan");
  await giveMoney(deps, channelId, 1_000_000);
  return { productId: made.value.id, channelId };
}

const asks = ({ productId }: Shop, quantity: number, method: "balance" | "deferred" = "balance"): NewOrder => ({
  lines: [{ productId, quantity }],
  payment: { method },
});

/** What all schedules do at that time; and what the watches do that they begin. */
async function runSchedules(seconds: number, { channelId, productId }: Shop): Promise<void> {
  const deps = at(seconds);
  const seen = ground.messages.length;
  await careForUnfinished(deps);
  await settleChannel(deps, channelId, deps.clock(), ({ id }) => beginWatch(deps, id, 0));
  await expireUnpaid(deps);
  await sweepProduct(deps, productId, deps.clock());
  const looks = ground.messages.slice(seen).filter(({ QueueUrl }) => QueueUrl === "watch");
  for (const { MessageBody } of looks) await watchOrder(deps, JSON.parse(MessageBody) as Look);
}

async function expectDelivered(shop: Shop, orderId: string, pieces: number): Promise<void> {
  expect(await stateOf(orderId)).not.toBe("open");
  while ((await planOrder(ground.deps, orderId)).step === "plan");
  expect(await readOrder(ground.deps, orderId)).toMatchObject({ state: "fulfilled" });
  expect(await countStock(ground.deps, shop.productId, new Date())).toMatchObject({ sold: pieces, held: 0 });
}

const stateOf = async (id: string): Promise<string | undefined> => (await readOrder(ground.deps, id))?.state;

test.each([
  ["at once", 0],
  ["when its watch has looked at it, which is in no hurry while nobody pays", 60],
])(
  "an order that holds codes, whose payment died %s, is found by a schedule within half an hour",
  async (_when, watched) => {
    const { deps } = ground;
    const shop = await openShop(5, { holdSeconds: HOUR });
    const placed = await placeOrder(deps, shop.channelId, "later", asks(shop, 5, "deferred"), {});
    if (!placed.ok) throw new Error(placed.detail);
    const { id } = placed.value;
    if (watched > 0) await watchOrder(at(watched), { orderId: id, looks: 0 }); // and its next message is lost
    await fallAsleep(deps, before.theDebit, (sleepy) => payOrder(sleepy, shop.channelId, id));
    expect(await stateOf(id)).toBe("open");
    for (let minutes = 1; minutes <= 30; minutes++) await runSchedules(minutes * 60, shop);
    await expectDelivered(shop, id, 5);
  },
);

test("a large order that died before the debit is found by a schedule", async () => {
  const shop = await openShop(LIMITS.codesPerOrder + 1);
  const request = asks(shop, LIMITS.codesPerOrder + 1);
  const place = (deps: Everything["deps"]) => placeOrder(deps, shop.channelId, "large", request, {});
  await fallAsleep(ground.deps, before.theDebit, place);
  const id = orderIdFor(shop.channelId, "large");
  expect(await stateOf(id)).toBe("open");
  for (let minutes = 1; minutes <= 5; minutes++) await runSchedules(minutes * 60, shop);
  await expectDelivered(shop, id, LIMITS.codesPerOrder + 1);
});

test("an order that counts towards a limit and died before the debit is found by a schedule", async () => {
  const shop = await openShop(1, { limits: { total: { quantity: 1, per: "ever" } } });
  const place = (deps: Everything["deps"]) => placeOrder(deps, shop.channelId, "one", asks(shop, 1), {});
  await fallAsleep(ground.deps, before.theDebit, place);
  const id = orderIdFor(shop.channelId, "one");
  expect(await stateOf(id)).toBe("open");
  for (let minutes = 1; minutes <= 5; minutes++) await runSchedules(minutes * 60, shop);
  await expectDelivered(shop, id, 1);
});
