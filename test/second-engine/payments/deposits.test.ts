import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit, findDeposit } from "../../../shared/ledger/deposits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { DEPOSITS_BY_TIME, type DepositPayment, type NewDeposit } from "../../../shared/payments/deposit-model.ts";
import { depositStateOf } from "../../../shared/payments/deposit-states.ts";
import { beginDeposit } from "../../../shared/payments/deposits.ts";
import { findOwnDeposit, listDeposits } from "../../../shared/payments/find-deposits.ts";
import { carryOutReversal, planReversal } from "../../../shared/review/reverse-deposit.ts";
import type { Decider } from "../../../shared/review/two-people.ts";
import { otherEntries, readEntries, wrongBooks } from "../../support/orders/books.ts";
import { buy, openMarket, settleMoney } from "../../support/orders/market.ts";
import { follow, PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { AMOUNTS } from "../../support/payments/payment-simulator.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What a channel pays in at a provider comes to its balance once, or goes back. A deposit that was wrong is taken out of its account
// again, by two people, once.

const ground = await sceneGround();
const paying = await withPayments(ground.deps);
const { deps, simulator, setFees } = paying;
const AFTER_ALL = { ...deps, clock: () => new Date(Date.now() + 4_000_000) };

const cny = (amount: number) => ({ amount, currency: "CNY" });
const balanceOf = async (channelId: string) => (await readAccount(deps, channelId, "CNY"))?.spendable;
const paidIn = async (channelId: string, amount: number, reference: string) =>
  valueOf(await deposit(deps, channelId, cny(amount), reference, deps.clock()));

/** Says that a deposit shall be reversed; what comes of it. */
async function reverse(channelId: string, reference: string, by: Decider) {
  const planned = await planReversal(deps, channelId, reference, by);
  return planned.ok ? carryOutReversal(deps, planned.value) : planned;
}

test("a wrong deposit is reversed when a second person says so, once, and the books say so", async () => {
  const channelId = newId("chan");
  await paidIn(channelId, 500, "right");
  await setLanes(deps, { channelId, currency: "CNY" }, 3);
  await paidIn(channelId, 1_000, "wrong");
  expect(await reverse(channelId, "wrong", anna)).toMatchObject({ value: { state: "proposed", money: cny(1_000) } });
  expect(await balanceOf(channelId)).toBe(1_500);
  expect(await reverse(channelId, "wrong", anna)).toMatchObject({ ok: false, code: "second_person_required" });
  // What was proposed of one deposit says nothing of another one.
  expect(await reverse(channelId, "right", ben)).toMatchObject({ value: { state: "proposed" } });
  const twice = await Promise.all([reverse(channelId, "wrong", ben), reverse(channelId, "wrong", ben)]);
  expect(twice.some(({ ok }) => ok)).toBe(true);
  for (const by of [ben, anna])
    expect(await reverse(channelId, "wrong", by)).toMatchObject({ value: { state: "reversed" } });
  expect(await balanceOf(channelId)).toBe(500);
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
  const { balances } = await readStatement(deps, channelId);
  expect(balances[0]?.movements[0]).toMatchObject({ kind: "deposit_reversal", amount: -1_000 });
  // Its reference is used: who pays the same in again finds what became of it, and the account as it is.
  await paidIn(channelId, 1_000, "wrong");
  expect(await balanceOf(channelId)).toBe(500);
});

test("of two people who are the first at once, the second confirms what stands, and what was proposed anew meanwhile is not carried out", async () => {
  const channelId = newId("chan");
  await paidIn(channelId, 1_000, "wrong");
  await reverse(channelId, "wrong", anna);
  const seen = valueOf(await planReversal(deps, channelId, "wrong", ben));
  const { found } = seen;
  // Somebody proposes it again, so that the proposal that was seen stands no more.
  const again = { ...seen, step: "proposed", proposal: { substance: "s", by: "arn:c", at: "2030" } } as const;
  valueOf(await carryOutReversal(deps, again));
  expect(await carryOutReversal(deps, seen)).toMatchObject({ ok: false, code: "changed_meanwhile" });
  expect([found.proposal?.person, await balanceOf(channelId)]).toEqual(["anna", 1_000]);
});

test("a principal that proves nobody proposes nothing, and what there isn't can't be reversed", async () => {
  const channelId = newId("chan");
  await paidIn(channelId, 1_000, "wrong");
  const nobody = { operator: "arn:aws:iam::1:root", requestId: "req_1" };
  expect(await reverse(channelId, "wrong", nobody)).toMatchObject({ ok: false, code: "person_unknown" });
  expect(await reverse(channelId, "other", anna)).toMatchObject({ ok: false, code: "not_found" });
  expect((await findDeposit(deps, channelId, "wrong"))?.proposal).toBeUndefined();
});

test("a deposit is reversed also when it was spent: then the channel owes it", async () => {
  const { channelId, productId } = await openMarket(deps, { stock: 1, money: 0 });
  await paidIn(channelId, 100, "wrong");
  const { order } = valueOf(await buy(deps, channelId, "spends it", [{ productId, quantity: 1 }]));
  await settleMoney(deps, order.id);
  for (const by of [anna, ben]) valueOf(await reverse(channelId, "wrong", by));
  expect(await balanceOf(channelId)).toBe(-100);
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
});

const asks = (amount: number, more: Partial<NewDeposit> = {}): NewDeposit => ({
  amount: cny(amount),
  payment: { provider: PROVIDER },
  ...more,
});
const begin = (channelId: string, key: string, request: NewDeposit) => beginDeposit(deps, channelId, key, request);
const see = async ({ channelId, purpose }: DepositPayment) => findOwnDeposit(deps, channelId, purpose.depositId);
const stateOf = async (payment: DepositPayment) => {
  const seen = await see(payment);
  return seen && depositStateOf(seen);
};

test("what a channel pays in at a provider comes to its balance once, and the provider keeps its fee of that from us", async () => {
  const channelId = newId("chan");
  await setFees(["1%"]);
  const begun = valueOf(await begin(channelId, "key", asks(1_000, { reference: "top-up-7" })));
  await setFees([]);
  expect(begun).toMatchObject({ state: "pending", checkout: { url: expect.stringContaining("/pay/") as string } });
  expect(await stateOf(begun)).toBe("awaiting_payment");
  expect(valueOf(await begin(channelId, "key", asks(1_000, { reference: "top-up-7" }))).id).toBe(begun.id);
  simulator.pay(begun.id);
  await Promise.all([follow(deps, begun.id), follow(deps, begun.id)]);
  await follow(deps, begun.id);
  expect([await stateOf(begun), await balanceOf(channelId)]).toEqual(["paid", 1_000]);
  expect(await findOwnDeposit(deps, "chan_other", begun.purpose.depositId)).toBeUndefined();
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
  const booked = (await otherEntries(deps)).find(({ name }) => name === `payment:${begun.id}`);
  expect(booked?.legs.map(({ amount }) => amount)).toEqual([990, 10, -1_000]);
});

test("of unequal twins of one key one deposit stands, and the other is told so", async () => {
  for (let round = 0; round < 4; round++) {
    const channelId = newId("chan");
    const requests = [asks(500), asks(700), asks(500), asks(500, { reference: "another" })];
    const twins = await Promise.all(requests.map((request) => begin(channelId, "key", request)));
    const made = new Set(twins.map((one) => (one.ok ? one.value.id : one.code)));
    expect([made.size, made.has("idempotency_key_reused")]).toEqual([2, true]);
    const amounts = new Set(twins.flatMap((one) => (one.ok ? [one.value.amount.amount] : [])));
    expect(amounts.size).toBe(1);
    expect((await listDeposits(deps, channelId, {}, 10)).deposits).toHaveLength(1);
  }
});

test.each([
  ["too much", 1_001, "CNY"],
  ["in another currency", 1_000, "USD"],
])("a deposit that is paid %s goes back, and comes to no balance", async (_how, amount, currency) => {
  const channelId = newId("chan");
  const begun = valueOf(await begin(channelId, "key", asks(1_000)));
  simulator.pay(begun.id, amount, currency);
  await follow(deps, begun.id);
  expect(await stateOf(begun)).toBe("returned");
  expect(simulator.refunds(begun.id).map((one) => one.amount)).toEqual([amount]);
  expect(await balanceOf(channelId)).toBeUndefined();
});

test("a deposit that nobody pays is closed when its time is over, and counts if somebody has paid all the same", async () => {
  const channelId = newId("chan");
  const begun = valueOf(await begin(channelId, "key", asks(1_000)));
  await follow(AFTER_ALL, begun.id, "due");
  expect([simulator.stateOf(begun.id), await stateOf(begun)]).toEqual(["closed", "expired"]);
  simulator.payAllTheSame(begun.id);
  await follow(deps, begun.id);
  expect([await stateOf(begun), await balanceOf(channelId)]).toEqual(["paid", 1_000]);
});

test("a deposit that its provider refuses may be tried again under its key, also with something else", async () => {
  const channelId = newId("chan");
  const refused = await begin(channelId, "key", asks(AMOUNTS.refused));
  expect(refused).toMatchObject({ ok: false, code: "payment_refused" });
  const begun = valueOf(await begin(channelId, "key", asks(1_000)));
  expect(begun).toMatchObject({ state: "pending", attempt: 2 });
  expect((await listDeposits(deps, channelId, {}, 10)).deposits.map(({ id }) => id)).toEqual([begun.id]);
});

test("a provider that nobody knows is refused by name", async () => {
  const refused = await begin(newId("chan"), "key", asks(1_000, { payment: { provider: "nobody" } }));
  expect(refused).toMatchObject({ ok: false, code: "invalid_request", errors: [{ pointer: "/payment/provider" }] });
});

test("deposits are listed page by page, the newest first, each channel's own", async () => {
  const channelId = newId("chan");
  const made: string[] = [];
  for (const at of [1, 2, 3, 4, 5]) {
    const clock = () => new Date(Date.now() + at * 1_000);
    made.unshift(valueOf(await beginDeposit({ ...deps, clock }, channelId, `key ${at}`, asks(at * 100))).id);
  }
  const seen: string[] = [];
  for (let before: string | undefined; ; ) {
    const { deposits, next } = await listDeposits(deps, channelId, {}, 2, before);
    seen.push(...deposits.map(({ id }) => id));
    if (next === null) break;
    expect(next).toMatch(DEPOSITS_BY_TIME);
    before = next;
  }
  expect(seen).toEqual(made);
});

test("a deposit that was paid at a provider goes back there when two people reverse it, once", async () => {
  const channelId = newId("chan");
  const begun = valueOf(await begin(channelId, "key", asks(1_000)));
  simulator.pay(begun.id);
  await follow(deps, begun.id);
  for (const by of [anna, ben]) valueOf(await reverse(channelId, begun.id, by));
  for (let again = 0; again < 2; again++) await follow(deps, begun.id, "due");
  expect([await stateOf(begun), await balanceOf(channelId)]).toEqual(["reversed", 0]);
  expect(simulator.refunds(begun.id).map(({ amount, state }) => [amount, state])).toEqual([[1_000, "refunded"]]);
  const owed = (await otherEntries(deps))
    .flatMap(({ legs }) => legs)
    .filter(({ account }) => account === `suspense:${PROVIDER}`);
  const back = (await readEntries(deps, channelId))
    .flatMap(({ legs }) => legs)
    .filter(({ account }) => account === `suspense:${PROVIDER}`);
  expect(back.map(({ amount }) => amount)).toEqual([1_000, -1_000]);
  expect(owed.filter(({ amount }) => Math.abs(amount) === 1_000).length).toBeGreaterThanOrEqual(2);
  expect(await wrongBooks(deps, channelId, "CNY")).toEqual([]);
});
