import { expect, test } from "vitest";
import { beancountOf } from "../../../infra/ops/beancount.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import type { Money } from "../../../shared/kernel/money.ts";
import { otherBooks } from "../../../shared/ledger/verify.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { openCheckout } from "../../../shared/orders/checkout.ts";
import { followPayment } from "../../../shared/orders/follow-payment.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { moveOrder, orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { orderPaymentId } from "../../../shared/payments/model.ts";
import { refundLines } from "../../../shared/review/refund.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { beanCheck } from "../../support/ledger/bean-check.ts";
import { readEntries } from "../../support/orders/books.ts";
import { moneyAddsUp } from "../../support/orders/invariants.ts";
import { buy, codeProduct, giveMoney } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { type Random, seeded } from "../../support/random.ts";
import { sized } from "../../support/size.ts";

const { alive, doomed } = await ownGround();
const { simulator, deps: paying, setFees } = await withPayments(alive);
await setFees(["0.6%"]);
const on = (deps: Domain) => ({ ...paying, ...deps });
const ORDERS = sized("bookedOrders");
const PER_CHANNEL = 50;
const AT_ONCE = 8;

/** Stock whose cost is in the currency of its price, in another one, and unknown. */
const COSTS: readonly (Money | undefined)[] = [
  { amount: 83, currency: "CNY" },
  { amount: 11, currency: "USD" },
  undefined,
];

async function stocked(cost: Money | undefined): Promise<string> {
  // At checkout the channel earns 17 with each piece whose cost is known.
  const productId = await codeProduct(alive, 100, cost === undefined ? undefined : 117);
  const csv = ["secret", ...makeCodes(PER_CHANNEL * 6), ""].join("\n");
  const costs = cost === undefined ? {} : { cost: { unitCost: cost } };
  const report = await importCodes(alive, productId, csv, { dryRun: false, ...costs });
  if (!report.ok) throw new Error(report.detail);
  return productId;
}

/** A process that may die at one of its calls; then another one does all of it again. */
async function disturbed(random: Random, path: (deps: Domain) => Promise<unknown>): Promise<void> {
  if (random.below(3) === 0) {
    const when = random.pick(["before", "after"] as const);
    await doomed({ call: 1 + random.below(16), when }).run(path);
  }
  await path(alive);
}

/** Refunds one line after the other, each in a round of its own, as an operator would who looks again each time. */
async function refundInParts(random: Random, id: string, lines: number): Promise<void> {
  for (const [index] of Array.from({ length: lines }).entries())
    await disturbed(random, async (deps) => {
      const order = await readOrder(deps, id);
      const line = order?.lines[index];
      if (order === undefined || line === undefined || line.state === "returned") return;
      if (line.state === "unwinding") {
        await advance(deps, order);
        return;
      }
      const review = { reason: "test", since: new Date().toISOString(), lineId: line.id };
      const open = order.state === "fulfilled" || order.state === "partly_fulfilled";
      const seen = open ? (await moveOrder(deps, order, { state: "review", review })).order : order;
      await refundLines(deps, seen, [line], "operator");
    });
}

/** Buys what its buyer pays at a provider, and has the payment followed until the order has it. */
async function checkedOut(random: Random, channelId: string, key: string, lines: NewOrder["lines"]): Promise<void> {
  const request: NewOrder = { lines, payment: { method: "checkout", provider: PROVIDER, flow: "page" } };
  await disturbed(random, async (deps) => {
    const placed = await placeOrder(deps, channelId, key, request, {});
    if (placed.ok) await openCheckout(on(deps), placed.value);
  });
  const paymentId = orderPaymentId(orderIdFor(channelId, key), 1, 1);
  simulator.pay(paymentId);
  await disturbed(random, (deps) => followPayment(on(deps), paymentId, "changed"));
}

async function oneOrder(random: Random, channelId: string, products: readonly string[]): Promise<string> {
  const key = newId("req");
  const many = 1 + random.below(3);
  const lines = products.slice(0, many).map((productId) => ({ productId, quantity: 1 + random.below(2) }));
  const isAtCheckout = random.below(3) === 0;
  if (isAtCheckout) await checkedOut(random, channelId, key, lines);
  else await disturbed(random, (deps) => buy(deps, channelId, key, lines, "keep sealed"));
  const id = orderIdFor(channelId, key);
  if (random.below(2) === 0) await refundInParts(random, id, random.below(many + 1));
  if (isAtCheckout) await followPayment(paying, orderPaymentId(id, 1, 1), "due");
  return id;
}

async function allEntries(channels: readonly string[]) {
  const books = [...channels.map((owner) => ({ owner, currency: "CNY" })), ...(await otherBooks(alive))];
  return (await Promise.all(books.map(({ owner, currency }) => readEntries(alive, owner, currency)))).flat();
}

test(`${ORDERS} random orders, with refunds in parts and processes that die: each book adds up, each cost is exact, and Beancount accepts the export`, async () => {
  const channels: string[] = [];
  for (let done = 0; done < ORDERS; done += PER_CHANNEL) {
    const channelId = newId("chan");
    channels.push(channelId);
    await giveMoney(alive, channelId, PER_CHANNEL * 600);
    const products = await Promise.all(COSTS.map(stocked));
    const ids: string[] = [];
    for (let at = 0; at < PER_CHANNEL; at += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, PER_CHANNEL - at) }, (_, index) =>
        oneOrder(seeded(done + at + index, "order"), channelId, products),
      );
      ids.push(...(await Promise.all(some)));
    }
    await settleChannel(alive, channelId, new Date(Date.now() + 3_600_000));
    const orders = (await Promise.all(ids.map((id) => readOrder(alive, id)))).filter(
      (one): one is Order => one !== undefined,
    );
    expect(orders).toHaveLength(PER_CHANNEL);
    expect(await moneyAddsUp(alive, channelId, "CNY", orders)).toEqual([]);
  }
  const entries = await allEntries(channels);
  const kinds = new Set(entries.map(({ name }) => name.slice(0, name.indexOf(":"))));
  expect([...kinds].sort()).toEqual(["cost", "deposit", "import", "payment", "refund", "repayment", "return", "sale"]);
  const held = entries.flatMap(({ legs }) => legs).filter(({ account }) => /^(provider|fees):/.test(account));
  expect(held.reduce((sum, { amount }) => sum + amount, 0)).toBe(simulator.holds());

  expect(await beanCheck(beancountOf(entries))).toEqual({ code: 0, says: "" });
  const [leg] = entries.at(-1)?.legs ?? [];
  if (leg !== undefined) leg.amount += 1;
  expect((await beanCheck(beancountOf(entries))).code).toBe(1);
});
