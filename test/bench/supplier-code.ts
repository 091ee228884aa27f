import type { LocalStack } from "../../infra/local/stack-file.ts";
import { authenticate } from "../../shared/channels/keys.ts";
import { placeLine } from "../../shared/fulfilment/place-line.ts";
import { revealGoods } from "../../shared/orders/goods.ts";
import { readOrder } from "../../shared/orders/table.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { valueOf } from "../support/value-of.ts";
import { type Bench, metered, workflowOf } from "./bought-shop.ts";
import { ASSUMED, lambda, together, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";

const CODE = { kind: "code" } as const;

/** A code that its supplier hands over in the answer: bought, sealed, and fetched by the buyer's side with a second request. */
export async function supplierCode(stack: LocalStack, own: OwnTables): Promise<Figures> {
  const { transitions, tasks } = await workflowOf(stack, CODE);
  const { calls, usage: measured } = await metered(own, CODE, deliverAndFetch);
  const usage = together(
    measured,
    { transition: transitions, httpRequest: 2 },
    // The watch: armed once, looked at once, and not armed again.
    { sqs: 3 },
    lambda(1, 1024, ASSUMED.saleSeconds),
    // The goods, and the watch; then the one step of the workflow, which waits for its supplier.
    lambda(2, 512, ASSUMED.stepSeconds),
    lambda(tasks, 512, ASSUMED.supplierSeconds),
    // Two functions follow the orders; five changes come in about three batches.
    lambda((2 * 3) / ASSUMED.ordersPerBatch, 512, ASSUMED.stepSeconds),
  );
  return {
    "order.supplier_code.calls": figure(calls, "calls per order"),
    "order.supplier_code.transitions": figure(transitions, "state transitions per order", 0),
    "order.supplier_code.wcu": figure(measured.wcu ?? 0, "write units per order"),
    "order.supplier_code.rcu": figure(measured.rcu ?? 0, "read units per order"),
    "order.supplier_code.kms": figure(measured.kms ?? 0, "KMS calls per order"),
    "order.supplier_code.usd_per_million": figure(usdPerMillion(usage), "USD"),
  };
}

async function deliverAndFetch({ deps, apiKey }: Bench, orderId: string): Promise<void> {
  const next = await placeLine(deps, orderId);
  if (next.step !== "done") throw new Error(`the supplier delivered nothing: ${next.step}`);
  // The watch's one look.
  await readOrder(deps, orderId);
  await authenticate(deps, apiKey);
  const order = await readOrder(deps, orderId);
  if (order === undefined) throw new Error("the order is gone");
  const goods = valueOf(await revealGoods(deps, order, { keyId: "key", sourceIp: "192.0.2.1", requestId: "bench" }));
  if (goods.get("1")?.length !== 1) throw new Error("no code");
}
