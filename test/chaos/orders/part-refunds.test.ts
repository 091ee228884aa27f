import { afterAll, expect, test } from "vitest";
import { recordOutcome } from "../../../shared/fulfilment/record-outcome.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { advance } from "../../../shared/orders/advance.ts";
import type { Line, Order } from "../../../shared/orders/model.ts";
import { paidByChannel } from "../../../shared/orders/shares.ts";
import { isFinal } from "../../../shared/orders/states.ts";
import { moveOrder, orderIdFor, putOrder, readOrder } from "../../../shared/orders/table.ts";
import { quote } from "../../../shared/pricing/quote.ts";
import { refundLines } from "../../../shared/review/refund.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { moneyAddsUp } from "../../support/orders/invariants.ts";
import { giveMoney, settleMoney } from "../../support/orders/market.ts";
import { attemptOf, orderOf, repeatSafe, topupLine } from "../../support/orders/order-fixtures.ts";
import { randomCart, randomPromotions } from "../../support/pricing/random-cart.ts";
import { type Random, seeded } from "../../support/random.ts";
import { sized } from "../../support/size.ts";

// Orders under random promotions, of which suppliers deliver parts and operators refund others, one part after the other, by processes
// that die at any write. In the end every payer has back exactly the share of what it paid that was not delivered.

const { alive, doomed } = await ownGround();
const PAID_IN = 1_000_000;
/** An order that is not over after so many steps never will be. */
const STEPS = 60;

const played = { orders: 0, deaths: 0, rounds: 0, parts: 0 };
afterAll(() => {
  process.stdout.write(`part refunds: ${JSON.stringify(played)}\n`);
});

/** An order as it would be placed, of goods that a supplier has. */
function drafted(random: Random, channelId: string, key: string): Order {
  const cart = randomCart(random, { lines: 3, pieces: 6, price: 300 });
  const { lines, total } = quote(cart, randomPromotions(random));
  const placed = cart.map(({ id, productId, quantity, unitPrice }, at): Line => {
    const { net = 0, adjustments = [], paid = {} } = lines[at] ?? {};
    return { ...topupLine("open", undefined, id), productId, quantity, unitPrice, net, adjustments, paid };
  });
  const now = alive.clock().toISOString();
  const of = { id: orderIdFor(channelId, key), channelId, version: 1, total: { amount: total, currency: "CNY" } };
  return orderOf("open", placed, { ...of, placedAt: now, draft: newId("req") });
}

type Step = (deps: Domain, order: Order) => Promise<unknown>;

/** A supplier was asked for a line, and delivers some of it, or nothing. */
function deliver(random: Random, line: Line): Step {
  const reference = `${line.id}-${line.history?.length ?? 0}`;
  const delivered = random.below(line.quantity + 1);
  return async (deps, order) => {
    const attempt = attemptOf({ reference });
    const asked = order.lines.map((one): Line => (one.id === line.id ? { ...one, state: "accepted", attempt } : one));
    const moved = await moveOrder(deps, order, { lines: asked });
    const outcome = { kind: "partly", supplierOrderId: "theirs", delivered } as const;
    return recordOutcome(deps, moved.order, { lineId: line.id, reference }, outcome, repeatSafe);
  };
}

function nextStep(random: Random, order: Order): Step {
  const open = order.lines.filter(({ state }) => state === "open");
  const asked = order.lines.find(({ state }) => state === "accepted");
  if (order.state === "open" || order.state === "refunding") return advance;
  // The process that heard of it has died.
  if (asked?.attempt !== undefined) {
    const { reference } = asked.attempt;
    const outcome = { kind: "rejected", reason: "sold_out" } as const;
    return (deps, now) => recordOutcome(deps, now, { lineId: asked.id, reference }, outcome, repeatSafe);
  }
  const line = open[random.below(open.length)];
  if (line === undefined) return advance;
  if (random.below(3) > 0) return deliver(random, line);
  const leaving = open.filter((one) => one === line || random.below(3) === 0);
  return (deps, now) => refundLines(deps, now, leaving, "operator");
}

/** Plays one order to its end; what is wrong with it then. */
async function play(seed: number, channelId: string): Promise<string[]> {
  const random = seeded(seed, "part refunds");
  const draft = drafted(random, channelId, `order ${seed}`);
  const read = async (): Promise<Order> => (await readOrder(alive, draft.id)) ?? draft;
  await putOrder(alive, draft);
  let order = draft;
  let refunded = 0;
  const wrong: string[] = [];
  for (let step = 0; step < STEPS && !isFinal(order.state); step++) {
    const path = nextStep(random, order);
    const isDoomed = random.below(3) === 0;
    const process = isDoomed
      ? doomed({ call: 1 + random.below(7), when: random.pick(["before", "after"]) })
      : undefined;
    if (process === undefined) await path(alive, order);
    else if (!(await process.run((deps) => path(deps, order))).ended) played.deaths += 1;
    order = await read();
    if (order.refunded < refunded) wrong.push(`${seed}: ${refunded} were back, and then ${order.refunded}`);
    refunded = order.refunded;
  }
  await settleMoney(alive, order.id);
  played.orders += 1;
  played.rounds += order.refundedAt?.length ?? 0;
  played.parts += order.lines.length;
  return [...wrong, ...endOf(seed, draft, order)];
}

function endOf(seed: number, draft: Order, order: Order): string[] {
  const wrong = isFinal(order.state) ? [] : [`${seed} is stranded: ${order.state}`];
  const back = order.lines
    .filter(({ state }) => state === "returned")
    .reduce((sum, line) => sum + paidByChannel(line), 0);
  if (order.refunded !== back) wrong.push(`${seed}: ${order.refunded} went back, and lines of ${back}`);
  const kinds: [string, (line: Line) => number][] = [
    ["pieces", ({ quantity }) => quantity],
    ["net", ({ net }) => net],
    ...["channel", "promo:0", "promo:1", "promo:2", "points:0", "points:1"].map(
      (payer): [string, (line: Line) => number] => [payer, ({ paid }) => paid?.[payer] ?? 0],
    ),
  ];
  for (const [name, of] of kinds) {
    const [before, after] = [draft, order].map(({ lines }) => lines.reduce((sum, line) => sum + of(line), 0));
    if (before !== after) wrong.push(`${seed}: ${name} were ${before} and are ${after}`);
    if (order.lines.some((line) => of(line) < 0)) wrong.push(`${seed}: less than no ${name}`);
  }
  return wrong;
}

/** Channels at work at once; each has its orders to itself, so that its book is short. */
const ORDERS_PER_CHANNEL = 50;

test(`${sized("refundedOrders")} random orders, delivered and refunded in parts by processes that die: every payer has its share back`, async () => {
  const wrong: string[] = [];
  for (let first = 1; first <= sized("refundedOrders"); first += ORDERS_PER_CHANNEL) {
    const channelId = newId("chan");
    await giveMoney(alive, channelId, PAID_IN);
    const seeds = Array.from({ length: ORDERS_PER_CHANNEL }, (_, at) => first + at);
    const ends = [];
    for (let at = 0; at < seeds.length; at += 5)
      ends.push(...(await Promise.all(seeds.slice(at, at + 5).map((seed) => play(seed, channelId)))));
    wrong.push(...ends.flat());
    const orders = await Promise.all(seeds.map((seed) => readOrder(alive, orderIdFor(channelId, `order ${seed}`))));
    const known = orders.filter((order) => order !== undefined);
    wrong.push(...(await moneyAddsUp(alive, channelId, "CNY", known)));
    const kept = known.reduce((sum, { total, refunded }) => sum + total.amount - refunded, 0);
    const left = (await readAccount(alive, channelId, "CNY"))?.spendable;
    if (left !== PAID_IN - kept) wrong.push(`${channelId}: ${kept} were kept, and ${left} are left`);
  }
  expect(wrong).toEqual([]);
  expect(played.deaths).toBeGreaterThan(sized("refundedOrders") / 4);
  expect(played.rounds).toBeGreaterThan(sized("refundedOrders") / 4);
});
