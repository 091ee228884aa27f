import { describe, expect, test } from "vitest";
import { aCharge, aRefund } from "../../../support/payments/alipay/charges.ts";
import { alipayGround } from "../../../support/payments/alipay/ground.ts";

// Against a server that speaks Alipay's gateway, and answers too late, wrongly or not at all.

const { simulator, alipay, begun, paid } = await alipayGround();

describe("a refund", () => {
  test("whose answer is lost happens once, however often it is asked for", async () => {
    const charge = await paid();
    const refund = aRefund(700);
    simulator.misbehave("alipay.trade.refund", { kind: "lost" }, { kind: "system_error_after" }, { kind: "forged" });
    for (let tries = 0; tries < 3; tries++) expect((await alipay.refund(charge, refund)).kind).toBe("unknown");
    const given = { kind: "refunded", providerRefundId: refund.id };
    // Alipay says `fund_change` N this time: this call moved nothing.
    expect(await alipay.refund(charge, refund)).toMatchObject(given);
    expect(await alipay.queryRefund(charge, refund)).toMatchObject(given);
    expect(simulator.holdsOf(charge.id)).toBe(800);
  });

  test("that Alipay has taken and not given yet is pending: only its own word for success counts", async () => {
    const charge = await paid();
    const refund = aRefund(1500);
    simulator.misbehave("alipay.trade.refund", { kind: "later" });
    expect(await alipay.refund(charge, refund)).toEqual({ kind: "pending" });
    expect(await alipay.queryRefund(charge, refund)).toEqual({ kind: "never_heard" });
    expect((await alipay.refund(charge, refund)).kind).toBe("refunded");
    expect(simulator.refunds(charge.id)).toHaveLength(1);
  });

  test.each([
    ["more than was paid", (id: string) => id, aRefund(1501), "more_than_paid"],
    ["after the time for refunds", (id: string) => simulator.finish(id), aRefund(1), "refund_window_over"],
  ])("of %s is refused by a word of ours", async (_name, act, refund, reason) => {
    const charge = await paid();
    act(charge.id);
    expect(await alipay.refund(charge, refund)).toEqual({ kind: "refused", reason });
    expect(simulator.holdsOf(charge.id)).toBe(1500);
  });

  test("of a payment that nobody has made is refused, and one of another amount under the same name", async () => {
    const { charge: unpaid } = await begun();
    expect(await alipay.refund(unpaid, aRefund(1))).toEqual({ kind: "refused", reason: "not_refundable" });
    expect(await alipay.refund(aCharge(), aRefund(1))).toEqual({ kind: "refused", reason: "unknown_payment" });
    const charge = await paid();
    const refund = aRefund(100);
    await alipay.refund(charge, refund);
    const other = { ...refund, amount: 200 };
    for (const outcome of [await alipay.refund(charge, other), await alipay.queryRefund(charge, other)])
      expect(outcome).toEqual({ kind: "refused", reason: "reference_reused" });
  });

  test("that our balance doesn't cover is tried again for a day, and then waits for a person", async () => {
    const charge = await paid();
    const poor = { kind: "sub_code", code: "ACQ.SELLER_BALANCE_NOT_ENOUGH" } as const;
    simulator.misbehave("alipay.trade.refund", poor, poor);
    const refund = aRefund(1500);
    expect(await alipay.refund(charge, refund)).toEqual({ kind: "not_sent", reason: "balance_too_low" });
    const requestedAt = new Date(Date.now() - 25 * 3_600_000).toISOString();
    expect(await alipay.refund(charge, { ...refund, requestedAt })).toEqual({
      kind: "refused",
      reason: "balance_too_low",
    });
    expect((await alipay.refund(charge, refund)).kind).toBe("refunded");
  });

  test("that was done before is no refusal, whatever Alipay says to the repeat", async () => {
    const charge = await paid();
    const refund = aRefund(1500);
    simulator.misbehave("alipay.trade.refund", { kind: "lost" }, { kind: "sub_code", code: "ACQ.TRADE_HAS_CLOSE" });
    expect((await alipay.refund(charge, refund)).kind).toBe("unknown");
    expect((await alipay.refund(charge, refund)).kind).toBe("refunded");
    expect(simulator.refunds(charge.id)).toHaveLength(1);
    // While nobody can say whether it was done, a refusal is none: a person would pay a second time.
    simulator.misbehave("alipay.trade.refund", { kind: "sub_code", code: "ACQ.TRADE_HAS_CLOSE" });
    simulator.misbehave("alipay.trade.fastpay.refund.query", { kind: "down" });
    expect(await alipay.refund(charge, refund)).toEqual({ kind: "unknown", reason: "http_503" });
  });
});
