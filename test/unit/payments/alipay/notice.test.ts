import { createSign } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Application } from "../../../../shared/payments/alipay/credentials.ts";
import { publicKeyIn } from "../../../../shared/payments/alipay/keys.ts";
import { verifyNotice } from "../../../../shared/payments/alipay/notice.ts";
import { newKeys, notice } from "../../../support/payments/alipay/wire.ts";
import { NOTICE, NOTICE_KEY, OTHER_KEY } from "./vectors.ts";

const keyOf = (text: string) => publicKeyIn(text) ?? expect.unreachable("the vector's key is none");
const form = (fields: Readonly<Record<string, string>>): string => new URLSearchParams(fields).toString();
const own = newKeys();

describe("the notice of 2019-08-15, which Alipay itself has signed", () => {
  const application: Application = {
    appId: "2019073166072302",
    sellerId: "2088531891668739",
    privateKey: own.privateKey,
    alipayKeys: [keyOf(OTHER_KEY), keyOf(NOTICE_KEY)],
  };
  const then = new Date("2019-08-15T08:00:00Z");
  const verified = (fields: Readonly<Record<string, string>>, now = then) =>
    verifyNotice(application, form(fields), now);

  test("verifies, in any order of its fields, and is named by its notify_id", () => {
    const told = { ok: true, notice: { eventId: "2019081500222155624068450559358070" } };
    expect(verified(NOTICE)).toEqual(told);
    expect(verified(Object.fromEntries(Object.entries(NOTICE).toReversed()))).toEqual(told);
  });

  test.each(Object.keys(NOTICE).filter((name) => name !== "sign_type"))("is forged when its %s is another", (name) => {
    const changed = { ...NOTICE, [name]: `${NOTICE[name]}0` };
    expect(verified(changed)).toMatchObject({ ok: false, reason: name === "notify_time" ? "malformed" : "forged" });
  });

  test("is forged with a field more, a field less, or a part of one moved to another", () => {
    const { buyer_id: _left, ...less } = NOTICE;
    for (const fields of [{ ...NOTICE, extra: "1" }, less, { ...NOTICE, subject: "语雀空间", subject_: " 500人规模" }])
      expect(verified(fields)).toEqual({ ok: false, reason: "forged" });
  });

  test("is malformed when it says a thing twice, or nothing", () => {
    for (const text of [`${form(NOTICE)}&total_amount=0.10`, "", "{}", "=1", `${form(NOTICE)}&`])
      expect(verifyNotice(application, text, then)).toEqual({ ok: false, reason: "malformed" });
  });

  test("is not believed days later, nor by another application, seller or key", () => {
    expect(verified(NOTICE, new Date("2019-08-16T10:00:00Z"))).toMatchObject({ ok: true });
    expect(verified(NOTICE, new Date("2019-08-18T08:00:00Z"))).toEqual({ ok: false, reason: "stale" });
    for (const other of [
      { appId: "2019073166072303" },
      { sellerId: "2088531891668730" },
      { alipayKeys: [keyOf(OTHER_KEY)] },
    ])
      expect(verifyNotice({ ...application, ...other }, form(NOTICE), then)).toEqual({ ok: false, reason: "forged" });
  });
});

describe("a notice about one of our payments", () => {
  const alipay = newKeys();
  const application: Application = {
    appId: "2021000000000001",
    sellerId: "2088000000000001",
    privateKey: own.privateKey,
    alipayKeys: [alipay.publicKey],
  };
  const id = `pay_${"a".repeat(26)}`;
  const fields = {
    app_id: application.appId,
    seller_id: application.sellerId,
    notify_id: "2026030100222000000000000000000001",
    notify_time: "2026-03-01 12:00:00",
    notify_type: "trade_status_sync",
    out_trade_no: id,
    trade_status: "TRADE_SUCCESS",
    total_amount: "15.00",
  };
  const now = new Date("2026-03-01T04:00:00Z");

  test("names it, also when it tells of a refund: it is only a hint", () => {
    const told = { ok: true, notice: { eventId: fields.notify_id, paymentId: id } };
    expect(verifyNotice(application, notice(fields, alipay), now)).toEqual(told);
    const refunded = {
      ...fields,
      refund_fee: "15.00",
      gmt_refund: "2026-03-01 12:00:00.143",
      trade_status: "TRADE_CLOSED",
    };
    expect(verifyNotice(application, notice(refunded, alipay), now)).toEqual(told);
  });

  test("names none if it is about something else", () => {
    for (const other of [{ out_trade_no: "20190815" }, { notify_type: "servicemarket_order_notify" }])
      expect(verifyNotice(application, notice({ ...fields, ...other }, alipay), now)).toEqual({
        ok: true,
        notice: { eventId: fields.notify_id },
      });
  });

  test("is verified over its bytes, so also in GBK, with blanks as plus or as %20", () => {
    // 语雀 in GBK.
    const subject = Buffer.from("d3efc8b8", "hex");
    const parts = Object.entries({ ...fields, charset: "GBK" }).map(([name, value]) => ({
      name,
      bytes: Buffer.from(value),
    }));
    const all = [...parts, { name: "subject", bytes: subject }].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const signer = createSign("SHA256");
    all.forEach(({ name, bytes }, index) => signer.update(`${index === 0 ? "" : "&"}${name}=`).update(bytes));
    const sign = encodeURIComponent(signer.sign(alipay.privateKey, "base64"));
    const percent = (bytes: Buffer) => bytes.toString("hex").replace(/../g, "%$&");
    const text = `${all.map(({ name, bytes }) => `${name}=${percent(bytes)}`).join("&")}&sign=${sign}&sign_type=RSA2`;
    expect(verifyNotice(application, text, now)).toMatchObject({ ok: true, notice: { paymentId: id } });
    expect(verifyNotice(application, text.replace("%c8%b8", "%c8%b9"), now)).toEqual({ ok: false, reason: "forged" });
  });

  test("has no name that could be another's", () => {
    for (const notify_id of ["", "a#b", "a".repeat(129)])
      expect(verifyNotice(application, notice({ ...fields, notify_id }, alipay), now)).toEqual({
        ok: false,
        reason: "malformed",
      });
  });

  test("with any one character changed is refused, or still says exactly the same", () => {
    const text = notice({ ...fields, subject: "充值卡 100元", refund_fee: "15.00" }, alipay);
    const meaning = (form: string): string => JSON.stringify([...new URLSearchParams(form)].map(String).toSorted());
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom(..."&=+%0aQRZ. \u0000é".split("")));
    fc.assert(
      fc.property(change, ([at, character]) => {
        const changed = `${text.slice(0, at)}${character}${text.slice(at + 1)}`;
        expect(!verifyNotice(application, changed, now).ok || meaning(changed) === meaning(text)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test("has a signature that is written in one way", () => {
    const text = notice(fields, alipay);
    const [before = "", last = "", rest = ""] = text.split(/(.)(?=%3D%3D)/);
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    // Of its last letter two bits count: three other letters mean the same bytes.
    const twin = letters[letters.indexOf(last) + 1] ?? "";
    expect(verifyNotice(application, `${before}${last}${rest}`, now).ok).toBe(true);
    expect(verifyNotice(application, `${before}${twin}${rest}`, now)).toEqual({ ok: false, reason: "forged" });
  });

  test("is not verified by the older signature RSA", () => {
    const text = notice(fields, alipay).replace("sign_type=RSA2", "sign_type=RSA");
    expect(verifyNotice(application, text, now)).toEqual({ ok: false, reason: "forged" });
  });
});
