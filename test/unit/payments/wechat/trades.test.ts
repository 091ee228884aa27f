import { createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { methodConforms } from "../../../support/payments/method-conformance.ts";
import { theirs } from "../../../support/payments/wechat/keys.ts";
import { adapterFor, chargeOf, wechatMerchant } from "../../../support/payments/wechat/merchant.ts";
import { platform } from "../../../support/payments/wechat/published.ts";

const { simulator, method } = await wechatMerchant();

describe("paying at WeChat Pay keeps the contract of every method", () => {
  methodConforms({
    method: () => method,
    charge: (amount) => Promise.resolve(chargeOf(amount)),
    refused: () => Promise.resolve(chargeOf(100, { flow: "jsapi", openId: "nobody" })),
    pay: ({ id }) => {
      simulator.pay(id);
      return Promise.resolve();
    },
    notification: ({ id }) => simulator.notice(id),
    desk: {
      open: ({ id }) => simulator.complain(id).id,
      notification: (_charge, id) => simulator.complaintNotice(id),
      answers: (_charge, id) => simulator.complaint(id)?.replies.length ?? 0,
    },
    kept: ({ id }) => Promise.resolve(simulator.holdsOf(id)),
  });
});

describe("beginning a trade", () => {
  test("native gives a text to scan, and what was asked for stands in the trade", async () => {
    const charge = chargeOf(1500, { payerIp: "203.0.113.7", expiresAt: "2100-05-20T05:29:35.999Z" });
    const started = await method.start(charge);
    expect(started).toEqual({ kind: "pending", checkout: { qr: expect.stringMatching(/^weixin:\/\//) as string } });
    expect(simulator.trade(charge.id)).toMatchObject({
      out_trade_no: charge.id,
      amount: { total: 1500, currency: "CNY" },
      time_expire: "2100-05-20T13:29:35+08:00",
      scene_info: { payer_client_ip: "203.0.113.7" },
    });
  });

  test("jsapi gives what the page hands to WeChat, signed by the merchant", async () => {
    const charge = chargeOf(100, { flow: "jsapi", openId: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });
    const started = await method.start(charge);
    if (started.kind !== "pending" || !("parameters" in (started.checkout ?? {}))) throw new Error("no parameters");
    const { parameters } = started.checkout as { parameters: Record<string, string> };
    const { appId = "", timeStamp = "", nonceStr = "", package: packed = "", signType, paySign = "" } = parameters;
    expect([appId, signType]).toEqual([simulator.credentials.appId, "RSA"]);
    expect(packed).toMatch(/^prepay_id=wx/);
    const text = Buffer.from(`${appId}\n${timeStamp}\n${nonceStr}\n${packed}\n`);
    const key = createPublicKey(simulator.credentials.privateKey);
    expect(verify("sha256", text, key, Buffer.from(paySign, "base64"))).toBe(true);
  });

  test("the same charge again is the same trade by a new code; an unequal twin never is a no while the first may be paid", async () => {
    const charge = chargeOf(100);
    const codes = await Promise.all([method.start(charge), method.start(charge)]);
    expect(new Set(codes.map((started) => JSON.stringify(started))).size).toBe(2);
    const twins = [
      { amount: { amount: 99, currency: "CNY" } },
      { description: "other" },
      { flow: "jsapi", openId: "o1" },
    ] as const;
    for (const twin of twins)
      expect(await method.start({ ...charge, ...twin })).toEqual({ kind: "unknown", reason: "out_trade_no_used" });
    expect(simulator.trade(charge.id).amount.total).toBe(100);
    simulator.pay(charge.id);
    expect(await method.start(charge)).toEqual({ kind: "unknown", reason: "orderpaid" });
    expect(await method.query(charge)).toMatchObject({ kind: "paid", received: { amount: 100 } });
  });

  test("a long description is cut between two characters, to 127 bytes", async () => {
    const charge = chargeOf(100, { description: `ab${"卡".repeat(100)}` });
    await method.start(charge);
    expect(simulator.trade(charge.id).description).toBe(`ab${"卡".repeat(41)}`);
  });

  test("what WeChat Pay can't take is refused before it is asked, and nothing is begun that would outlive our hold", async () => {
    const before = simulator.calls().length;
    expect(await method.start(chargeOf(100, { amount: { amount: 100, currency: "USD" } }))).toEqual({
      kind: "refused",
      reason: "other_currency",
    });
    expect(await method.start(chargeOf(100, { flow: "jsapi" }))).toEqual({ kind: "refused", reason: "no_open_id" });
    const soon = chargeOf(100, { expiresAt: new Date(Date.now() + 65_000).toISOString() });
    expect(await method.start(soon)).toEqual({ kind: "not_sent", reason: "too_late" });
    expect(simulator.calls().length).toBe(before);
  });
});

describe("what became of a trade", () => {
  const paid = async (amount = 250) => {
    const charge = chargeOf(amount);
    await method.start(charge);
    return charge;
  };

  test("a discount of WeChat Pay's is theirs: what counts is the total", async () => {
    const charge = await paid();
    simulator.pay(charge.id, 200);
    expect(await method.query(charge)).toMatchObject({ kind: "paid", received: { amount: 250, currency: "CNY" } });
  });

  test("a trade of which money has gone back was paid all the same", async () => {
    const charge = await paid();
    simulator.pay(charge.id);
    const before = await method.query(charge);
    await method.refund(charge, { id: "rfd_back", cause: "c", round: 1, amount: 50, requestedAt: charge.createdAt });
    expect(simulator.stateOf(charge.id)).toBe("REFUND");
    expect(await method.query(charge)).toEqual(before);
  });

  test("an answer about another trade, merchant or app is not believed; another amount is told as it is", async () => {
    const charge = await paid();
    simulator.pay(charge.id);
    const asked = async (lie: object) => {
      simulator.lie(lie);
      const outcome = await method.query(charge);
      simulator.lie({});
      return outcome;
    };
    expect(await asked({ mchid: "1900000110" })).toEqual({ kind: "unknown", reason: "other_trade" });
    expect(await asked({ out_trade_no: chargeOf().id })).toEqual({ kind: "unknown", reason: "other_trade" });
    expect(await asked({ appid: "wx9999999999999999" })).toEqual({ kind: "unknown", reason: "other_app" });
    expect(await asked({ trade_state: "WON" })).toEqual({ kind: "unknown", reason: "unreadable_answer" });
    expect(await asked({ amount: { total: 1, payer_total: 250, currency: "CNY" } })).toMatchObject({
      received: { amount: 1 },
    });
    expect(await asked({ amount: { total: 250, currency: "HKD" } })).toMatchObject({ received: { currency: "HKD" } });
    for (const [trade_state, kind] of Object.entries({
      NOTPAY: "pending",
      USERPAYING: "pending",
      ACCEPT: "pending",
      PAYERROR: "pending",
      CLOSED: "closed",
      REVOKED: "closed",
    }))
      expect(await asked({ trade_state })).toEqual({ kind });
  });

  test("closing says whether somebody was faster, and a payer who was late is seen although it was closed", async () => {
    const [fast, late, never] = [await paid(), await paid(), chargeOf()];
    simulator.pay(fast.id);
    expect(await method.close(fast)).toEqual({ kind: "paid" });
    expect(await method.close(late)).toEqual({ kind: "closed" });
    expect(await method.close(never)).toEqual({ kind: "never_heard" });
    simulator.payAllTheSame(late.id);
    expect(await method.query(late)).toMatchObject({ kind: "paid" });
    expect(await method.start(chargeOf(100, { id: late.id }))).toMatchObject({ kind: "unknown" });
  });
});

describe("a bad day at WeChat Pay", () => {
  test("work that was done and whose answer is lost, late, wrong or unsigned is unknown; the next call finds it", async () => {
    const hurried = adapterFor(simulator.url, simulator.credentials, 100);
    const unknown = [
      [{ kind: "cut" }, "connection_lost"],
      [{ kind: "slow", ms: 300 }, "timed_out"],
      [{ kind: "silence" }, "timed_out"],
      [{ kind: "system_error" }, "http_500"],
      [{ kind: "web_page" }, "unsigned_answer"],
      [{ kind: "signed", wrong: "none" }, "unsigned_answer"],
      [{ kind: "signed", wrong: "other_key" }, "unsigned_answer"],
      [{ kind: "signed", wrong: "old" }, "unsigned_answer"],
      [{ kind: "signed", wrong: "new_key" }, "unsigned_answer"],
    ] as const;
    for (const [fate, reason] of unknown) {
      const charge = chargeOf();
      simulator.next(fate);
      expect(await hurried.start(charge)).toEqual({ kind: "unknown", reason });
      expect(simulator.knows(charge.id)).toBe(true);
      expect((await method.start(charge)).kind).toBe("pending");
      simulator.next(fate);
      expect(await hurried.query(charge)).toEqual({ kind: "unknown", reason });
    }
  });

  test("an answer that was changed on the way is not believed", async () => {
    const charge = chargeOf();
    await method.start(charge);
    simulator.next({ kind: "changed" });
    expect(await method.query(charge)).toEqual({ kind: "unknown", reason: "unsigned_answer" });
  });

  test("a probe is not believed, and the call is made again at once", async () => {
    const charge = chargeOf();
    simulator.next({ kind: "signed", wrong: "probe" });
    expect((await method.start(charge)).kind).toBe("pending");
    simulator.next({ kind: "signed", wrong: "probe" }, { kind: "signed", wrong: "probe" });
    expect(await method.query(charge)).toEqual({ kind: "unknown", reason: "unsigned_answer" });
  });

  test("too many calls, a key that they don't know, and nobody there did nothing", async () => {
    const charge = chargeOf();
    simulator.next({ kind: "throttled" });
    expect(await method.start(charge)).toEqual({ kind: "not_sent", reason: "throttled", retryAfterSeconds: 7 });
    const stranger = adapterFor(simulator.url, { ...simulator.credentials, privateKey: platform.privateKey });
    expect(await stranger.start(charge)).toEqual({ kind: "not_sent", reason: "unauthorised" });
    expect(await stranger.query(charge)).toEqual({ kind: "unknown", reason: "unauthorised" });
    const nowhere = adapterFor("http://127.0.0.1:1023", simulator.credentials);
    expect(await nowhere.start(charge)).toEqual({ kind: "not_sent", reason: "unreachable" });
    expect(simulator.knows(charge.id)).toBe(false);
  });

  test("while keys change, answers are signed by the key that we ask for, be it the certificate or the public key", async () => {
    const { [theirs.serial]: _key, ...withCertificate } = simulator.credentials;
    const { [platform.serial]: _certificate, ...withKey } = simulator.credentials;
    for (const known of [withCertificate, withKey, simulator.credentials])
      expect((await adapterFor(simulator.url, known as typeof simulator.credentials).start(chargeOf())).kind).toBe(
        "pending",
      );
  });
});
