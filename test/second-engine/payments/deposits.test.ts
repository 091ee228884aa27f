import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit, findDeposit } from "../../../shared/ledger/deposits.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { carryOutReversal, planReversal } from "../../../shared/review/reverse-deposit.ts";
import type { Decider } from "../../../shared/review/two-people.ts";
import { wrongBooks } from "../../support/orders/books.ts";
import { buy, openMarket, settleMoney } from "../../support/orders/market.ts";
import { anna, ben } from "../../support/review/review-ground.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// A deposit that was wrong is taken out of its account again, by two people, once.

const { deps } = await sceneGround();

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
