import { expect, test } from "vitest";
import { createChannel } from "../../../shared/channels/keys.ts";
import { processMessage } from "../../../shared/disputes/process-message.ts";
import { eventIdOf } from "../../../shared/events/event.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import type { DepositPayment, NewDeposit } from "../../../shared/payments/deposit-model.ts";
import { beginDeposit } from "../../../shared/payments/deposits.ts";
import { carePayments } from "../../../shared/payments/due.ts";
import { listDeposits, searchDeposits } from "../../../shared/payments/find-deposits.ts";
import { readPayment } from "../../../shared/payments/payments.ts";
import { carryOutReversal, planReversal } from "../../../shared/review/reverse-deposit.ts";
import { PROVIDER } from "../../support/payments/checkout-shop.ts";
import { withDisputes } from "../../support/payments/dispute-shop.ts";
import { AMOUNTS } from "../../support/payments/payment-simulator.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// A channel hears of every end that a deposit comes to, whatever dies meanwhile; and operators find deposits.

const { deps, simulator, told, sent } = await withDisputes((await sceneGround()).deps);
const AFTER_ALL = { ...deps, clock: () => new Date(Date.now() + 4_000_000) };
/** A bus that takes nothing. */
const DEAF = { ...deps, events: { send: () => Promise.reject(new Error("the bus is down")) } as never };

const asks = (amount: number): NewDeposit => ({ amount: { amount, currency: "CNY" }, payment: { provider: PROVIDER } });
const begin = (channelId: string, amount = 1_000, key = "key") => beginDeposit(deps, channelId, key, asks(amount));
const look = (payment: DepositPayment, by = deps) => processMessage(by, { paymentId: payment.id, isChanged: true });
/** What was told of a deposit, each event once. */
const toldOf = ({ id }: DepositPayment): string[] =>
  ["paid", "returned", "expired", "refused", "reversed"].filter((end) => {
    const type = `deposit.${end}`;
    return told.includes(`${type} ${eventIdOf({ type, occasion: `${id} ${end}` })}`);
  });
/** Has the schedule look, and what it finds due worked off. True: this payment was among it. */
async function isDue({ id }: DepositPayment, by = deps): Promise<boolean> {
  sent.length = 0;
  await carePayments(by);
  return sent.some((message) => JSON.stringify(message).includes(id));
}

test("what is paid, comes too late, or is taken out again is told, each of it once", async () => {
  const deposit = valueOf(await begin(newId("chan")));
  await look(deposit);
  expect(toldOf(deposit)).toEqual([]);
  await look(deposit, AFTER_ALL);
  expect(toldOf(deposit)).toEqual(["expired"]);
  simulator.payAllTheSame(deposit.id);
  for (let again = 0; again < 2; again++) await look(deposit);
  expect(toldOf(deposit)).toEqual(["paid", "expired"]);
  for (const by of [anna, ben]) {
    const planned = valueOf(await planReversal(deps, deposit.channelId, deposit.id, by));
    valueOf(await carryOutReversal(deps, planned));
  }
  // Nobody but the schedule knows of a reversal.
  expect(await isDue(deposit)).toBe(true);
  await processMessage(deps, { paymentId: deposit.id });
  expect(toldOf(deposit)).toEqual(["paid", "expired", "reversed"]);
  expect(new Set(told).size).toBe(told.length);
  expect(await isDue(deposit)).toBe(false);
});

test("something else than was asked for is told as returned", async () => {
  const deposit = valueOf(await begin(newId("chan")));
  simulator.pay(deposit.id, 999);
  await look(deposit);
  expect(toldOf(deposit)).toEqual(["returned"]);
});

test("if the bus is down the deposit stays due, and is told when the bus is back", async () => {
  const deposit = valueOf(await begin(newId("chan")));
  simulator.pay(deposit.id);
  await expect(look(deposit, DEAF)).rejects.toThrow("the bus is down");
  expect(await readPayment(deps, deposit.id)).toMatchObject({ counted: true });
  expect(toldOf(deposit)).toEqual([]);
  expect(await isDue(deposit)).toBe(true);
  await processMessage(deps, { paymentId: deposit.id });
  expect(toldOf(deposit)).toEqual(["paid"]);
  expect(await isDue(deposit)).toBe(false);
});

test("a refusal is told by the schedule, unless the deposit was begun again", async () => {
  const [over, again] = [newId("chan"), newId("chan")];
  for (const channelId of [over, again])
    expect(await begin(channelId, AMOUNTS.refused)).toMatchObject({ code: "payment_refused" });
  const second = valueOf(await begin(again));
  const first = async (channelId: string): Promise<DepositPayment> => {
    const { deposits } = await listDeposits(deps, channelId, { state: "refused" }, 10);
    return deposits[0] as DepositPayment;
  };
  for (const channelId of [over, again]) {
    const refused = await first(channelId);
    expect(await isDue(refused)).toBe(true);
    await processMessage(deps, { paymentId: refused.id });
    expect(await isDue(refused)).toBe(false);
  }
  expect(toldOf(await first(over))).toEqual(["refused"]);
  expect(toldOf(await first(again))).toEqual([]);
  simulator.pay(second.id);
  await look(second);
  expect(toldOf(second)).toEqual(["paid"]);
});

test("deposits are found by state and time, in one channel and in all", async () => {
  const channels = await Promise.all(
    ["One", "Two"].map(async (name) => valueOf(await createChannel(deps, { name }, newId("evt"), new Date())).id),
  );
  const ids = channels.toSorted();
  const begun: DepositPayment[] = [];
  for (const channelId of ids) for (const key of ["a", "b"]) begun.push(valueOf(await begin(channelId, 1_000, key)));
  const [first, , third] = begun as [DepositPayment, DepositPayment, DepositPayment];
  simulator.pay(first.id);
  await look(first);
  const found = async (filter: Parameters<typeof searchDeposits>[1], limit = 10): Promise<string[]> => {
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const { deposits, next } = await searchDeposits(deps, filter, limit, after);
      seen.push(...deposits.filter(({ channelId }) => ids.includes(channelId)).map(({ id }) => id));
      if (next === null) return seen;
      after = next;
    }
  };
  const newestFirst = [1, 0, 3, 2].map((at) => begun[at]?.id);
  expect(await found({})).toEqual(newestFirst);
  expect(await found({}, 1)).toEqual(newestFirst);
  expect(await found({ state: "paid" })).toEqual([first.id]);
  expect(await found({ since: third.createdAt })).toEqual(newestFirst.slice(2));
  expect(await found({ until: third.createdAt })).toEqual(newestFirst.slice(0, 2));
  const own = await listDeposits(deps, first.channelId, { state: "awaiting_payment" }, 10);
  expect(own.deposits.map(({ id }) => id)).toEqual([begun[1]?.id]);
});
