import { generateX25519Identity, identityToRecipient } from "age-encryption";
import type { LocalStack } from "../../infra/local/stack-file.ts";
import { createChannel } from "../../shared/channels/keys.ts";
import { planOrder } from "../../shared/fulfilment/step.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { readOrder } from "../../shared/orders/table.ts";
import { domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { historyOf } from "../support/fulfilment/executions.ts";
import { makeCodes } from "../support/inventory/codes.ts";
import { codeProduct, giveMoney, putOnSale } from "../support/orders/market.ts";
import { http, openShop, order, orderIn } from "../support/orders/shop.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { ASSUMED, lambda, together, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";

const PRICE = 100;
const QUANTITY = 5000;

/** An order of 5,000 codes, from its request to the last code sold: what each of its codes takes of AWS. */
export async function largeOrder({ stack }: OwnTables): Promise<Figures> {
  const meter = new Meter();
  const deps = domain(meter as never, { stack });
  const productId = await codeProduct(deps, PRICE);
  await putOnSale(deps, productId, makeCodes(QUANTITY + 1));
  const channel = valueOf(await createChannel(deps, { name: "Bench shop" }, newId("req"), new Date()));
  await giveMoney(deps, channel.id, QUANTITY * PRICE);
  meter.take();
  const request = { lines: [{ productId, quantity: QUANTITY }], payment: { method: "balance" as const } };
  const placed = valueOf(await placeOrder(deps, channel.id, newId("req"), request, {}));
  const placing = meter.take().length;
  let steps = 1;
  while ((await planOrder(deps, placed.id)).step === "plan") steps += 1;
  const done = await readOrder(deps, placed.id);
  if (done?.state !== "fulfilled") throw new Error(`not sold: ${done?.state}`);
  await settleOrders(deps, [done]);
  const calls = meter.take();
  const perCode = (count: number): number => count / QUANTITY;
  const usage = together(
    ...calls.map((call) => call.usage),
    { httpRequest: 1, transition: steps + 1, sqs: 3 },
    lambda(1, 1024, ASSUMED.saleSeconds),
    lambda(steps, 512, ASSUMED.sellingStepSeconds),
    lambda(3, 512, ASSUMED.stepSeconds),
  );
  return {
    "order.large.placing_calls": figure(placing, `calls to place an order of ${QUANTITY} codes`, 0),
    "order.large.steps": figure(steps, `steps of at most ${LIMITS.codesPerStep} codes`, 0),
    "order.large.calls_per_code": figure(perCode(calls.length), "calls per code"),
    "order.large.wcu_per_code": figure(perCode(usage.wcu ?? 0), "write units per code"),
    "order.large.usd_per_million_codes": figure(perCode(usdPerMillion(usage)), "USD"),
  };
}

/** One order of so many codes through the deployed stack: seconds to place it, to sell it, and to have its file. */
export async function largeOrderOnStack(stack: LocalStack, quantity: number): Promise<Figures> {
  const deps = domain(undefined, { stack });
  const shop = await openShop(quantity * PRICE, stack);
  const productId = await codeProduct(deps, PRICE);
  await putOnSale(deps, productId, makeCodes(quantity));
  const stopwatch = startStopwatch();
  const placed = await order(shop, [{ productId, quantity }]);
  const placing = stopwatch();
  await orderIn(shop, placed.body.id, "fulfilled", 1_200_000);
  const selling = stopwatch();
  const recipient = await identityToRecipient(await generateX25519Identity());
  const file = await http(stack, "POST", `/v1/orders/${placed.body.id}/deliverables/file`, {
    key: shop.key,
    json: { recipient },
    headers: { "Idempotency-Key": "file" },
  });
  const exporting = stopwatch();
  if (file.body.pieces !== quantity) throw new Error(`no file: ${file.text}`);
  const { byteLength } = await (await fetch(file.body.url as string)).arrayBuffer();
  const entered = (await historyOf(stack, `${placed.body.id}-1`)).filter(({ type }) => type?.endsWith("StateEntered"));
  return {
    "order.large_codes": figure(quantity, "codes in the order", 0),
    "order.large_placing_ms": figure(placing * 1000, "ms until it is answered", 0),
    "order.large_selling_seconds": figure(selling, "seconds until all are sold, on this machine", 1),
    "order.large_transitions": figure(entered.length, "state transitions", 0),
    "order.large_file_seconds": figure(exporting, "seconds until its file is there, on this machine", 1),
    "order.large_file_mb": figure(byteLength / 2 ** 20, "MB"),
  };
}

/** Seconds since it was last asked. */
function startStopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
}
