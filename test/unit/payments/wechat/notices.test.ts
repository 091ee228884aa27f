import { expect, test } from "vitest";
import { theirs } from "../../../support/payments/wechat/keys.ts";
import { adapterFor, chargeOf, refundOf, wechatMerchant } from "../../../support/payments/wechat/merchant.ts";
import { platform } from "../../../support/payments/wechat/published.ts";
import type { Notice } from "../../../support/payments/wechat/wire.ts";

const { simulator, method } = await wechatMerchant();
const charge = chargeOf();
await method.start(charge);
simulator.pay(charge.id);
const check = ({ body, headers }: Notice, by = method) => by.verify(body, headers, new Date());
const forged = { ok: false, reason: "forged" };

test("a notice names its payment, or its complaint, and itself, the same on every redelivery", async () => {
  const id = "EV-2018022511223320873";
  const told = { ok: true, notice: { eventId: id, paymentId: charge.id } };
  expect(check(simulator.notice(charge.id, { id }))).toEqual(told);
  expect(check(simulator.notice(charge.id, { id }))).toEqual(told);
  const refund = refundOf(1);
  await method.refund(charge, refund);
  for (const status of ["SUCCESS", "ABNORMAL", "CLOSED"] as const) {
    simulator.endRefund(refund.id, status);
    expect(check(simulator.refundNotice(refund.id))).toMatchObject({ ok: true, notice: { paymentId: charge.id } });
  }
  const { id: disputeId } = simulator.complain(charge.id);
  expect(check(simulator.complaintNotice(disputeId, { id }))).toEqual({ ok: true, notice: { eventId: id, disputeId } });
});

test("a probe, a made-up, a changed and a late notice are refused, each by its name", () => {
  for (const wrong of ["probe", "other_key", "new_key"] as const)
    expect(check(simulator.notice(charge.id, { wrong }))).toEqual(forged);
  expect(check(simulator.notice(charge.id, { wrong: "none" }))).toEqual({ ok: false, reason: "malformed" });
  expect(check(simulator.notice(charge.id, { wrong: "old" }))).toEqual({ ok: false, reason: "stale" });
  const { body, headers } = simulator.notice(charge.id);
  expect(check({ body: body.replace("TRANSACTION.SUCCESS", "REFUND.SUCCESS"), headers })).toEqual(forged);
  expect(check({ body: "", headers })).toEqual(forged);
});

test("what was sealed with another key than ours is refused; during a rotation both of ours open it", () => {
  const next = "b".repeat(32);
  const told = simulator.notice(charge.id, { apiV3Key: next });
  expect(check(told)).toEqual(forged);
  const { apiV3Key, ...rest } = simulator.credentials;
  const rotating = adapterFor(simulator.url, { ...rest, apiV3Key: next, previousApiV3Key: apiV3Key });
  expect(check(told, rotating).ok).toBe(true);
  expect(check(simulator.notice(charge.id), rotating).ok).toBe(true);
});

test("while keys change, notices by either verify; a key that was taken out no longer does", () => {
  const { [platform.serial]: _certificate, ...withoutCertificate } = simulator.credentials;
  const later = adapterFor(simulator.url, withoutCertificate as typeof simulator.credentials);
  for (const serial of [theirs.serial, platform.serial])
    expect(check(simulator.notice(charge.id, { serial })).ok).toBe(true);
  expect(check(simulator.notice(charge.id, { serial: platform.serial }), later)).toEqual(forged);
  expect(check(simulator.notice(charge.id, { serial: theirs.serial }), later).ok).toBe(true);
});

test("a notice about another merchant's trade, or one that is not ours, is about nothing of ours", () => {
  for (const lie of [{ mchid: "1900000110" }, { out_trade_no: "20260101000001" }, { out_trade_no: undefined }]) {
    const verified = check(simulator.notice(charge.id, { lie }));
    expect(verified).toEqual({ ok: true, notice: { eventId: expect.any(String) as string } });
  }
});

test("the answer that stops a notice, and the one that has it come again", () => {
  expect(method.ack(true)).toEqual({ status: 200, body: '{"code":"SUCCESS"}', contentType: "application/json" });
  expect(method.ack(false)).toMatchObject({ status: 500, body: expect.stringContaining('"FAIL"') as string });
});
