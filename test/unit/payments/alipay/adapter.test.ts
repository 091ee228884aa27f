import { describe, expect, test } from "vitest";
import { methodOf } from "../../../../shared/payments/registry.ts";
import { aCharge } from "../../../support/payments/alipay/charges.ts";
import { alipayGround } from "../../../support/payments/alipay/ground.ts";
import { AMOUNTS } from "../../../support/payments/alipay/simulator.ts";
import { atChinaTime } from "../../../support/payments/alipay/wire.ts";

// Against a server that speaks Alipay's gateway. What it signs, and how it reads what we sign, is written apart from the adapter.

const { simulator, settings, alipay, begun, paid } = await alipayGround();

describe("a page", () => {
  test.each([
    ["page", "alipay.trade.page.pay"],
    ["wap", "alipay.trade.wap.pay"],
  ] as const)(
    "by %s is a signed address: nothing is sent, and there is no trade until the buyer opens it",
    async (flow, method) => {
      const before = simulator.calls().length;
      const charge = aCharge({ flow, returnUrl: "https://shop.example/done?a=1&b=2" });
      const started = await alipay.start(charge);
      if (started.kind !== "pending" || started.checkout === undefined || !("url" in started.checkout))
        throw new Error("there is no address");
      expect(simulator.calls()).toHaveLength(before);
      expect(await alipay.query(charge)).toEqual({ kind: "never_heard" });
      expect(await alipay.close(charge)).toEqual({ kind: "never_heard" });
      const opened = await fetch(started.checkout.url);
      expect([opened.status, await opened.text()]).toEqual([200, expect.stringContaining("Steam 100元充值卡")]);
      expect(simulator.calls().at(-1)).toBe(method);
      expect(await alipay.query(charge)).toEqual({ kind: "pending" });
      const returned = await fetch(started.checkout.url, { method: "POST", redirect: "manual" });
      expect(returned.headers.get("location")).toBe("https://shop.example/done?a=1&b=2");
      expect(await alipay.query(charge)).toMatchObject({ kind: "paid", received: { amount: 1500, currency: "CNY" } });
    },
  );

  test("whose address somebody changes is refused by Alipay", async () => {
    const started = await alipay.start(aCharge({ flow: "page" }));
    const url = started.kind === "pending" && started.checkout && "url" in started.checkout ? started.checkout.url : "";
    const cheaper = await fetch(url.replace("15.00", "00.01"));
    expect(await cheaper.text()).toContain("isv.invalid-signature");
  });
});

describe("a QR code", () => {
  test("is Alipay's, is told its end and where to send news, and is the same payment when begun again", async () => {
    const { charge, started } = await begun();
    expect(started).toMatchObject({ kind: "pending", checkout: { qr: expect.stringContaining("/bax/") as string } });
    const { timeExpire = "", notifyUrl } = simulator.trade(charge.id);
    expect(atChinaTime(timeExpire)).toBeLessThanOrEqual(Date.parse(charge.expiresAt ?? ""));
    expect(atChinaTime(timeExpire)).toBeGreaterThan(Date.parse(charge.expiresAt ?? "") - 1_000);
    expect(notifyUrl).toBe(settings.notificationUrl);
    expect((await alipay.start(charge)).kind).toBe("pending");
  });

  test("that was paid meanwhile is no refusal when it is begun again, and one of another amount is", async () => {
    const charge = await paid();
    expect(await alipay.start(charge)).toEqual({ kind: "unknown", reason: "no_longer_waits" });
    const { charge: waiting } = await begun();
    const other = { ...waiting, amount: { amount: 1, currency: "CNY" } };
    expect(await alipay.start(other)).toEqual({ kind: "refused", reason: "reference_reused" });
  });

  test("is refused by Alipay with a word of ours", async () => {
    const charge = aCharge({ amount: { amount: AMOUNTS.refused, currency: "CNY" } });
    expect(await alipay.start(charge)).toEqual({ kind: "refused", reason: "amount_not_allowed" });
  });

  test("whose answer is lost is unknown, and a repeat brings it", async () => {
    const charge = aCharge();
    simulator.misbehave("alipay.trade.precreate", { kind: "lost" }, { kind: "system_error_after" });
    for (const reason of ["connection_lost", "system_error"])
      expect(await alipay.start(charge)).toEqual({ kind: "unknown", reason });
    expect((await alipay.start(charge)).kind).toBe("pending");
  });

  test("in an answer that Alipay has not signed is never shown", async () => {
    simulator.misbehave("alipay.trade.precreate", { kind: "forged" }, { kind: "unsigned" });
    expect(await alipay.start(aCharge())).toEqual({ kind: "unknown", reason: "forged_answer" });
    expect(await alipay.start(aCharge())).toEqual({ kind: "unknown", reason: "unsigned_answer" });
  });
});

test.each([
  ["another currency", { amount: 100, currency: "USD" }, "currency_not_taken"],
  ["nothing", { amount: 0, currency: "CNY" }, "amount_not_allowed"],
  ["more than Alipay takes", { amount: 10_000_000_001, currency: "CNY" }, "amount_not_allowed"],
])("a charge of %s is refused before anything is sent", async (_name, amount, reason) => {
  const before = simulator.calls().length;
  for (const flow of ["page", "wap", "qr"] as const)
    expect(await alipay.start(aCharge({ amount, flow }))).toEqual({ kind: "refused", reason });
  expect(simulator.calls()).toHaveLength(before);
});

describe("what became of a payment", () => {
  test("is what the buyer was charged, not what is left of it after a coupon of Alipay's", async () => {
    const charge = await paid();
    const { paidAt = "", tradeNo = "" } = simulator.trade(charge.id);
    expect(await alipay.query(charge)).toEqual({
      kind: "paid",
      received: {
        providerPaymentId: tradeNo,
        amount: 1500,
        currency: "CNY",
        at: new Date(atChinaTime(paidAt)).toISOString(),
      },
    });
    simulator.finish(charge.id);
    expect((await alipay.query(charge)).kind).toBe("paid");
  });

  test("is told with the amount that was paid, also if it is another one", async () => {
    const { charge } = await begun();
    simulator.pay(charge.id, 1);
    expect(await alipay.query(charge)).toMatchObject({ kind: "paid", received: { amount: 1 } });
  });

  test("is unknown whenever Alipay has not signed a clear answer", async () => {
    const { charge } = await begun();
    const acts = ["lost", "system_error_after", "forged", "unsigned", "throttled", "down"] as const;
    simulator.misbehave("alipay.trade.query", ...acts.map((kind) => ({ kind })));
    simulator.misbehave("alipay.trade.query", { kind: "sub_code", code: "ACQ.SOMETHING_NEW" });
    const reasons = [];
    for (let asked = 0; asked <= acts.length; asked++) {
      const outcome = await alipay.query(charge);
      expect(outcome.kind).toBe("unknown");
      reasons.push("reason" in outcome && outcome.reason);
    }
    expect(reasons).toEqual([
      "connection_lost",
      "system_error",
      "forged_answer",
      "unsigned_answer",
      "throttled",
      "http_503",
      "refused_question",
    ]);
    expect(await alipay.query(charge)).toEqual({ kind: "pending" });
  });

  test("is unknown when no answer comes in time", async () => {
    const { charge } = await begun();
    simulator.misbehave("alipay.trade.query", { kind: "silence" });
    const hasty = methodOf("alipay", { ...settings, timeoutMs: 200 }, simulator.credentials, "prod");
    expect(await hasty.query(charge)).toEqual({ kind: "unknown", reason: "timed_out" });
  });

  test("is that it was given back, and not that nobody paid, when all of it was returned by hand before we asked", async () => {
    const charge = await paid();
    simulator.refundByHand(charge.id, 500);
    expect((await alipay.query(charge)).kind).toBe("paid");
    simulator.refundByHand(charge.id, 1000);
    expect(simulator.trade(charge.id).status).toBe("TRADE_CLOSED");
    expect(await alipay.query(charge)).toEqual({ kind: "refused", reason: "given_back_at_alipay" });
    const { charge: unpaid } = await begun();
    simulator.expire(unpaid.id);
    expect(await alipay.query(unpaid)).toEqual({ kind: "closed" });
  });
});

describe("closing", () => {
  test("ends what a buyer has begun, and says so again", async () => {
    const { charge } = await begun();
    for (let again = 0; again < 2; again++) expect(await alipay.close(charge)).toEqual({ kind: "closed" });
    expect(simulator.pay(charge.id)).toBe(false);
  });

  test("ends nothing that nobody has begun: a code may still be scanned until its time is over", async () => {
    const charge = aCharge();
    await alipay.start(charge);
    expect(await alipay.close(charge)).toEqual({ kind: "never_heard" });
    expect(simulator.pay(charge.id)).toBe(true);
  });

  test("comes too late for what was paid, and gives nothing back by itself", async () => {
    const charge = await paid();
    expect(await alipay.close(charge)).toEqual({ kind: "paid" });
    expect(simulator.holdsOf(charge.id)).toBe(1500);
    expect(simulator.calls()).not.toContain("alipay.trade.cancel");
  });

  test("is unknown if its answer is lost or says nothing certain, and closed when asked again", async () => {
    const { charge } = await begun();
    simulator.misbehave("alipay.trade.close", { kind: "forged" });
    expect(await alipay.close(charge)).toEqual({ kind: "unknown", reason: "forged_answer" });
    expect(await alipay.close(charge)).toEqual({ kind: "closed" });
  });
});

describe("who we are", () => {
  test("is what a wrong key, or another application's number, is about: nothing was done", async () => {
    const { credentials, keys } = simulator;
    const stranger = keys.stranger.privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
    for (const wrong of [{ privateKey: stranger }, { appId: "2021000000000000" }]) {
      const other = methodOf("alipay", settings, { ...credentials, ...wrong }, "prod");
      expect(await other.start(aCharge())).toEqual({ kind: "not_sent", reason: "unauthorised" });
    }
  });

  test("nobody listens, or we ask too often: the call certainly did nothing", async () => {
    const nowhere = methodOf(
      "alipay",
      { ...settings, baseUrl: "http://127.0.0.1:1023" },
      simulator.credentials,
      "prod",
    );
    expect(await nowhere.start(aCharge())).toEqual({ kind: "not_sent", reason: "unreachable" });
    simulator.misbehave("alipay.trade.precreate", { kind: "throttled" });
    expect(await alipay.start(aCharge())).toEqual({ kind: "not_sent", reason: "throttled" });
  });

  test("a gateway's address is the same with its path and without", async () => {
    const whole = methodOf(
      "alipay",
      { ...settings, baseUrl: `${simulator.url}/gateway.do` },
      simulator.credentials,
      "prod",
    );
    expect((await whole.start(aCharge())).kind).toBe("pending");
  });
});

test("a notice is taken by exactly the letters that Alipay waits for", () => {
  expect(alipay.ack(true)).toEqual({ status: 200, body: "success", contentType: "text/plain" });
  expect(alipay.ack(false)).toEqual({ status: 500, body: "fail", contentType: "text/plain" });
});
