import { afterAll } from "vitest";
import { alipayCashier } from "./alipay.ts";
import type { Cashier } from "./cashier.ts";
import { simulatedCashier } from "./simulated.ts";
import { stripeCashier } from "./stripe.ts";
import { wechatCashier } from "./wechat.ts";

/** All payment providers that we speak to, each a real HTTP server of its own. They end with the file. */
export async function allCashiers() {
  const [simulated, stripe, alipay, wechat] = await Promise.all([
    simulatedCashier(),
    stripeCashier(),
    alipayCashier(),
    wechatCashier(),
  ]);
  const all: readonly [Cashier, ...Cashier[]] = [simulated, stripe, alipay, wechat];
  afterAll(() => Promise.all(all.map(({ stop }) => stop())));
  const of = ({ provider }: { provider: string }): Cashier => {
    const found = all.find((one) => one.provider === provider);
    if (found === undefined) throw new Error(`there is no provider ${provider}`);
    return found;
  };
  return { all, of, simulated, stripe, alipay, wechat };
}

export type Cashiers = Awaited<ReturnType<typeof allCashiers>>;
