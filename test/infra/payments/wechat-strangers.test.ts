import { expect, test } from "vitest";
import { theirs } from "../../support/payments/wechat/keys.ts";
import { chargeOf, wechatMerchant } from "../../support/payments/wechat/merchant.ts";
import { hasJava, javaWorks, pythonWorks } from "../../support/payments/wechat/stranger.ts";
import { isFullProof } from "../../support/size.ts";

// Our simulator of WeChat Pay is only worth something if those who speak to the real one can speak to it.

const { simulator, method } = await wechatMerchant();

/** A trade that is paid, notices of it, and what else a stranger needs. */
async function given(number: string) {
  const [charge, page] = [chargeOf(), chargeOf(100, { flow: "jsapi", openId: "o1" })];
  await method.start(charge);
  const started = await method.start(page);
  if (started.kind !== "pending" || started.checkout === undefined || !("parameters" in started.checkout))
    throw new Error("no parameters");
  simulator.pay(charge.id);
  return {
    url: simulator.url,
    credentials: simulator.credentials,
    serial: theirs.serial,
    number,
    paid: charge.id,
    complaint: simulator.complain(charge.id).id,
    parameters: started.checkout.parameters,
    notices: [
      simulator.notice(charge.id),
      simulator.notice(charge.id, { wrong: "other_key" }),
      simulator.notice(charge.id, { wrong: "probe" }),
    ],
  };
}

test("a public library for merchants pays, refunds and reads notices at our simulator, and signs for the page as we do", async () => {
  const work = await given("STRANGER2026113000001");
  expect(await pythonWorks(work)).toMatchObject({
    native: [200, { code_url: expect.stringMatching(/^weixin:/) as string }],
    twin: [403, { code: "OUT_TRADE_NO_USED" }],
    close: [204, null],
    query: [200, { trade_state: "CLOSED" }],
    jsapi: [200, { prepay_id: expect.stringMatching(/^wx/) as string }],
    paid: [200, { trade_state: "SUCCESS", amount: { total: 100 } }],
    refund: [200, { status: "SUCCESS", amount: { refund: 40 } }],
    refunded: [200, { status: "SUCCESS" }],
    complaint: [200, { complaint_state: "PENDING" }],
    paySign: true,
    notices: [work.paid, null, null],
    otherKey: null,
  });
  expect(simulator.holdsOf(work.paid)).toBe(60);
});

// It takes Maven a while to bring it, so it works in the full proof only.
test.runIf(isFullProof && hasJava)(
  "WeChat Pay's own library works with our simulator, and reads its notices",
  async () => {
    const work = await given("STRANGER2026113000002");
    expect(await javaWorks(work)).toEqual({
      native: expect.stringMatching(/^weixin:/) as string,
      twin: "OUT_TRADE_NO_USED",
      closed: "CLOSED",
      paid: "SUCCESS 100",
      refund: "SUCCESS",
      refunded: 30,
      notices: `${work.paid} refused refused`,
    });
  },
);
if (!hasJava) process.stdout.write("WeChat Pay's library for Java is left out: there is no Java, or no Maven.\n");
