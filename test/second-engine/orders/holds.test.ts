import { expect, test } from "vitest";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { createChannel, setUnpaidLimit } from "../../../shared/channels/keys.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { setDirectory } from "../../../shared/inventory/directory.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { payOrder } from "../../../shared/orders/pay.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor, putOrder, readOrder } from "../../../shared/orders/table.ts";
import { before, fallAsleep, type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, giveMoney, putOnSale, secretsOf, settleMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Orders that are paid later keep their codes, and no longer than they may.

const { deps } = await sceneGround();

const HOLD_SECONDS = 60;

type Shop = { productId: string; channelId: string; codes: string[] };
async function shop(stock: number, money: number, holdSeconds = HOLD_SECONDS): Promise<Shop> {
  const price = { amount: 100, currency: "CNY" };
  const product: NewProduct = { kind: "code", name: "Kept", price, holdSeconds };
  const made = await createProduct(deps, product, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  const codes = makeCodes(stock);
  await putOnSale(deps, made.value.id, codes);
  const channelId = newId("chan");
  if (money > 0) await giveMoney(deps, channelId, money);
  return { productId: made.value.id, channelId, codes };
}
const order = (productId: string, quantity: number, buyer?: string): NewOrder => ({
  lines: [{ productId, quantity }],
  payment: { method: "deferred" },
  ...(buyer === undefined ? {} : { buyer }),
});
const reserve = (of: Shop, key: string, quantity = 1, on = deps) =>
  placeOrder(on, of.channelId, key, order(of.productId, quantity), {});
const later = (seconds: number) => ({ ...deps, clock: () => new Date(Date.now() + seconds * 1000) });
const pay = (of: Shop, key: string, on = deps) => payOrder(on, of.channelId, orderIdFor(of.channelId, key));
const wrongWith = async (of: Shop, ...keys: string[]): Promise<string[]> => {
  const orders = keys.map((key) => orderIdFor(of.channelId, key));
  await settleMoney(deps, ...orders);
  await sweepUntilQuiet(deps, of.productId);
  return violations(deps, { products: [of.productId], channels: [of.channelId], orders });
};

test("what is held is nobody else's, survives the sweeper, and is sold when it is paid, once", async () => {
  const of = await shop(3, 1000);
  const placed = await reserve(of, "a", 2);
  expect(placed).toMatchObject({ value: { state: "awaiting_payment", heldAt: expect.any(String) as string } });
  expect(await countStock(deps, of.productId, new Date())).toMatchObject({ held: 2, available: 1 });
  await sweepUntilQuiet(deps, of.productId);
  expect(await buy(deps, of.channelId, "b", [{ productId: of.productId, quantity: 2 }])).toMatchObject({
    code: "sold_out",
  });
  const paid = await Promise.all([1, 2, 3].map(() => pay(of, "a")));
  for (const one of paid) expect(one).toMatchObject({ value: { state: "fulfilled" } });
  expect(await reserve(of, "a", 2)).toMatchObject({ value: { state: "fulfilled" } });
  expect(await countStock(deps, of.productId, new Date())).toMatchObject({ sold: 2, held: 0 });
  expect(await wrongWith(of, "a")).toEqual([]);
});

test("what nobody pays in time expires and is on sale again; who pays too late is told so and not charged", async () => {
  const of = await shop(2, 1000);
  await reserve(of, "a", 2);
  expect(await expireUnpaid(deps)).toBe(0);
  const after = later(HOLD_SECONDS + 1);
  expect(await pay(of, "a", after)).toMatchObject({ code: "order_expired" });
  expect(await expireUnpaid(after)).toBe(0);
  expect(await pay(of, "a", after)).toMatchObject({ code: "order_expired" });
  await sweepUntilQuiet(deps, of.productId);
  expect(await countStock(deps, of.productId, new Date())).toMatchObject({ available: 2, held: 0 });
  expect(await wrongWith(of, "a")).toEqual([]);
});

test("the schedule gives up what its watch has lost sight of, a minute later at most", async () => {
  const of = await shop(4, 100);
  for (const key of ["a", "b"]) await reserve(of, key, 2);
  expect(await expireUnpaid(later(HOLD_SECONDS + 1))).toBeGreaterThanOrEqual(2);
  for (const key of ["a", "b"])
    expect(await readOrder(deps, orderIdFor(of.channelId, key))).toMatchObject({ state: "expired" });
  expect(await wrongWith(of, "a", "b")).toEqual([]);
});

test("a payment and an expiry at the same moment: one of them wins, and the other sees it", async () => {
  const of = await shop(1, 1000);
  await reserve(of, "a");
  const isPayment: Moment = ({ input }, tables) =>
    input["TableName"] === tables.orders || JSON.stringify(input["TransactItems"] ?? "").includes("#state");
  const slow = meanwhile(deps, isPayment, () => expireUnpaid(later(HOLD_SECONDS + 1)));
  expect(await pay(of, "a", slow)).toMatchObject({ code: "order_expired" });
  expect(await wrongWith(of, "a")).toEqual([]);
});

test("one who slept until the sweeper took its tickets draws others, or is refused when there are none", async () => {
  const isHold: Moment = ({ input }) => JSON.stringify(input["UpdateExpression"] ?? "").includes("#until = :until");
  for (const frozen of [false, true]) {
    const of = await shop(1, 1000);
    const sleepy = meanwhile(deps, isHold, async () => {
      await sweepUntilQuiet(deps, of.productId);
      await setDirectory(deps, of.productId, TOTAL, { frozen });
    });
    const outcome = frozen ? { code: "sold_out" } : { value: { state: "awaiting_payment" } };
    expect(await reserve(of, "a", 1, sleepy)).toMatchObject(outcome);
    expect((await pay(of, "a")).ok).toBe(!frozen);
    expect(await wrongWith(of, "a")).toEqual([]);
  }
});

test("it gets codes that last as long as it may take, and others for those that were voided", async () => {
  const of = await shop(0, 1000, LIMITS.minimumValiditySeconds * 3);
  const soon = new Date(Date.now() + LIMITS.minimumValiditySeconds * 2000).toISOString();
  const [perishable = "", voided = "", ...others] = makeCodes(4);
  const lines = [`${perishable},${soon}`, ...[voided, ...others].map((code) => `${code},`)];
  expect(
    await importCodes(deps, of.productId, ["secret,expiresAt", ...lines].join("\n"), { dryRun: false }),
  ).toMatchObject({ value: { imported: 4 } });
  await voidCode(deps, of.productId, { secret: voided });
  expect(await reserve(of, "a", 2)).toMatchObject({ value: { state: "awaiting_payment" } });
  expect(await reserve(of, "b", 1)).toMatchObject({ code: "sold_out" });
  expect(await pay(of, "a")).toMatchObject({ value: { state: "fulfilled" } });
  const bought = await buy(deps, of.channelId, "now", [{ productId: of.productId, quantity: 1 }]);
  expect(bought.ok && secretsOf(bought.value.goods)).toEqual([perishable]);
  expect(await wrongWith(of, "a", "b", "now")).toEqual([]);
});

test("without the money the codes stay held, until there is some, or the order is cancelled", async () => {
  const of = await shop(2, 0);
  await reserve(of, "a");
  await reserve(of, "b");
  expect(await pay(of, "a")).toMatchObject({ code: "insufficient_funds" });
  expect(await countStock(deps, of.productId, new Date())).toMatchObject({ held: 2 });
  await giveMoney(deps, of.channelId, 100);
  expect(await pay(of, "a")).toMatchObject({ value: { state: "fulfilled" } });
  const id = orderIdFor(of.channelId, "b");
  expect(await cancelOrder(deps, of.channelId, id)).toMatchObject({ value: { state: "cancelled" } });
  expect(await pay(of, "b")).toMatchObject({ code: "not_payable" });
  expect(await payOrder(deps, "chan_other", id)).toMatchObject({ code: "not_found" });
  expect(await wrongWith(of, "a", "b")).toEqual([]);
});

test("nobody hoards: a buyer has so many unpaid orders and no more, whatever ends them", async () => {
  const of = await shop(40, 1000);
  const ask = (key: string) => placeOrder(deps, of.channelId, key, order(of.productId, 1, "anna"), {});
  const keys = Array.from({ length: 20 }, (_, number) => `try ${number}`);
  const answers = await Promise.all(keys.map(ask));
  expect(answers.filter(({ ok }) => ok)).toHaveLength(LIMITS.unpaidPerBuyer);
  expect(answers.find(({ ok }) => !ok)).toMatchObject({ code: "limit_reached" });
  const held = keys.filter((_, index) => answers[index]?.ok);
  const [paid = "", cancelled = "", ...rest] = held;
  await pay(of, paid);
  await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, cancelled));
  expect(await ask("again 1")).toMatchObject({ ok: true });
  expect(await ask("again 2")).toMatchObject({ ok: true });
  expect(await ask("again 3")).toMatchObject({ code: "limit_reached" });
  await expireUnpaid(later(HOLD_SECONDS + 1));
  expect(await ask("again 4")).toMatchObject({ ok: true });
  const ended = [paid, cancelled, ...rest, "again 1", "again 2"];
  await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, "again 4"));
  expect(await wrongWith(of, ...ended, "again 4")).toEqual([]);
});

test("a channel has as many unpaid orders as an operator says, exactly; one without a limit is not counted, whatever is said later", async () => {
  const { productId } = await shop(40, 0);
  const channel = valueOf(await createChannel(deps, { name: "Busy" }, newId("req"), new Date()));
  const of: Shop = { productId, channelId: channel.id, codes: [] };
  const tries = async (count: number, name: string): Promise<string[]> => {
    const keys = Array.from({ length: count }, (_, number) => `${name} ${number}`);
    const answers = await Promise.all(keys.map((key) => reserve(of, key)));
    const refusals = answers.flatMap((answer) => (answer.ok ? [] : answer.code));
    expect(refusals).toEqual(refusals.map(() => "limit_reached"));
    return keys.filter((_, index) => answers[index]?.ok);
  };
  await setUnpaidLimit(deps, channel.id, 3);
  const counted = await tries(12, "counted");
  expect(counted).toHaveLength(3);
  await setUnpaidLimit(deps, channel.id, null);
  const uncounted = await tries(8, "uncounted");
  expect(uncounted).toHaveLength(8);
  // What was never counted lowers nothing: exactly the counted ones make room.
  await setUnpaidLimit(deps, channel.id, 4);
  for (const key of uncounted) await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, key));
  const more = await tries(6, "more");
  expect(more).toHaveLength(1);
  await setUnpaidLimit(deps, channel.id, 0);
  expect(await tries(2, "none")).toEqual([]);
  for (const key of [...counted, ...more]) await cancelOrder(deps, of.channelId, orderIdFor(of.channelId, key));
  await setUnpaidLimit(deps, channel.id, 2);
  expect(await tries(6, "again")).toHaveLength(2);
});

test("who dies while giving it up leaves it to the schedule", async () => {
  const of = await shop(1, 100);
  await reserve(of, "a");
  await fallAsleep(later(HOLD_SECONDS + 1), before.aCodeGoesBack, (deps) => expireUnpaid(deps));
  await expireUnpaid(later(HOLD_SECONDS + 61));
  expect(await readOrder(deps, orderIdFor(of.channelId, "a"))).toMatchObject({ state: "expired" });
  expect(await wrongWith(of, "a")).toEqual([]);
});

test("one order that can't be given up keeps none of the others waiting, however many are overdue", async () => {
  const channelId = newId("chan");
  const expiresAt = "2020-01-01T00:00:00.000Z";
  const overdue = Array.from({ length: LIMITS.largestPage + 1 }, (): Order => {
    const total = { amount: 0, currency: "CNY" };
    const state = { state: "awaiting_payment", version: 1, epoch: 1, run: 1, refunded: 0, expiresAt } as const;
    return { ...state, id: newId("ord"), channelId, requestHash: "", placedAt: expiresAt, total, lines: [] };
  });
  await Promise.all(overdue.map((order) => putOrder(deps, order)));
  const [stuck] = overdue.map(({ id }) => id).sort();
  const isStuck: Moment = ({ input }) =>
    JSON.stringify(input).includes(`order#${stuck}`) && "UpdateExpression" in input;
  const failed: string[] = [];
  const broken = meanwhile(deps, isStuck, () => Promise.reject(new Error("stuck")));
  expect(await expireUnpaid(broken, ({ id }) => failed.push(id))).toBeGreaterThanOrEqual(LIMITS.largestPage);
  expect(failed).toEqual([stuck]);
  const states = await Promise.all(overdue.map(async ({ id }) => (await readOrder(deps, id))?.state));
  expect(states.filter((state) => state === "expired")).toHaveLength(LIMITS.largestPage);
});
