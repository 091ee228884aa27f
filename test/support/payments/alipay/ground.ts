import { afterAll } from "vitest";
import { methodOf } from "../../../../shared/payments/registry.ts";
import { aCharge } from "./charges.ts";
import { startAlipaySimulator } from "./simulator.ts";

/** Gives a file an Alipay of its own, the adapter that speaks to it, and payments that were begun or paid there. It ends with the file. */
export async function alipayGround() {
  const simulator = await startAlipaySimulator();
  afterAll(() => simulator.stop());
  const settings = { baseUrl: simulator.url, timeoutMs: 15_000, notificationUrl: `${simulator.url}/nobody` };
  const alipay = methodOf("alipay", settings, simulator.credentials, "prod");

  async function begun(given: Parameters<typeof aCharge>[0] = {}) {
    const charge = aCharge(given);
    const started = await alipay.start(charge);
    simulator.open(charge.id, charge.amount.amount);
    return { charge, started };
  }
  async function paid(given: Parameters<typeof aCharge>[0] = {}) {
    const { charge } = await begun(given);
    simulator.pay(charge.id);
    return charge;
  }
  return { simulator, settings, alipay, begun, paid };
}
