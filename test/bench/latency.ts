import type { LocalStack } from "../../infra/local/stack-file.ts";
import { openShop, order, stockProduct } from "../support/orders/shop.ts";
import { type Figures, figure } from "./report.ts";

const WARM_UP = 5;
const ORDERS = 100;

/** One buyer, one code after the other, over HTTP: from the request to the code in the answer. */
export async function latency(stack: LocalStack): Promise<Figures> {
  const shop = await openShop(1_000_000, stack);
  const { productId } = await stockProduct(stack, WARM_UP + ORDERS);
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + ORDERS; i++) {
    const started = performance.now();
    const { status, body } = await order(shop, [{ productId, quantity: 1 }]);
    if (status !== 201 || body.lines[0].deliverables.length !== 1)
      throw new Error(`no code came: ${JSON.stringify(body)}`);
    if (i >= WARM_UP) times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const percentile = (share: number): number => times[Math.ceil(times.length * share) - 1] ?? 0;
  return {
    "local.order_to_code_p50_ms": figure(percentile(0.5), "ms", 0),
    "local.order_to_code_p95_ms": figure(percentile(0.95), "ms", 0),
  };
}
