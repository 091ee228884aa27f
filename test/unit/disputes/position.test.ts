import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evidenceOf } from "../../../shared/disputes/evidence.ts";
import { disputeIdFor } from "../../../shared/disputes/model.ts";
import { isToSettle, NOTHING, positionOf, settleRefunds } from "../../../shared/disputes/position.ts";
import { disputeEntries } from "../../../shared/ledger/dispute-entries.ts";
import { DISPUTE_STATES, type DisputeState } from "../../../shared/payments/dispute-contract.ts";
import { type Payment, type PaymentRefund, planPayment, REFUND_STATES } from "../../../shared/payments/model.ts";
import { at, NOW } from "../../support/orders/order-fixtures.ts";

const ID = disputeIdFor("simulated", "du_1");
const DEPOSIT = { kind: "deposit", reference: "R", depositId: "dep_1", requestHash: "h" } as const;
const payment = (more: Partial<Payment> = {}): Payment => ({
  id: "pay_1",
  version: 1,
  purpose: { kind: "order", orderId: "ord_1", epoch: 1 },
  channelId: "chan_1",
  provider: "simulated",
  attempt: 1,
  amount: { amount: 100, currency: "CNY" },
  state: "succeeded",
  createdAt: at(-10),
  expiresAt: at(900),
  received: { providerPaymentId: "sim_1", amount: 100, currency: "CNY", at: at(0) },
  counted: true,
  refunds: {},
  asked: 0,
  ...more,
});
const refund = (amount: number, state: PaymentRefund["state"], id = "rfd_1"): PaymentRefund => ({
  id,
  cause: id,
  round: 1,
  amount,
  requestedAt: at(0),
  state,
  asked: 0,
});
const known = (state: DisputeState, taken = 100, givenBack = 0, fee = 15) => ({
  id: ID,
  state,
  funds: { taken, givenBack },
  fees: { taken: fee, givenBack: 0, currency: "CNY" },
});
const lost = (held: number) => ({ [ID]: { state: "lost", held, owed: 0 } as const });

describe("where the money of a dispute is", () => {
  test.each([
    ["nobody has decided", known("opened"), payment(), { pending: 100, fee: 15 }],
    ["it was won, and is not back yet", known("won"), payment(), { pending: 100, fee: 15 }],
    ["it was won", known("won", 100, 100), payment(), { fee: 15 }],
    ["it is lost", known("lost"), payment(), { loss: 100, fee: 15 }],
    ["a part of it is lost", known("lost", 40), payment(), { loss: 40, fee: 15 }],
    [
      "a deposit is its channel's debt at once",
      known("opened"),
      payment({ purpose: DEPOSIT }),
      { channel: 100, fee: 15 },
    ],
    ["a lost deposit stays its debt", known("lost"), payment({ purpose: DEPOSIT }), { channel: 100, fee: 15 }],
    [
      "a refund was paid by it",
      known("lost"),
      payment({ refunds: { rfd_1: refund(100, "charged_back") } }),
      { owed: 100, fee: 15 },
    ],
    [
      "a part of it was owed",
      known("lost"),
      payment({ refunds: { rfd_1: refund(30, "charged_back") } }),
      { owed: 30, loss: 70, fee: 15 },
    ],
  ])("%s", (_what, one, of, expected) => {
    expect(positionOf(one, of, 0)).toEqual({ ...NOTHING, ...expected });
  });

  test("the channel gives back its margin in what is lost, and no more of it than it still has", () => {
    expect(positionOf(known("lost"), payment(), 30)).toMatchObject({ channel: 30, loss: 70 });
    expect(positionOf(known("lost", 50), payment(), 30)).toMatchObject({ channel: 15, loss: 35 });
    // Half of the order went back before, with half of the margin.
    const half = payment({ refunds: { rfd_1: refund(50, "refunded") } });
    expect(positionOf(known("lost", 50), half, 15)).toMatchObject({ channel: 15, loss: 35 });
  });

  test("all parts come to what the provider holds less, and its entries sum to nothing, whatever news leads where", () => {
    const amount = fc.integer({ min: 0, max: 100 });
    const states = fc.constantFrom(...DISPUTE_STATES);
    const refunds = fc.array(fc.record({ amount, state: fc.constantFrom(...REFUND_STATES) }), { maxLength: 3 });
    const life = fc.array(fc.record({ state: states, taken: amount, share: amount, refunds, fee: amount }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(life, amount, (steps, margin) => {
        let before = positionOf(known("inquiry", 0, 0, 0), payment(), 0);
        for (const [entry, { state, taken, share, fee, refunds: some }] of steps.entries()) {
          const of = payment({
            refunds: Object.fromEntries(some.map((one, i) => [`r${i}`, refund(one.amount, one.state, `r${i}`)])),
          });
          const givenBack = Math.floor((taken * share) / 100);
          const after = positionOf(known(state, taken, givenBack, fee), of, margin);
          expect(after.pending + after.channel + after.owed + after.loss).toBe(taken - givenBack);
          const by = (part: keyof typeof after) => after[part] - before[part];
          const moves = { pending: by("pending"), channel: by("channel"), owed: by("owed"), loss: by("loss") };
          const named = { disputeId: ID, entry, provider: "simulated", channelId: "chan_1" };
          const entries = disputeEntries(
            named,
            "CNY",
            moves,
            { amount: by("fee"), currency: "EUR" },
            { at: at(0), zone: "UTC" },
          );
          for (const { entry: one } of entries) expect(one.legs.reduce((sum, leg) => sum + leg.amount, 0)).toBe(0);
          before = after;
        }
      }),
    );
  });
});

describe("a refund of money that is disputed", () => {
  test("is not asked for while it is held, and a smaller one that is left is", () => {
    const held = { disputes: { [ID]: { state: "opened", held: 60, owed: 0 } as const }, dueAt: at(0) };
    expect(planPayment(payment({ ...held, refunds: { r: refund(50, "requested") } }), NOW, false).step).toBe(
      "hold_back",
    );
    expect(planPayment(payment({ ...held, refunds: { r: refund(40, "requested") } }), NOW, false).step).toBe("refund");
    // What is on its way already is asked about.
    expect(planPayment(payment({ ...held, refunds: { r: refund(50, "pending") } }), NOW, false).step).toBe(
      "ask_refund",
    );
    const inquiry = { disputes: { [ID]: { state: "inquiry", held: 0, owed: 0 } as const }, dueAt: at(0) };
    expect(planPayment(payment({ ...inquiry, refunds: { r: refund(100, "requested") } }), NOW, false).step).toBe(
      "refund",
    );
  });

  test("is charged back by a dispute that was lost, and due again if the bank decides for us after all", () => {
    const asked = { rfd_1: refund(100, "requested") };
    const charged = settleRefunds(payment({ refunds: asked }), lost(100), at(0));
    expect(charged["rfd_1"]).toMatchObject({ state: "charged_back", endedAt: at(0) });
    const won = { [ID]: { state: "won", held: 0, owed: 100 } as const };
    expect(settleRefunds(payment({ refunds: charged }), won, at(1))["rfd_1"]).toEqual(asked.rfd_1);
  });

  test("that the provider had refused is charged back too, and one that is half paid waits for a person", () => {
    const refused = { rfd_1: { ...refund(100, "refused"), reason: "disputed" } };
    expect(settleRefunds(payment({ refunds: refused }), lost(100), at(0))["rfd_1"]).not.toHaveProperty("reason");
    const half = settleRefunds(payment({ refunds: { rfd_1: refund(80, "requested") } }), lost(50), at(0));
    expect(half["rfd_1"]).toMatchObject({ state: "refused", reason: "charged_back" });
    const undecided = { [ID]: { state: "opened", held: 50, owed: 0 } as const };
    const waiting = { rfd_1: refund(80, "requested") };
    expect(settleRefunds(payment({ refunds: waiting }), undecided, at(0))).toEqual(waiting);
  });

  test("the dispute is looked at when a refund is decided that it may have paid, and only then", () => {
    expect(isToSettle(payment({ disputes: lost(100), refunds: { r: refund(100, "requested") } }))).toBe(true);
    expect(isToSettle(payment({ disputes: lost(100), refunds: { r: refund(100, "charged_back") } }))).toBe(false);
    expect(isToSettle(payment({ refunds: { r: refund(100, "requested") } }))).toBe(false);
  });

  test("refunds that went and refunds that were charged back never come to more than was paid", () => {
    const refunds = fc.array(
      fc.record({ amount: fc.integer({ min: 1, max: 100 }), state: fc.constantFrom(...REFUND_STATES) }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(
        refunds,
        fc.integer({ min: 0, max: 100 }),
        fc.constantFrom("lost", "opened", "won"),
        (some, held, state) => {
          const of = payment({
            refunds: Object.fromEntries(some.map((one, i) => [`r${i}`, refund(one.amount, one.state, `r${i}`)])),
          });
          const after = settleRefunds(of, { [ID]: { state, held, owed: 0 } }, at(0));
          const back = Object.values(after).filter((one) => one.state === "charged_back");
          expect(back.reduce((sum, one) => sum + one.amount, 0)).toBeLessThanOrEqual(state === "lost" ? held : 0);
          expect(settleRefunds({ ...of, refunds: after }, { [ID]: { state, held, owed: 0 } }, at(0))).toEqual(after);
        },
      ),
    );
  });
});

test("evidence says what was sold, when, and who looked from where; it names no code, and has room", () => {
  const looks = Array.from({ length: 400 }, (_, n) => ({ at: at(n), by: `key_${n}`, from: "198.51.100.7" }));
  const deposit = evidenceOf(payment({ purpose: DEPOSIT }), undefined, [], at(9));
  expect(deposit).toMatchObject({
    product: "prepaid balance of chan_1, reference R",
    paidAt: at(0),
    deliveredAt: at(0),
  });
  const order = {
    id: "ord_1",
    placedAt: at(-9),
    fundedAt: at(1),
    lines: [
      {
        id: "l1",
        productId: "p",
        productVersion: 1,
        kind: "code",
        name: "Music",
        quantity: 2,
        unitPrice: 1,
        net: 2,
        state: "fulfilled",
        tickets: ["t"],
      },
    ],
  } as never;
  const evidence = evidenceOf(payment(), order, looks, at(200));
  expect(evidence).toMatchObject({ product: "2 × Music", paidAt: at(0), deliveredAt: at(1) });
  expect(evidence.text).toContain("The goods were looked at 400 times, 200 of them before the dispute.");
  expect(evidence.text.length).toBeLessThanOrEqual(20_000);
});
