import { newPublicKey } from "../wechat/keys.ts";
import { startWechatSimulator } from "../wechat/simulator.ts";
import { type Cashier, type Delivery, type Forgery, truncated } from "./cashier.ts";

const SIGNATURE = "wechatpay-signature";

/** WeChat Pay: a signature by its key, and an inside that is sealed with ours. */
export async function wechatCashier() {
  const simulator = await startWechatSimulator();
  simulator.setSilent(true);
  const { credentials, url } = simulator;
  const eventIn = ({ body }: Delivery): string => (JSON.parse(body) as { id: string }).id;

  const forgeries = (paymentId: string, other: string): Forgery[] => {
    const told = simulator.notice(paymentId);
    const { body, headers } = told;
    const signature = headers[SIGNATURE] ?? "";
    const ofOther = simulator.notice(other).headers[SIGNATURE] ?? "";
    const forged = (what: string, change: Partial<Delivery>): Forgery => ({ what, delivery: { ...told, ...change } });
    const named = (what: string, change: Record<string, string>): Forgery =>
      forged(what, { headers: { ...headers, ...change } });
    return [
      { what: "signed by another key", delivery: simulator.notice(paymentId, { wrong: "other_key" }) },
      { what: "signed by a key that nobody knows", delivery: simulator.notice(paymentId, { wrong: "new_key" }) },
      { what: "an hour old", delivery: simulator.notice(paymentId, { wrong: "old" }) },
      { what: "a probe", delivery: simulator.notice(paymentId, { wrong: "probe" }) },
      { what: "unsigned", delivery: simulator.notice(paymentId, { wrong: "none" }) },
      { what: "sealed with another key", delivery: simulator.notice(paymentId, { apiV3Key: "x".repeat(32) }) },
      named("a probe by our own key's name", { [SIGNATURE]: `WECHATPAY/SIGNTEST/${signature}` }),
      named("said to be by another of its keys", { "wechatpay-serial": newPublicKey("PUB_KEY_ID_1").serial }),
      named("with another's signature before its own, in one header", { [SIGNATURE]: `${ofOther},${signature}` }),
      named("with another nonce", { "wechatpay-nonce": "0".repeat(32) }),
      forged("changed after signing", { body: body.replace("TRANSACTION.SUCCESS", "TRANSACTION.CLOSED") }),
      forged("replayed for another order", { body: simulator.notice(other).body }),
      forged("truncated", { body: truncated(body) }),
      forged("empty", { body: "" }),
      forged("no JSON", { body: "return_code=SUCCESS" }),
    ];
  };

  return {
    provider: "wechat",
    url,
    settings: (baseUrl = url) => ({
      name: "wechat",
      protocol: "wechat",
      baseUrl,
      credentials,
      timeoutMs: 2_000,
      fees: ["0.6%"],
      notificationUrl: "https://shop.example/v1/payments/wechat/notifications",
    }),
    ways: [
      { method: "checkout", provider: "wechat", flow: "native" },
      { method: "checkout", provider: "wechat", flow: "jsapi", openId: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
    ],
    takesOtherAmounts: false,
    open: () => undefined,
    pay: ({ id }) => simulator.knows(id) && simulator.pay(id),
    payAllTheSame: ({ id }) => simulator.knows(id) && isUnpaid(id) && simulator.payAllTheSame(id),
    paidOf: (paymentId) =>
      simulator.knows(paymentId) && !isUnpaid(paymentId) ? simulator.trade(paymentId).amount.total : 0,
    holdsOf: simulator.holdsOf,
    refundsOf: (paymentId) =>
      simulator
        .refunds(paymentId)
        .filter(({ status }) => status === "SUCCESS" || status === "PROCESSING")
        .map(({ out_refund_no, amount, status }) => ({
          id: out_refund_no,
          amount: amount.refund,
          isDone: status === "SUCCESS",
        })),
    knows: simulator.knows,
    news: (paymentId) => [
      simulator.notice(paymentId),
      simulator.notice(paymentId, { lie: { trade_state: "CLOSED" } }),
      simulator.notice(paymentId, { lie: { amount: { total: 1 } } }),
      ...simulator.refunds(paymentId).map(({ out_refund_no }) => simulator.refundNotice(out_refund_no)),
    ],
    eventIn,
    forgeries,
    unrelated: (paymentId) => [simulator.notice(paymentId, { lie: { mchid: "1900000999" } })],
    acknowledged: { statusCode: 200, body: '{"code":"SUCCESS"}' },
    stop: () => simulator.stop(),
    simulator,
  } satisfies Cashier & { simulator: unknown };

  function isUnpaid(paymentId: string): boolean {
    return simulator.trade(paymentId).success_time === undefined;
  }
}
