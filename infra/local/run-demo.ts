import { setTimeout as wait } from "node:timers/promises";
import { startSupplierSimulator } from "../../test/support/suppliers/supplier-simulator.ts";
import { callStack, type Order, place } from "./call-stack.ts";
import { sellByCheckout } from "./checkout-demo.ts";
import { makeDemoData, topupAccount } from "./demo-data.ts";
import { startProviders } from "./local-providers.ts";
import { Problem } from "./problems.ts";
import type { LocalStack } from "./stack-file.ts";

export interface Demo {
  readonly stack: LocalStack;
  /** Ends the simulated supplier and payment providers. */
  readonly stop: () => Promise<void>;
}

/** Makes the demo's data and buys from it. Throws unless the goods arrived. */
export async function runDemo(deployed: LocalStack, log: (line: string) => void): Promise<Demo> {
  const [simulator, providers] = await Promise.all([startSupplierSimulator(), startProviders()]);
  const stop = async (): Promise<void> => {
    await Promise.all([simulator.stop(), providers.stop()]);
  };
  try {
    const stack = await makeDemoData(deployed, simulator, providers);
    log(
      "Made a supplier, four payment providers, two products, 200 encrypted codes, and a channel with 10,000.00 CNY.\n",
    );
    await buyCode(stack, log);
    await buyTopup(stack, log);
    await sellByCheckout(stack, providers.stripe, log);
    const filled = simulator.orders().filter(({ account, deliveries }) => account === topupAccount && deliveries === 1);
    if (filled.length !== 1) throw new Problem("The simulated supplier did not fill the account exactly once.");
    return { stack, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function buyCode(stack: LocalStack, log: (line: string) => void): Promise<void> {
  const started = performance.now();
  const order = await place(stack, "demo-code-1", [{ productId: stack.products?.["code"], quantity: 1 }]);
  const goods = order.lines[0]?.deliverables?.[0];
  if (order.state !== "fulfilled" || goods === undefined)
    throw new Problem(`The code did not arrive: ${JSON.stringify(order)}`);
  log(`Bought a code (${order.id}) in ${Math.round(performance.now() - started)} ms: ${goods.number} ${goods.secret}`);
}

/** A line that fills the demo's account. */
export const topupLine = ({ products }: LocalStack): object => ({
  productId: products?.["topup"],
  quantity: 1,
  recipient: { account: topupAccount },
});

const TOPUP_LIMIT_MS = 30_000;

async function buyTopup(stack: LocalStack, log: (line: string) => void): Promise<void> {
  const started = performance.now();
  let order = await place(stack, "demo-topup-1", [topupLine(stack)]);
  while (order.state === "fulfilling" && performance.now() - started < TOPUP_LIMIT_MS) {
    await wait(200);
    order = await callStack<Order>(stack, `/v1/orders/${order.id}`);
  }
  if (order.state !== "fulfilled") throw new Problem(`The top-up did not arrive: ${JSON.stringify(order)}`);
  log(
    `Topped up ${topupAccount} (${order.id}) in ${Math.round(performance.now() - started)} ms, by the supplier's callback.\n`,
  );
}
