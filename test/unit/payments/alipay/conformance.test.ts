import { afterAll, describe } from "vitest";
import { methodOf } from "../../../../shared/payments/registry.ts";
import { aCharge } from "../../../support/payments/alipay/charges.ts";
import { startAlipaySimulator } from "../../../support/payments/alipay/simulator.ts";
import { methodConforms } from "../../../support/payments/method-conformance.ts";

const simulator = await startAlipaySimulator();
afterAll(() => simulator.stop());
const settings = { baseUrl: simulator.url, timeoutMs: 15_000 };
const headers = { "content-type": "application/x-www-form-urlencoded; charset=utf-8" };

describe.each(["qr", "page", "wap"] as const)("paying at Alipay by %s", (flow) => {
  methodConforms({
    method: () => methodOf("alipay", settings, simulator.credentials, "prod"),
    charge: (amount) => Promise.resolve(aCharge({ flow, amount: { amount, currency: "CNY" } })),
    refused: () => Promise.resolve(aCharge({ flow, amount: { amount: 100, currency: "USD" } })),
    begin: ({ id, amount }) => Promise.resolve(void simulator.open(id, amount.amount)),
    pay: ({ id, amount }) => {
      simulator.open(id, amount.amount);
      simulator.pay(id);
      return Promise.resolve();
    },
    notification: ({ id, amount }) => {
      simulator.open(id, amount.amount);
      return { body: simulator.notice(id), headers };
    },
    staleAfterMs: 3 * 24 * 3_600_000,
    kept: ({ id }) => Promise.resolve(simulator.holdsOf(id)),
  });
});
