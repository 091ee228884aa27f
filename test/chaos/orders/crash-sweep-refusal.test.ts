import { beforeAll, expect, test } from "vitest";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { orderIdFor } from "../../../shared/orders/table.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { afterPut } from "../../support/faults/hooks.ts";
import { type Process, startNewcomer } from "../../support/faults/processes.ts";
import { violations } from "../../support/orders/invariants.ts";
import {
  buy,
  giveMoney,
  openMarket,
  settleMoney,
  stockedProduct,
  sweepUntilQuiet,
} from "../../support/orders/market.ts";

// A refused order owns nothing and costs nothing, at whatever call its process died, and its key may be tried again.

const { alive, crashEverywhere } = await ownGround();
let newcomer: Process;

beforeAll(async () => {
  newcomer = await startNewcomer();
});

async function spendable(channelId: string): Promise<number | undefined> {
  return (await readAccount(alive, channelId, "CNY"))?.spendable;
}

test("no money after all: dead at any call of the refusal, nothing is kept, and the same key buys once there is money", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { productId, channelId } = await openMarket(alive, { stock: 5, money: 200 });
    const lines = [{ productId, quantity: 2 }];
    const quicker = () => buy(alive, channelId, "quicker", [{ productId, quantity: 1 }]);
    // Between the look at the account and the debit, another order takes some of the money.
    afterPut(doomed.deps, async () => {
      await quicker();
    });
    await doomed.run((deps) => buy(deps, channelId, "order", lines));
    await quicker();
    expect(await buy(alive, channelId, "order", lines)).toMatchObject({ ok: false, code: "insufficient_funds" });

    const orders = ["order", "quicker"].map((key) => orderIdFor(channelId, key));
    const scope = { products: [productId], channels: [channelId], orders };
    await sweepUntilQuiet(alive, productId);
    await settleMoney(alive, ...orders);
    expect(await violations(alive, scope)).toEqual([]);
    expect(await spendable(channelId)).toBe(100);

    await giveMoney(alive, channelId, 100);
    const paid = await newcomer.buy(alive, channelId, "order", lines);
    expect(paid).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
    await settleMoney(alive, ...orders);
    expect(await violations(alive, scope)).toEqual([]);
    expect(await spendable(channelId)).toBe(0);
  });
  expect(calls).toBeGreaterThanOrEqual(12);
});

/** If the code of the first line was drawn in vain, it is the first line that is short. */
const ONE_OF_TWO = { pointer: expect.stringMatching(/^\/lines\/[01]$/) as string };

test("not enough codes: dead at any call of the refusal, the codes drawn in vain are for sale again", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { productId, channelId } = await openMarket(alive, { stock: 1, money: 1000 });
    const other = await stockedProduct(alive, 1);
    const order = (deps: Domain) =>
      buy(deps, channelId, "order", [
        { productId: other, quantity: 1 },
        { productId, quantity: 2 },
      ]);
    await doomed.run(order);
    expect(await order(alive)).toMatchObject({ ok: false, code: "sold_out", errors: [ONE_OF_TWO] });
    await sweepUntilQuiet(alive, productId, other);
    const orders = [orderIdFor(channelId, "order")];
    expect(await violations(alive, { products: [productId, other], channels: [channelId], orders })).toEqual([]);
    expect(await spendable(channelId)).toBe(1000);
    const lines = [productId, other].map((productId) => ({ productId, quantity: 1 }));
    const both = await newcomer.buy(alive, channelId, "one of each", lines);
    expect(both).toMatchObject({ ok: true, value: { order: { state: "fulfilled" } } });
  });
  expect(calls).toBeGreaterThanOrEqual(8);
});
