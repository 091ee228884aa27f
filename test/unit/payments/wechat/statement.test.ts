import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { linesOf } from "../../../../shared/payments/wechat/bill.ts";
import { chargeOf, refundOf, wechatMerchant } from "../../../support/payments/wechat/merchant.ts";
import { bill } from "../../../support/payments/wechat/published.ts";
import { beijing } from "../../../support/payments/wechat/trades.ts";

const { simulator, method } = await wechatMerchant();
const statement = async (day: string) => {
  const page = await method.statement?.(day, undefined);
  if (page === undefined) throw new Error("no statement");
  return page;
};
const today = beijing().slice(0, 10);

test("a bill that WeChat Pay has made is read, each movement with its time and amount", () => {
  expect(createHash("sha1").update(bill).digest("hex")).toBe("dcd7ceb3d382a1181798368bb15d8437de46c00f");
  const lines = linesOf(bill);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toEqual({
    kind: "payment",
    externalId: "4200000925202101284997714292",
    occurrence: 1,
    amount: 1,
    fee: 0,
    currency: "CNY",
    at: "2021-01-28T09:07:11.000Z",
  });
});

test("a bill that is cut, changed, or has lines of another shape is no statement", () => {
  const [first = ""] = bill.split("\r\n").slice(1);
  for (const wrong of [
    bill.replace(`${first}\r\n`, ""),
    bill.replace("`0.01,`0.00,`\r\n", "`0.02,`0.00,`\r\n"),
    bill.replace("`0.00000,`1.00%", "`0.00001,`1.00%"),
    bill.replace("`1.00%,", ""),
    bill.replace("`0.01,`0.00,`0", "`one,`0.00,`0").replace("`0.01,`0.00,`\r\n", "`one,`0.00,`\r\n"),
    bill.replace("微信订单号", "订单号"),
    "",
  ])
    expect(() => linesOf(wrong)).toThrow("bill");
});

test("a day's payments, refunds and fees are told, and the fees are rounded as a whole", async () => {
  const charges = [chargeOf(70, { description: "a, b,`c" }), chargeOf(70), chargeOf(71)];
  for (const charge of charges) {
    await method.start(charge);
    simulator.pay(charge.id);
  }
  const [first] = charges;
  if (first === undefined) throw new Error("no charge");
  await method.refund(first, refundOf(30));
  const { lines } = await statement(today);
  expect(lines.map(({ kind, amount }) => [kind, amount])).toEqual(
    expect.arrayContaining([
      ["payment", 70],
      ["refund", 30],
      ["payment", 70],
      ["payment", 71],
    ]) as unknown,
  );
  // 0.6 % of 70, less 30, and of 70 and 71: 0.42 − 0.18 + 0.42 + 0.426 = 1.086 fen.
  expect(lines.reduce((sum, { fee }) => sum + fee, 0)).toBe(1);
  const paid = await method.query(first);
  expect(lines.map(({ externalId }) => externalId)).toContain(paid.kind === "paid" && paid.received.providerPaymentId);
  simulator.next({ kind: "signed", wrong: "probe" });
  expect((await statement(today)).lines).toEqual(lines);
});

test("a day on which nothing moved is empty; a bill that is not the announced one, or does not come, throws", async () => {
  expect(await statement("2020-01-01")).toEqual({ lines: [] });
  simulator.next({ kind: "signed", wrong: "none" });
  await expect(statement(today)).rejects.toThrow("unsigned_answer");
  simulator.next({ kind: "slow", ms: 1 }, { kind: "changed" });
  await expect(statement(today)).rejects.toThrow("announced");
});
