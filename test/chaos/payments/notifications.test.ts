import { gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { createChannel, setReturnHosts } from "../../../shared/channels/keys.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { inParallel } from "../../../shared/kernel/in-parallel.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { expireUnpaid } from "../../../shared/orders/expire-unpaid.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { carePayments } from "../../../shared/payments/due.ts";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { accountSums } from "../../support/ledger/account-sums.ts";
import { published } from "../../support/observability/emf.ts";
import { violations } from "../../support/orders/invariants.ts";
import { giveMoney, sweepUntilQuiet } from "../../support/orders/market.ts";
import { allCashiers } from "../../support/payments/cashiers/all.ts";
import type { Cashier, Delivery } from "../../support/payments/cashiers/cashier.ts";
import { frontDoor } from "../../support/payments/front-door.ts";
import { isLate, NotifiedOrder, STORY_NAMES } from "../../support/payments/notified-orders.ts";
import { wrongPayments } from "../../support/payments/paid-audit.ts";
import { type Random, seeded, shuffled } from "../../support/random.ts";
import { sized } from "../../support/size.ts";
import { valueOf } from "../../support/value-of.ts";

// Notifications of all providers, true, old, again, in any order and forged in every way that their protocols know, to the functions as they
// are deployed. Each order ends right, each forgery is counted where operators see it, and nobody is answered by an error.
// `SEED=… npx vitest run --project chaos test/chaos/payments/notifications` plays a run again.

const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);
/** Of each order: true news, half of it sent twice; forgeries; and true news about nothing of ours. */
const TOLD = 6;
const FORGED = 7;
const PER_ORDER = 2 * TOLD + FORGED + 1;
const ORDERS = Math.ceil(sized("notifications") / PER_ORDER);
const AT_ONCE = 8;

vi.useFakeTimers({ toFake: ["Date"] });
const passes = (seconds: number): void => void vi.setSystemTime(Date.now() + seconds * 1000);

const cashiers = await allCashiers();
const { engine, ground } = await ownEverything();
const { notify, workOff, dead, deps } = await frontDoor(ground, engine);
for (const { settings } of cashiers.all) valueOf(await setProvider(deps, settings()));
const { id: channelId } = valueOf(await createChannel(deps, { name: "Shop" }, newId("evt"), new Date()));
await setReturnHosts(deps, channelId, ["shop.example"]);
await giveMoney(deps, channelId, 10_000_000);

type Sent = { cashier: Cashier; what: string; delivery: Delivery; isTaken: boolean };

/** What comes about one payment within one phase. */
function about({ cashier, paymentId, other }: About, random: Random): Sent[] {
  const news = cashier.news(paymentId);
  const told = Array.from({ length: TOLD }, () => random.pick(news as [Delivery, ...Delivery[]]));
  const forgeries = cashier.forgeries(paymentId, other);
  const forged = Array.from({ length: FORGED }, () => random.pick(forgeries as [(typeof forgeries)[number]]));
  const unrelated = random.pick(cashier.unrelated(paymentId) as [Delivery, ...Delivery[]]);
  return [
    ...[...told, ...told].map((delivery) => ({ cashier, what: "true", delivery, isTaken: true })),
    ...forged.map((one) => ({ cashier, ...one, isTaken: false })),
    { cashier, what: "about nothing of ours", delivery: unrelated, isTaken: true },
  ];
}
type About = { cashier: Cashier; paymentId: string; other: string };

test(`${ORDERS * PER_ORDER} notifications, again, in any order, late and forged, about ${ORDERS} orders: each order ends right, once`, async () => {
  const random = seeded(SEED, "notifications");
  const orders = Array.from(
    { length: ORDERS },
    (_, number) =>
      new NotifiedOrder(STORY_NAMES[number % STORY_NAMES.length] ?? "never paid", channelId, `n ${number}`, cashiers),
  );
  const answers = new Map<string, number>();
  const wrong: string[] = [];
  let sent = 0;
  let forged = 0;

  async function post({ cashier, what, delivery, isTaken }: Sent): Promise<void> {
    const { statusCode, body = "" } = await notify(cashier.provider, delivery);
    const expected = isTaken ? cashier.acknowledged : { statusCode: 401 };
    if (statusCode !== expected.statusCode || ("body" in expected && body !== expected.body))
      wrong.push(`${cashier.provider}, ${what}: ${statusCode} ${body}`);
    answers.set(`${statusCode}`, (answers.get(`${statusCode}`) ?? 0) + 1);
    sent += 1;
    forged += isTaken ? 0 : 1;
  }

  /** Brings all of it in any order, and works the queue off meanwhile. */
  async function bring(all: readonly Sent[]): Promise<void> {
    const mixed = shuffled(all, SEED + sent);
    for (let at = 0; at < mixed.length; at += 100) {
      await Promise.all([inParallel(AT_ONCE, mixed.slice(at, at + 100), post), workOff(random)]);
      await workOff(random);
    }
  }
  const told = (some: readonly NotifiedOrder[]): Sent[] =>
    some.flatMap(({ payments }) => {
      const { cashier, payment } = random.pick(payments as [(typeof payments)[number]]);
      const others = orders
        .flatMap((one) => one.payments)
        .filter((one) => one.cashier === cashier && one.payment !== payment);
      const other = others.find((one) => cashier.knows(one.payment.id)) ?? { payment };
      return about({ cashier, paymentId: payment.id, other: other.payment.id }, random);
    });
  /** The schedules' minute. */
  async function minute(): Promise<void> {
    await expireUnpaid(deps);
    await carePayments(deps);
    await workOff(random);
  }

  const counted = await published(async () => {
    await inParallel(AT_ONCE, orders, (one) => one.place(deps, random));
    await inParallel(AT_ONCE, orders, (one) => one.inTime(deps));
    // Half of those who pay in time are told of now, and the others when they are asked about, or later.
    const early = orders.filter(
      ({ story }, number) => !isLate(story) && Math.floor(number / STORY_NAMES.length) % 2 === 0,
    );
    await bring(told(early));
    passes(LIMITS.unpaidSeconds + LIMITS.unknownPaymentSeconds + 60);
    for (let again = 0; again < 3; again++) await minute();
    await inParallel(AT_ONCE, orders, (one) => one.late(deps));
    await inParallel(AT_ONCE, orders, (one) => one.giveBack(deps));
    await bring(told(orders.filter((one) => !early.includes(one))));
    passes(LIMITS.longestPaymentAskSeconds);
    for (let again = 0; again < 6; again++) {
      await minute();
      passes(LIMITS.longestPaymentAskSeconds);
    }
  });

  expect(wrong, `SEED=${SEED}`).toEqual([]);
  expect(dead).toEqual([]);
  const ofMetric = counted.filter(({ metric }) => metric === "NotificationForged");
  expect(ofMetric.reduce((sum, { value }) => sum + value, 0)).toBe(forged);
  expect(answers.get("401")).toBe(forged);

  for (const one of orders) {
    const { state } = await one.order(deps);
    const kept = one.payments.reduce((sum, { cashier, payment }) => sum + cashier.holdsOf(payment.id), 0);
    if (state !== one.ends || kept !== one.kept)
      wrong.push(
        `${one.story} (${one.payments.map(({ cashier }) => cashier.provider).join()}): ${state}, ${kept} kept`,
      );
  }
  await settleChannel(deps, channelId, new Date(Date.now() + 1));
  const products = orders.map(({ productId }) => productId);
  await sweepUntilQuiet(deps, ...products);
  const ends = await Promise.all(orders.map((one) => one.order(deps)));
  const books = {
    paidOf: (id: string) => cashiers.all.reduce((sum, one) => sum + one.paidOf(id), 0),
    holdsOf: (id: string) => cashiers.all.reduce((sum, one) => sum + one.holdsOf(id), 0),
  };
  wrong.push(...(await wrongPayments(deps, books, ends)));
  wrong.push(...(await violations(deps, { products, channels: [channelId], orders: ends.map(({ id }) => id) })));
  const sums = await accountSums(deps, [channelId]);
  for (const { provider, holdsOf } of cashiers.all) {
    const holds = orders
      .flatMap(({ payments }) => payments)
      .reduce((sum, { cashier, payment }) => sum + (cashier.provider === provider ? holdsOf(payment.id) : 0), 0);
    const booked = (sums[`provider:${provider}`] ?? 0) + (sums[`fees:${provider}`] ?? 0);
    if (booked !== holds) wrong.push(`the books say that ${provider} has ${booked}, and it has ${holds}`);
    if (sums[`suspense:${provider}`] !== undefined)
      wrong.push(`${sums[`suspense:${provider}`]} of ${provider} is nobody's`);
  }
  expect(wrong, `SEED=${SEED}`).toEqual([]);
  const said = [...answers].map(([status, times]) => `${times} × ${status}`).join(", ");
  process.stdout.write(
    `notifications: seed ${SEED}, ${sent} about ${ORDERS} orders, ${said}, ${forged} forgeries counted\n`,
  );
});

test("what is no notification at all is refused in words, and counted like a forgery", async () => {
  const body = Buffer.from("x".repeat(LIMITS.callbackBytes + 1));
  const odd: [number, Promise<{ statusCode?: number | undefined }>][] = [];
  const counted = await published(async () => {
    for (const { provider } of cashiers.all)
      odd.push(
        [413, notify(provider, { body: "", headers: {} }, body)],
        [415, notify(provider, { body: "", headers: {} }, gzipSync("{}"))],
        [415, notify(provider, { body: "{}", headers: { "content-encoding": "br" } })],
        [400, notify(provider, { body: "", headers: {} }, Buffer.from([0xff, 0xfe]))],
        [401, notify(provider, { body: "{}", headers: {} })],
      );
    odd.push([404, notify("nobody", { body: "{}", headers: {} })]);
    for (const [status, answer] of odd) expect((await answer).statusCode).toBe(status);
  });
  expect(counted.filter(({ metric }) => metric === "NotificationForged")).toHaveLength(odd.length);
});
