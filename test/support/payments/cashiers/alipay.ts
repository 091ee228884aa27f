import { startAlipaySimulator } from "../alipay/simulator.ts";
import { chinaTime, notice } from "../alipay/wire.ts";
import { type Cashier, type Delivery, type Forgery, truncated } from "./cashier.ts";

const FORM = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };
const DAY_MS = 86_400_000;

/** Alipay: a form of which every field is signed. */
export async function alipayCashier() {
  const simulator = await startAlipaySimulator();
  simulator.setSilent(true);
  const { credentials, url, keys } = simulator;
  const form = (body: string): Delivery => ({ body, headers: FORM });
  const told = (paymentId: string, fields?: Record<string, string>): Delivery =>
    form(simulator.notice(paymentId, fields));
  const fieldsIn = ({ body }: Delivery): Record<string, string> => Object.fromEntries(new URLSearchParams(body));
  /** Alipay hears of a page's trade when its buyer opens the page. */
  const open: Cashier["open"] = ({ id, amount: { amount } }) => void simulator.open(id, amount);
  const knows = (paymentId: string): boolean => simulator.knows(paymentId);

  const forgeries = (paymentId: string, other: string): Forgery[] => {
    const { sign = "", ...fields } = fieldsIn(told(paymentId));
    const changed = (change: Record<string, string>): Delivery =>
      form(new URLSearchParams({ ...fields, ...change, sign }).toString());
    const { body } = changed({});
    return [
      { what: "signed by another key", delivery: form(notice(fields, keys.stranger)) },
      { what: "signed by the merchant's own key", delivery: form(notice(fields, keys.merchant)) },
      {
        what: "three days old",
        delivery: told(paymentId, { notify_time: chinaTime(new Date(Date.now() - 3 * DAY_MS)) }),
      },
      { what: "for another application", delivery: told(paymentId, { app_id: "2021000000000000" }) },
      { what: "for another seller", delivery: told(paymentId, { seller_id: "2088000000000000" }) },
      { what: "changed after signing", delivery: changed({ total_amount: "0.01" }) },
      { what: "replayed for another order", delivery: changed({ out_trade_no: other }) },
      { what: "with a field more", delivery: changed({ refund_fee: "0.01" }) },
      { what: "with a field twice", delivery: form(`${body}&out_trade_no=${other}`) },
      { what: "signed by SHA-1, it says", delivery: changed({ sign_type: "RSA" }) },
      { what: "truncated", delivery: form(truncated(body)) },
      { what: "empty", delivery: form("") },
      { what: "unsigned", delivery: form(new URLSearchParams(fields).toString()) },
      { what: "no form", delivery: form(JSON.stringify(fields)) },
    ];
  };

  return {
    provider: "alipay",
    url,
    settings: (baseUrl = url) => ({
      name: "alipay",
      protocol: "alipay",
      baseUrl,
      credentials,
      timeoutMs: 2_000,
      fees: ["0.6%"],
      notificationUrl: "https://shop.example/v1/payments/alipay/notifications",
    }),
    ways: [
      { method: "checkout", provider: "alipay", flow: "qr" },
      { method: "checkout", provider: "alipay", flow: "page" },
      { method: "checkout", provider: "alipay", flow: "wap" },
    ],
    takesOtherAmounts: true,
    open,
    pay: (payment, amount) => {
      open(payment);
      return simulator.pay(payment.id, amount);
    },
    payAllTheSame: (payment) => {
      open(payment);
      return simulator.payAllTheSame(payment.id);
    },
    paidOf: (paymentId) => (isPaid(paymentId) ? simulator.trade(paymentId).fen : 0),
    holdsOf: simulator.holdsOf,
    refundsOf: (paymentId) =>
      simulator.refunds(paymentId).map(({ outRequestNo, fen }) => ({ id: outRequestNo, amount: fen, isDone: true })),
    knows,
    news: (paymentId) => [
      told(paymentId),
      told(paymentId, { trade_status: "WAIT_BUYER_PAY" }),
      told(paymentId, { trade_status: "TRADE_CLOSED" }),
      told(paymentId, { refund_fee: "0.01", gmt_refund: `${chinaTime()}.000` }),
    ],
    eventIn: (delivery) => fieldsIn(delivery)["notify_id"] ?? "",
    forgeries,
    unrelated: (paymentId) => [told(paymentId, { notify_type: "dut_user_sign" })],
    acknowledged: { statusCode: 200, body: "success" },
    stop: () => simulator.stop(),
    simulator,
  } satisfies Cashier & { simulator: unknown };

  function isPaid(paymentId: string): boolean {
    return knows(paymentId) && simulator.trade(paymentId).paidAt !== undefined;
  }
}
