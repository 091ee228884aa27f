import { setTimeout as wait } from "node:timers/promises";
import { startPaymentSimulator } from "../../test/support/payments/payment-simulator.ts";
import { startSupplierSimulator } from "../../test/support/suppliers/supplier-simulator.ts";
import { makeDemoData, topupAccount } from "./demo-data.ts";
import { Problem } from "./problems.ts";
import type { LocalStack } from "./stack-file.ts";

export interface Demo {
  readonly stack: LocalStack;
  /** Ends the simulated supplier and payment provider. */
  readonly stop: () => Promise<void>;
}

export type Order = {
  id: string;
  state: string;
  payment?: { url?: string };
  lines: { deliverables?: { number?: string; secret: string }[] }[];
};

/** Makes the demo's data and buys from it. Throws unless the goods arrived. */
export async function runDemo(deployed: LocalStack, log: (line: string) => void): Promise<Demo> {
  const [simulator, payments] = await Promise.all([startSupplierSimulator(), startPaymentSimulator()]);
  const stop = async (): Promise<void> => {
    await Promise.all([simulator.stop(), payments.stop()]);
  };
  try {
    const stack = await makeDemoData(deployed, simulator, payments);
    log("Made a supplier, a payment provider, two products, 200 encrypted codes, and a channel with 10,000.00 CNY.\n");
    await buyCode(stack, log);
    await buyTopup(stack, log);
    await buyByCheckout(stack, log);
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

const CHECKOUT_LIMIT_MS = 30_000;

/** A buyer pays at the simulated provider, whose notification brings the order its goods. */
async function buyByCheckout(stack: LocalStack, log: (line: string) => void): Promise<void> {
  const started = performance.now();
  const line = { productId: stack.products?.["code"], quantity: 1 };
  let order = await place(stack, "demo-checkout-1", [line], { method: "checkout", provider: "simulated" });
  if (order.payment?.url === undefined) throw new Problem(`Nobody says where to pay: ${JSON.stringify(order)}`);
  const paid = await fetch(order.payment.url, { method: "POST" });
  if (!paid.ok) throw new Problem(`The simulated provider answered ${paid.status}.`);
  while (order.state !== "fulfilled" && performance.now() - started < CHECKOUT_LIMIT_MS) {
    await wait(100);
    order = await callStack<Order>(stack, `/v1/orders/${order.id}`);
  }
  if (order.state !== "fulfilled") throw new Problem(`What was paid did not arrive: ${JSON.stringify(order)}`);
  const milliseconds = Math.round(performance.now() - started);
  log(`Sold a code (${order.id}) in ${milliseconds} ms, paid by its buyer at the simulated payment provider.\n`);
}

/** Places an order, paid from the balance if nothing else is said. */
export function place(
  stack: LocalStack,
  idempotencyKey: string,
  lines: object[],
  payment: object = { method: "balance" },
): Promise<Order> {
  const body = JSON.stringify({ lines, payment });
  const headers = { "Content-Type": "application/json", "Idempotency-Key": idempotencyKey };
  return callStack<Order>(stack, "/v1/orders", { method: "POST", headers, body });
}

/** Calls the storefront API of a stack as its channel. Throws unless it says yes. */
export async function callStack<T>(
  stack: LocalStack,
  path: string,
  init: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<T> {
  const headers = { Authorization: `Bearer ${stack.apiKey}`, ...init.headers };
  const answer = await fetch(`${stack.apiUrl}${path}`, { ...init, headers });
  const body = await answer.text();
  if (!answer.ok) throw new Problem(`${path} answered ${answer.status}: ${body}`);
  return JSON.parse(body) as T;
}
