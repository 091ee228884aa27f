import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { afterAll, expect, test, vi } from "vitest";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { DecideDeps } from "../../../shared/review/decide.ts";
import { OrderRefund } from "../../../shared/review/decision.ts";
import { refundOrder } from "../../../shared/review/refund-order.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { ownEverything } from "../../support/engine/own-everything.ts";
import { type BadLine, startBadLine } from "../../support/faults/bad-line.ts";
import { accountSums } from "../../support/ledger/account-sums.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { violations } from "../../support/orders/invariants.ts";
import { buy, secretsOf } from "../../support/orders/market.ts";
import { withAllProviders } from "../../support/payments/any-provider.ts";
import { type Act, type Life, life } from "../../support/payments/life-acts.ts";
import { type Disturbed, type Ground, LifeShop } from "../../support/payments/life-shop.ts";
import { LINES, PaymentLife } from "../../support/payments/payment-life.ts";
import { anna } from "../../support/review/review-ground.ts";
import { isFullProof, sized } from "../../support/size.ts";

// One order's payment life: any sequence of attempts at all providers, switches, payments in time, late, twice and of other amounts, news,
// cancellations, refunds in pieces, refunds that bounce, disputes, deaths at any call and answers that are lost. After each act the order says
// what the model allows, and in the end it is exactly what the model says. `SEED=… FAILURE=…` plays a failure again.

// A small run plays the same lives each time, and the full proof plays new ones.
const { SEED: seed = isFullProof ? undefined : "20260301", FAILURE: path } = process.env;

vi.useFakeTimers({ toFake: ["Date"] });
const START = Date.parse("2026-03-01T12:00:00.000Z");

const kms = fakeKms(randomBytes(32));
const { deps: everything, born } = await ownEverything({ kms });
const lines: BadLine[] = [];
const shop = await withAllProviders(everything, async (url) => {
  const line = await startBadLine(url);
  lines.push(line);
  afterAll(() => line.stop());
  return line.url;
});
const ground: Ground = {
  deps: shop.deps,
  born: (calls) => ({ ...shop.deps, db: born(calls).db }),
  cashiers: shop.cashiers,
  sent: shop.sent,
  // Whichever provider is called next.
  trouble: (fault) => {
    for (const line of lines) line.next(fault);
  },
  mend: () => {
    for (const line of lines) line.mend();
  },
  passes: (seconds) => void vi.setSystemTime(Date.now() + seconds * 1000),
};

const one = <T>(of: readonly T[], which: number): T | undefined => of[which % Math.max(of.length, 1)];
/** Nothing was bought from a supplier, and no run waits. */
const NOBODY = {} as DecideDeps;

/** Does one act at the shop, and tells the model what must have come of it. */
async function happens(what: Act, number: number, model: PaymentLife, at: LifeShop): Promise<void> {
  const { deps } = ground;
  const shown = await at.shown();
  switch (what.act) {
    case "begin": {
      const way = one(at.ways, what.way);
      if (way === undefined || secondsLeft() < 120) return;
      const begun = await at.begin(way, what.how);
      expect([shown, begun.ok]).toEqual([shown, !["cancelled", "expired"].includes(shown)]);
      return;
    }
    case "pay": {
      const attempt = one(await at.attempts(), what.which);
      if (attempt === undefined || model.right.has(attempt.number) || model.wrong.has(attempt.number)) return;
      const { cashier, payment, number: of } = attempt;
      const more = cashier.takesOtherAmounts && !what.isLate ? what.more : 0;
      if (!cashier.knows(payment.id) && payment.checkout === undefined) return;
      const isPaid = what.isLate ? cashier.payAllTheSame(payment) : cashier.pay(payment, payment.amount.amount + more);
      if (!isPaid) return;
      (more === 0 ? model.right : model.wrong).add(of);
      return;
    }
    case "news": {
      const attempt = one(await at.attempts(), what.which);
      return attempt === undefined ? undefined : at.tell(attempt, what.of, what.times, what.how);
    }
    case "look": {
      const attempt = one(await at.attempts(), what.which);
      return attempt === undefined ? undefined : at.look(attempt, what.how);
    }
    case "care":
      ground.passes(what.seconds);
      model.isTimeOver ||= secondsLeft() <= 0;
      return at.care(what.how);
    case "expire":
      model.isTimeOver = true;
      return at.expire(what.how);
    case "others buy": {
      const wanted = [{ productId: at.market.productId, quantity: LINES["1"] }];
      const bought = await buy(deps, at.market.channelId, `others ${number}`, wanted);
      // What the order holds or has, nobody else gets. A line that went back before anybody saw it is in stock again.
      const hasGone = model.left("1") === 0;
      if (bought.ok && !hasGone) expect(["expired", "cancelled", "refunded"]).toContain(shown);
      if (bought.ok && shown === "expired") model.isGone = true;
      return;
    }
    case "cancel": {
      const cancelled = await at.asked(what.how, (on) => cancelOrder(on, at.market.channelId, at.orderId));
      expect(cancelled.ok).toBe(shown === "cancelled" || model.mayCancel(shown));
      if (cancelled.ok) model.isCancelled = true;
      return;
    }
    case "refund": {
      const wish = OrderRefund.parse({
        reason: "r",
        ...(what.line === undefined ? {} : { lines: [what.line] }),
        ...(what.line === undefined || what.pieces === undefined ? {} : { pieces: what.pieces }),
      });
      const pieces = what.line === undefined ? undefined : what.pieces;
      const by = { ...anna, cause: `refund ${number}` };
      const may = model.mayRefund(shown, what.line, pieces);
      const refunded = await at.asked(what.how, (on) => refundOrder({ ...NOBODY, ...on }, at.orderId, wish, by));
      expect([refunded.ok, refunded]).toEqual([may, refunded]);
      if (may) model.refund(what.line, pieces);
      return;
    }
    case "see": {
      const looker = { keyId: "key_buyer", sourceIp: "198.51.100.7", requestId: "req_1" };
      const seen = await revealGoods(deps, await at.order(), looker);
      const may = ["fulfilled", "partly_fulfilled"].includes(shown) && (model.isSeen || !model.isHeld);
      const codes = seen.ok ? secretsOf(seen.value).length : 0;
      expect([shown, codes]).toEqual([shown, may ? model.left("1") + model.left("2") : 0]);
      if (may) model.isSeen = true;
      return;
    }
    case "bounce":
      await at.bounce(what.how);
      return;
    case "person":
      model.elsewhere += await at.seeTo(what.isPaidElsewhere, what.how);
      return;
    case "dispute":
      model.dispute ??= await at.dispute(what.isInquiry, what.how);
      return;
    case "decide":
      return decide(what.what, model, at, what.how);
  }
}

async function decide(what: "won" | "lost", model: PaymentLife, at: LifeShop, how: Disturbed): Promise<void> {
  switch (model.dispute) {
    case "inquiry":
      model.dispute = "opened";
      return at.decide("opened", how);
    case "opened":
      if (what === "lost") model.lose();
      else model.dispute = "won";
      return at.decide(what, how);
    case "lost":
      // The bank decides again. That it takes the money once more after it was won is another dispute.
      if (what === "lost") return;
      model.dispute = "won";
      return at.decide("won", how);
    case "won":
    case undefined:
  }
}

let started = START;
const secondsLeft = (): number => LIMITS.unpaidSeconds - (Date.now() - started) / 1000;

/** How many lives have ended how. */
const ends = new Map<string, number>();

/** Plays a life to its end. */
async function play({ way, how, acts, verdict }: Life): Promise<void> {
  const before = await accountSums(ground.deps, []);
  const at = await LifeShop.open(ground);
  const model = new PaymentLife();
  started = Date.now();
  await at.place(one(at.ways, way) ?? { method: "checkout", provider: "simulated" }, how);
  for (const [number, what] of acts.entries()) {
    model.mayBeGone = ("how" in what && what.how.crash !== undefined) || !(await at.isInStock());
    await happens(what, number, model, at);
    const shown = await at.shown();
    expect([...model.allowed()], `after ${JSON.stringify(what)}`).toContain(shown);
    model.observe(shown);
  }
  if (model.dispute === "opened") await decide(verdict, model, at, { crash: undefined, fault: undefined });
  model.isTimeOver = true;
  model.elsewhere += await at.settleDown();
  await expectEnd(model, at, before);
  const end = `${model.end()}${model.dispute === undefined ? "" : `, ${model.dispute}`}`;
  ends.set(end, (ends.get(end) ?? 0) + 1);
}

async function expectEnd(model: PaymentLife, at: LifeShop, before: Record<string, number>): Promise<void> {
  const { deps } = ground;
  const attempts = await at.attempts();
  const kept = attempts.reduce((sum, { cashier, payment }) => sum + cashier.holdsOf(payment.id), 0);
  expect({ state: await at.shown(), kept }).toEqual({
    state: model.end(),
    kept: model.kept(at.takenTwice) + model.elsewhere,
  });
  const { channelId, productId } = at.market;
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
  const isLost = model.dispute === "lost";
  const scope = { products: [productId, at.other], ...(isLost ? {} : { channels: [channelId] }), orders: [at.orderId] };
  expect(await violations(deps, scope)).toEqual([]);
  const sums = await accountSums(deps, [channelId]);
  for (const { provider } of ground.cashiers.all) {
    const holds = attempts.reduce(
      (sum, { cashier, payment }) => sum + (cashier.provider === provider ? cashier.holdsOf(payment.id) : 0),
      0,
    );
    const of = (account: string): number =>
      (sums[`${account}:${provider}`] ?? 0) - (before[`${account}:${provider}`] ?? 0);
    const ours = Object.fromEntries(["suspense", "disputed"].map((account) => [account, of(account)]));
    expect([provider, of("provider") + of("fees"), ours]).toEqual([provider, holds, { suspense: 0, disputed: 0 }]);
  }
}

test("an order's payment life is what the model says, after any sequence of what buyers, providers, machines and people do", async () => {
  const property = fc.asyncProperty(life, play);
  await fc.assert(property, {
    numRuns: sized("paymentLives"),
    // A life that failed leaves work behind, and the next one would do it: so none is made smaller.
    endOnFailure: true,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  });
  process.stdout.write(`payment lives: ${JSON.stringify([...ends])}\n`);
});
