import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lane } from "../../../shared/ledger/model.ts";
import { pendingKey } from "../../../shared/ledger/model.ts";
import { type Funding, judge } from "../../../shared/ledger/settle.ts";
import { fundingOf } from "../../../shared/orders/funding.ts";
import { isFinal, isUnwinding } from "../../../shared/orders/states.ts";
import { codeLine, ORDER_STATES, orderOf } from "../../support/orders/order-fixtures.ts";

const accountWith = (...pendings: { orderId?: string; epoch: number; nonce: string }[]): Lane => ({
  channelId: "chan_1",
  currency: "CNY",
  spendable: 0,
  credit: 0,
  posted: 0,
  pending: Object.fromEntries(
    pendings.map(({ orderId = "ord_1", epoch, nonce }) => [
      pendingKey(orderId, epoch),
      { amount: 1500, nonce, at: "2026-03-01T12:00:00.000Z" },
    ]),
  ),
});

const funding = (more: Partial<Funding> = {}): Funding => ({
  channelId: "chan_1",
  currency: "CNY",
  orderId: "ord_1",
  epoch: 2,
  amount: 1500,
  isOver: false,
  ...more,
});

/** "wait" is no verdict at all. */
const verdictOn = (account: Lane, of: Funding): string => judge(account, [of])[0]?.outcome ?? "wait";

describe("money that was set aside for an order", () => {
  const mine = accountWith({ epoch: 2, nonce: "mine" });

  it.each([
    ["is booked when the order names it", funding({ fundedBy: ["mine"] }), "post"],
    ["is booked also when the order is over: it did pay", funding({ fundedBy: ["mine"], isOver: true }), "post"],
    ["waits while the order is still being sold", funding(), "wait"],
    ["is booked when another payer paid beside it", funding({ fundedBy: ["other", "mine"] }), "post"],
    ["goes back when the order was paid by another", funding({ fundedBy: ["other"] }), "void"],
    ["goes back when the order ended unpaid", funding({ isOver: true }), "void"],
    ["waits for who knows its epoch, whatever an older reading says", funding({ epoch: 1, isOver: true }), "wait"],
    ["waits for who knows its epoch, even if the names were alike", funding({ epoch: 1, fundedBy: ["mine"] }), "wait"],
    ["goes back when it is from an earlier epoch", funding({ epoch: 3 }), "void"],
    [
      "goes back when it is from an earlier epoch, even if the names were alike",
      funding({ epoch: 3, fundedBy: ["mine"] }),
      "void",
    ],
    ["goes back when the order costs another amount, for it must not pay for it", funding({ amount: 1501 }), "void"],
    ["goes back when the order is in another currency by now", funding({ currency: "USD" }), "void"],
    [
      "waits for who knows its epoch, whatever currency an older reading says",
      funding({ epoch: 1, currency: "USD" }),
      "wait",
    ],
  ])("%s", (_what, of, verdict) => {
    expect(verdictOn(mine, of)).toBe(verdict);
  });

  it("is not touched by the news of another order, even one whose name begins alike", () => {
    const account = accountWith({ orderId: "ord_12", epoch: 1, nonce: "n" });
    expect(judge(account, [funding({ epoch: 5, isOver: true })])).toEqual([]);
  });

  it("is judged for each epoch by itself", () => {
    const account = accountWith({ epoch: 1, nonce: "old" }, { epoch: 2, nonce: "mine" }, { epoch: 3, nonce: "newer" });
    const verdicts = judge(account, [funding({ fundedBy: ["mine"] })]).map(({ key, outcome }) => [key, outcome]);
    expect(verdicts).toEqual([
      ["ord_1@1", "void"],
      ["ord_1@2", "post"],
    ]);
  });

  it("is booked at most once for an order, whatever lies in the account", () => {
    const pendings = fc.uniqueArray(
      fc.record({ epoch: fc.integer({ min: 1, max: 6 }), nonce: fc.constantFrom("a", "b", "c") }),
      { selector: ({ epoch }) => epoch },
    );
    const reading = fc.record({
      epoch: fc.integer({ min: 1, max: 6 }),
      fundedBy: fc.option(fc.uniqueArray(fc.constantFrom("a", "b", "c"), { minLength: 1 }), { nil: undefined }),
      isOver: fc.boolean(),
    });
    fc.assert(
      fc.property(pendings, reading, (pendings, reading) => {
        const verdicts = judge(accountWith(...pendings), [funding(reading)]);
        const posted = verdicts.filter(({ outcome }) => outcome === "post");
        expect(posted.length).toBeLessThanOrEqual(1);
        for (const { pending } of posted) expect(reading.fundedBy).toContain(pending.nonce);
        for (const { key } of verdicts) expect(Number(key.split("@")[1])).toBeLessThanOrEqual(reading.epoch);
      }),
    );
  });
});

describe("what an order says of its money", () => {
  it.each(ORDER_STATES)(
    "is that nothing can pay for it any more, just when it is over or on its way back: %s",
    (state) => {
      const { isOver } = fundingOf(orderOf(state, [codeLine("open")]));
      expect(isOver).toBe(isFinal(state) || isUnwinding(state));
    },
  );
});
