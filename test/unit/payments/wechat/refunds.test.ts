import { expect, test } from "vitest";
import { chargeOf, refundOf, wechatMerchant } from "../../../support/payments/wechat/merchant.ts";

const { simulator, method } = await wechatMerchant();

async function paid(amount = 100) {
  const charge = chargeOf(amount);
  await method.start(charge);
  simulator.pay(charge.id);
  return charge;
}

test("a refund that takes its time is pending until it is known, and once for its number", async () => {
  const [charge, refund] = [await paid(), refundOf(40)];
  simulator.setRefunds("PROCESSING");
  for (let again = 0; again < 2; again++) expect(await method.refund(charge, refund)).toEqual({ kind: "pending" });
  simulator.setRefunds("SUCCESS");
  expect(await method.queryRefund(charge, refund)).toEqual({ kind: "pending" });
  simulator.endRefund(refund.id, "SUCCESS");
  expect(await method.queryRefund(charge, refund)).toMatchObject({
    kind: "refunded",
    at: expect.stringMatching(/Z$/) as string,
  });
  expect(simulator.holdsOf(charge.id)).toBe(60);
  expect(simulator.refunds(charge.id)).toHaveLength(1);
});

test("a refund that ends at a closed card or is closed goes to a person", async () => {
  for (const [status, reason] of [
    ["ABNORMAL", "payer_account_unusable"],
    ["CLOSED", "refund_closed"],
  ] as const) {
    const [charge, refund] = [await paid(), refundOf(40)];
    simulator.setRefunds("PROCESSING");
    await method.refund(charge, refund);
    simulator.setRefunds("SUCCESS");
    simulator.endRefund(refund.id, status);
    expect(await method.queryRefund(charge, refund)).toEqual({ kind: "refused", reason });
    expect(await method.refund(charge, refund)).toEqual({ kind: "refused", reason });
    expect(simulator.holdsOf(charge.id)).toBe(100);
  }
});

test("too little money at WeChat Pay and too many calls are no refusals: it is asked for again", async () => {
  const [charge, refund] = [await paid(), refundOf(40)];
  simulator.setBalance(39);
  expect(await method.refund(charge, refund)).toEqual({ kind: "not_sent", reason: "balance_too_low" });
  expect(await method.queryRefund(charge, refund)).toEqual({ kind: "never_heard" });
  simulator.setBalance(40);
  simulator.next({ kind: "throttled" });
  expect(await method.refund(charge, refund)).toMatchObject({ kind: "not_sent", reason: "throttled" });
  expect(await method.refund(charge, refund)).toMatchObject({ kind: "refunded" });
  simulator.setBalance(Number.POSITIVE_INFINITY);
});

test("a refund whose answer is lost or unsigned is unknown, and the same again gives nothing back twice", async () => {
  for (const fate of [{ kind: "cut" }, { kind: "system_error" }, { kind: "signed", wrong: "none" }] as const) {
    const [charge, refund] = [await paid(), refundOf(40)];
    simulator.next(fate);
    expect((await method.refund(charge, refund)).kind).toBe("unknown");
    expect(await method.refund(charge, refund)).toMatchObject({ kind: "refunded" });
    expect(simulator.holdsOf(charge.id)).toBe(60);
  }
});

test("more than was paid is refused for good; an unequal twin of a refund is no new one", async () => {
  const [charge, refund] = [await paid(), refundOf(60)];
  expect(await method.refund(charge, refund)).toMatchObject({ kind: "refunded" });
  expect(await method.refund(charge, refundOf(41))).toEqual({ kind: "refused", reason: "invalid_request" });
  expect(await method.refund(charge, { ...refund, amount: 10 })).toEqual({ kind: "unknown", reason: "other_refund" });
  expect(simulator.holdsOf(charge.id)).toBe(40);
});

test("a trade that WeChat Pay does not find is no refusal: it finds it later", async () => {
  expect(await method.refund(chargeOf(), refundOf(1))).toEqual({ kind: "unknown", reason: "resource_not_exists" });
});

test("an answer about another refund, or of another amount, is not believed", async () => {
  const [charge, refund] = [await paid(), refundOf(40)];
  await method.refund(charge, refund);
  for (const lie of [
    { out_refund_no: "rfd_other" },
    { out_trade_no: chargeOf().id },
    { amount: { refund: 1, currency: "CNY" } },
  ]) {
    simulator.lie(lie);
    expect(await method.queryRefund(charge, refund)).toEqual({ kind: "unknown", reason: "other_refund" });
  }
  simulator.lie({});
});
