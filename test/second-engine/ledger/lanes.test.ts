import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { debit } from "../../../shared/ledger/debit.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { laneFor, readAccount, readLanes } from "../../../shared/ledger/lanes.ts";
import { shift } from "../../../shared/ledger/level.ts";
import { pendingsIn } from "../../../shared/ledger/model.ts";
import { readStatement } from "../../../shared/ledger/statement.ts";
import { laneKey } from "../../../shared/ledger/table.ts";
import { advance } from "../../../shared/orders/advance.ts";
import { Busy } from "../../../shared/orders/busy.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { settleChannel } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { before, fallAsleep, type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  giveMoney,
  type Market,
  openMarket,
  orderOf,
  settleMoney,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// The money of one channel in several lanes: it is one account to everybody who asks.

const { deps } = await sceneGround();

const PRICE = 100;
const currency = "CNY";
const SOON = new Date(Date.now() + 3600_000);

/** An account whose lanes have so much each. */
async function openWith(amounts: readonly number[], stock = 20): Promise<Market & { deps: Domain }> {
  const market = await openMarket(deps, { stock, money: amounts.reduce((sum, one) => sum + one, 0), price: PRICE });
  const account = { channelId: market.channelId, currency };
  await setLanes(deps, account, amounts.length);
  await spreadAs(deps, market.channelId, amounts);
  return { ...market, deps };
}

async function spreadAs(deps: Domain, channelId: string, amounts: readonly number[]): Promise<void> {
  const account = { channelId, currency };
  for (const [lane, { spendable }] of (await readLanes(deps, account)).entries())
    if (lane > 0 && spendable > 0) await shift(deps, account, { from: lane, to: 0, amount: spendable });
  for (const [lane, amount] of amounts.entries())
    if (lane > 0 && amount > 0) await shift(deps, account, { from: 0, to: lane, amount });
  expect((await readLanes(deps, account)).map(({ spendable }) => spendable)).toEqual(amounts);
}

const order = (deps: Domain, { channelId, productId }: Market, key: string, quantity = 1) =>
  buy(deps, channelId, key, [{ productId, quantity }], "keep sealed");

async function expectAllInOrder(deps: Domain, { channelId, productId }: Market, keys: readonly string[]) {
  const orders = keys.map((key) => orderIdFor(channelId, key));
  await settleChannel(deps, channelId, SOON);
  await sweepUntilQuiet(deps, productId);
  expect(await violations(deps, { products: [productId], channels: [channelId], orders })).toEqual([]);
}

const spendable = async (deps: Domain, { channelId }: Market) =>
  (await readAccount(deps, channelId, currency))?.spendable;

test("an order that no lane covers is paid with what they have together, and only then there is too little", async () => {
  const { deps, ...market } = await openWith([90, 60, 80, 70]);
  expect(await order(deps, market, "all", 3)).toMatchObject({ ok: true });
  expect(await order(deps, market, "none")).toMatchObject({ code: "insufficient_funds" });
  expect(await spendable(deps, market)).toBe(0);
  await expectAllInOrder(deps, market, ["all"]);
});

test("an order whose lane is short is debited in another that has enough, and is booked there", async () => {
  const { deps, ...market } = await openWith([0, 0, 0, 1000]);
  const keys = Array.from({ length: 10 }, (_, index) => `order ${index}`);
  for (const key of keys) expect(await order(deps, market, key)).toMatchObject({ ok: true });
  expect((await orderOf(deps, market.channelId, "order 0"))?.fundedLane).toBe(3);
  await settleMoney(deps, ...keys.map((key) => orderIdFor(market.channelId, key)));
  expect(pendingsIn((await readAccount(deps, market.channelId, currency)) ?? { lanes: [] })).toEqual([]);
  await expectAllInOrder(deps, market, keys);
  expect(await spendable(deps, market)).toBe(0);
});

test("money that moves between lanes while they are read is not missed", async () => {
  const { deps, ...market } = await openWith([60, 0, 60]);
  const account = { channelId: market.channelId, currency };
  const readsLane =
    (lane: number): Moment =>
    ({ input, constructor: { name } }) =>
      name === GetCommand.name && JSON.stringify(input["Key"]) === JSON.stringify(laneKey({ ...account, lane }));
  // What is in the last lane goes to the first, after that was read and before the last is.
  const moved = meanwhile(deps, readsLane(2), () => shift(deps, account, { from: 2, to: 0, amount: 60 }));
  expect(
    await debit(
      moved,
      market.channelId,
      { id: orderFor(1, 3), epoch: 1, total: { amount: 100, currency } },
      new Date(),
    ),
  ).toMatchObject({ ok: true });
});

test("a lane that has spent what somebody wants to move by now gives nothing, and never owes", async () => {
  const { deps, ...market } = await openWith([60, 60]);
  const account = { channelId: market.channelId, currency };
  expect(await shift(deps, account, { from: 0, to: 1, amount: 61 })).toBe(false);
  expect((await readLanes(deps, account)).map((lane) => lane.spendable)).toEqual([60, 60]);
  // Between the look and the move the lane that was to give is emptied by another order.
  const movesMoney: Moment = ({ input }) => /spendable - :amount/.test(JSON.stringify(input["TransactItems"] ?? []));
  const slow = meanwhile(deps, movesMoney, () =>
    debit(deps, market.channelId, { id: orderFor(1, 2), epoch: 1, total: { amount: 60, currency } }, new Date()),
  );
  expect(await order(slow, market, "too late")).toMatchObject({ code: "insufficient_funds" });
  expect((await readLanes(deps, account)).map((lane) => lane.spendable)).toEqual([60, 0]);
});

test("of two helpers who know different numbers of lanes one pays, and the other's money goes back", async () => {
  const { deps, ...market } = await openWith([1000]);
  const account = { channelId: market.channelId, currency };
  const key = keyFor(market.channelId, 1, 4);
  await fallAsleep(deps, before.theFinish, (sleepy) => order(sleepy, market, key));
  await setLanes(deps, account, 4);
  await fallAsleep(deps, before.theFinish, (sleepy) => order(sleepy, market, key));
  expect(pendingsIn((await readAccount(deps, market.channelId, currency)) ?? { lanes: [] })).toHaveLength(2);
  expect(await order(deps, market, key)).toMatchObject({ ok: true });
  await expectAllInOrder(deps, market, [key]);
  expect(await spendable(deps, market)).toBe(900);
});

test("a helper who finds all lanes short because of the order's own money pays with that", async () => {
  const { deps, ...market } = await openWith([PRICE]);
  const key = keyFor(market.channelId, 1, 4);
  await fallAsleep(deps, before.theFinish, (sleepy) => order(sleepy, market, key));
  await setLanes(deps, { channelId: market.channelId, currency }, 4);
  expect(await order(deps, market, key)).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
  await expectAllInOrder(deps, market, [key]);
  expect(await spendable(deps, market)).toBe(0);
});

test("a refusal gives back what lies in any lane", async () => {
  const { deps, ...market } = await openWith([1000]);
  const key = keyFor(market.channelId, 1, 4);
  await fallAsleep(deps, before.theFinish, (sleepy) => order(sleepy, market, key));
  await setLanes(deps, { channelId: market.channelId, currency }, 4);
  await fallAsleep(deps, before.theFinish, (sleepy) => order(sleepy, market, key));
  expect(await cancelOrder(deps, market.channelId, orderIdFor(market.channelId, key))).toMatchObject({ ok: true });
  expect(await spendable(deps, market)).toBe(1000);
  await expectAllInOrder(deps, market, [key]);
});

test("sixty buyers at once, of unequal lanes with money for forty: forty buy, twenty hear that there is too little", async () => {
  const { deps, ...market } = await openWith([2950, 10, 0, 540, 25, 475], 60);
  const keys = Array.from({ length: 60 }, (_, index) => `buyer ${index}`);
  const until = async (key: string): Promise<string> => {
    for (;;) {
      const bought = await order(deps, market, key).catch((error: unknown) => {
        if (error instanceof Busy) return { ok: false, code: "busy" } as const;
        throw error;
      });
      if (bought.ok || bought.code !== "busy") return bought.ok ? "bought" : bought.code;
    }
  };
  const answers = await Promise.all(keys.map(until));
  expect(answers.filter((answer) => answer === "bought")).toHaveLength(40);
  expect(answers.filter((answer) => answer === "insufficient_funds")).toHaveLength(20);
  expect(await spendable(deps, market)).toBe(0);
  await expectAllInOrder(deps, market, keys);
});

test("a lane takes so many pendings and no more: another is used, and when all are full the order is told to wait", async () => {
  const { deps, ...market } = await openWith([100_000], 3);
  const { channelId } = market;
  const fill = async (lane: number, of: number): Promise<void> => {
    for (let n = 0; n < LIMITS.pendingsPerLane; n++)
      await debit(deps, channelId, { id: orderFor(lane, of), epoch: 1, total: { amount: 1, currency } }, new Date());
  };
  await fill(0, 1);
  expect(await order(deps, market, "first")).toMatchObject({ code: "busy" });
  await setLanes(deps, { channelId, currency }, 2);
  expect(await order(deps, market, keyFor(channelId, 0, 2))).toMatchObject({ ok: true });
  expect((await orderOf(deps, channelId, keyFor(channelId, 0, 2)))?.fundedLane).toBe(1);
  await fill(1, 2);
  expect(await order(deps, market, "second")).toMatchObject({ code: "busy" });
  const sleeper = await debit(
    deps,
    channelId,
    { id: newId("ord"), epoch: 1, total: { amount: 1, currency } },
    new Date(),
  );
  expect(sleeper).toEqual({ ok: false, why: "busy" });
  expect(await order(deps, market, "poor", 3)).toMatchObject({ code: "busy" });
});

test("an order that meets a full account when it is put waits, and goes on when its money is booked", async () => {
  const { deps, ...market } = await openWith([100_000], 3);
  const { channelId } = market;
  const others: Promise<unknown>[] = [];
  const busy = meanwhile(deps, before.theDebit, async () => {
    for (let n = 0; n < LIMITS.pendingsPerLane; n++)
      await debit(deps, channelId, { id: newId("ord"), epoch: 1, total: { amount: 1, currency } }, new Date());
  });
  await expect(order(busy, market, "first")).rejects.toThrow(Busy);
  expect((await orderOf(deps, channelId, "first"))?.state).toBe("open");
  await Promise.all(others);
  await setLanes(deps, { channelId, currency }, 2);
  const open = await orderOf(deps, channelId, "first");
  expect(open && (await advance(deps, open)).state).toBe("fulfilled");
});

test("lanes never become fewer, deposits are spread, and the account shows one sum", async () => {
  const { deps, ...market } = await openWith([250, 250, 250, 250]);
  const account = { channelId: market.channelId, currency };
  expect(await setLanes(deps, account, 3)).toMatchObject({ code: "invalid_request" });
  expect(await setLanes(deps, account, LIMITS.accountLanes + 1)).toMatchObject({ code: "invalid_request" });
  expect(await setLanes(deps, account, 4)).toMatchObject({ ok: true });
  await giveMoney(deps, market.channelId, 7_000);
  const amounts = (await readLanes(deps, account)).map((lane) => lane.spendable);
  expect(Math.min(...amounts)).toBeGreaterThanOrEqual(1000);
  const again = await deposit(deps, market.channelId, { amount: 5, currency }, "once", new Date());
  expect(again).toMatchObject({ value: { spendable: 8_005 } });
  await deposit(deps, market.channelId, { amount: 5, currency }, "once", new Date());
  await order(deps, market, "an order");
  const [balance] = (await readStatement(deps, market.channelId)).balances;
  expect(balance).toMatchObject({ available: { amount: 7_905 }, pending: { amount: 100 } });
  await expectAllInOrder(deps, market, ["an order"]);
  const [after] = (await readStatement(deps, market.channelId)).balances;
  expect(after?.movements.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["deposit", "sale"]));
  const times = after?.movements.map(({ at }) => at) ?? [];
  expect(times).toEqual(times.toSorted().toReversed());
});

/** An order whose money is looked for in this lane, of so many. */
function orderFor(lane: number, of: number): string {
  for (;;) {
    const id = newId("ord");
    if (laneFor(id, of) === lane) return id;
  }
}

/** A key whose order's money is looked for in this lane, of so many. */
function keyFor(channelId: string, lane: number, of: number): string {
  for (let number = 0; ; number++)
    if (laneFor(orderIdFor(channelId, `key ${number}`), of) === lane) return `key ${number}`;
}
