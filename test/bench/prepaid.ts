import { createProduct } from "../../shared/catalog/products.ts";
import { authenticate, createChannel, createKey, findChannel, findKey } from "../../shared/channels/keys.ts";
import { setChannelLimits } from "../../shared/channels/on-keys.ts";
import { setKeyLimits } from "../../shared/channels/rotate-key.ts";
import { Scope } from "../../shared/channels/table.ts";
import { importCodes } from "../../shared/inventory/import.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { deposit } from "../../shared/ledger/deposits.ts";
import type { Order } from "../../shared/orders/model.ts";
import type { NewOrder } from "../../shared/orders/request.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import type { UsageLimits } from "../../shared/usage/model.ts";
import { paceOf } from "../../shared/usage/model.ts";
import { keepPace } from "../../shared/usage/pace.ts";
import { type Domain, domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { ASSUMED, lambda, together, type Usage, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";
import { sellOne } from "./sell-one.ts";

const ORDERS = 50;
const KNOWN_BUYER = {
  buyer: "anna",
  contact: { email: "anna.lee@example.com", phone: "+8613800138000", locale: "zh-Hans-CN" },
};

/**
 * An order of one code paid from the balance: what its request and the booking of its money call and consume, in tables
 * that nobody else works on. The process is warm: product, stock directory and data key are known, as in a shop that
 * sells at least once a second.
 */
export async function prepaidOrder(own: OwnTables): Promise<Figures> {
  const { shop, meter } = await openShop(own);
  await sell(shop, 3);
  meter.take();
  const quiet = await perOrder(shop, meter, 1);
  const busy = await perOrder(shop, meter, ASSUMED.ordersPerBatch);
  const known = await perOrder({ ...shop, more: KNOWN_BUYER }, meter, ASSUMED.ordersPerBatch);
  const limited = await perOrder(await withAllLimits(shop, meter), meter, ASSUMED.ordersPerBatch);
  const newKeys = await perOrder(await withKeys(shop, meter, ORDERS), meter, ASSUMED.ordersPerBatch);
  const usd = (measured: Usage, ordersPerBatch: number): number => {
    // Two functions follow the orders. One writes the log of sales and the other the archive of events, an object for each batch.
    const streams = together(lambda(2 / ordersPerBatch, 512, ASSUMED.stepSeconds), { s3Put: 2 / ordersPerBatch });
    // What happened to the orders of a batch is one entry, for ten of them.
    const told = { busEntry: 1 / Math.min(ordersPerBatch, 10) };
    return usdPerMillion(together(measured, { httpRequest: 1 }, lambda(1, 1024, ASSUMED.saleSeconds), streams, told));
  };
  const { wcu = 0, rcu = 0, kms = 0 } = busy.usage;
  return {
    "order.prepaid.calls": figure(busy.calls, "calls per order"),
    "order.prepaid.wcu": figure(wcu, "write units per order"),
    "order.prepaid.rcu": figure(rcu, "read units per order, where the process remembers the API key"),
    "order.prepaid.known_buyer_wcu": figure(known.usage.wcu ?? 0, "write units per order with a buyer and a contact"),
    "order.prepaid.all_limits_wcu": figure(limited.usage.wcu ?? 0, "write units per order, with all limits on"),
    "order.prepaid.all_limits_rcu": figure(limited.usage.rcu ?? 0, "read units per order, with all limits on"),
    "order.prepaid.unknown_key_rcu": figure(
      newKeys.usage.rcu ?? 0,
      "read units per order, where it has not met the key in the last seconds",
    ),
    "order.prepaid.kms": figure(kms, "KMS calls per order"),
    "order.prepaid.usd_per_million": figure(usd(busy.usage, ASSUMED.ordersPerBatch), "USD"),
    "order.prepaid.cold_keys_usd_per_million": figure(usd({ ...busy.usage, kms: 1 }, ASSUMED.ordersPerBatch), "USD"),
    "order.prepaid.quiet_calls": figure(quiet.calls, "calls per order"),
    "order.prepaid.quiet_wcu": figure(quiet.usage.wcu ?? 0, "write units per order"),
    "order.prepaid.quiet_rcu": figure(quiet.usage.rcu ?? 0, "read units per order"),
    "order.prepaid.quiet_usd_per_million": figure(usd(quiet.usage, 1), "USD"),
  };
}

async function perOrder(shop: Shop, meter: Meter, ordersPerBatch: number): Promise<{ calls: number; usage: Usage }> {
  for (let sold = 0; sold < ORDERS; sold += ordersPerBatch)
    await settleOrders(shop.deps, await sell(shop, ordersPerBatch));
  const calls = meter.take();
  const total = together(...calls.map(({ usage }) => usage));
  const usage = Object.fromEntries(Object.entries(total).map(([unit, count]) => [unit, count / ORDERS]));
  return { calls: calls.length / ORDERS, usage };
}

/** `apiKeys`: each sale comes with the next of them. `more`: what its requests say besides. */
type Shop = { deps: Domain; productId: string; channelId: string; apiKeys: string[]; more?: Partial<NewOrder> };

/** The same shop, whose every sale comes with a key that the process does not remember. */
async function withKeys(shop: Shop, meter: Meter, count: number): Promise<Shop> {
  const apiKeys: string[] = [];
  for (let key = 0; key < count; key++) {
    const made = await createKey(shop.deps, shop.channelId, { scopes: Scope.options }, new Date(), `bench ${key}`);
    apiKeys.push(made.ok ? (made.value.apiKey ?? "") : "");
  }
  meter.take();
  return { ...shop, apiKeys };
}

/** The same shop, whose key and channel have every limit that there is, none of which is reached. */
async function withAllLimits(shop: Shop, meter: Meter): Promise<Shop> {
  const { deps, channelId, productId } = shop;
  const most = 1_000_000;
  const limits: UsageLimits = {
    requests: { quota: most, windowSeconds: 3600 },
    ordersPerDay: most,
    codesPerDay: most,
    revealsPerDay: most,
    amountPerDay: { CNY: 1_000 * most },
  };
  const made = await createKey(deps, channelId, { scopes: Scope.options }, new Date(), "bench with limits");
  const { keyId, apiKey = "" } = valueOf(made);
  const [channel, key] = [await findChannel(deps, channelId), await findKey(deps, channelId, keyId)];
  if (channel === undefined || key === undefined) throw new Error("no channel or no key");
  valueOf(await setChannelLimits(deps, channel, { ...limits, productPerDay: { [productId]: most } }));
  valueOf(await setKeyLimits(deps, key, limits));
  await authenticate(deps, apiKey);
  meter.take();
  return { ...shop, apiKeys: [apiKey] };
}

async function openShop(own: OwnTables): Promise<{ shop: Shop; meter: Meter }> {
  const meter = new Meter();
  const deps = domain(meter as never, { stack: own.stack });
  const price = { amount: 1500, currency: "CNY" };
  const product = valueOf(await createProduct(deps, { kind: "code", name: "Bench code", price }, newId("req")));
  const channel = valueOf(await createChannel(deps, { name: "Bench shop" }, newId("req"), new Date()));
  const { id: channelId, apiKey = "" } = channel;
  await deposit(deps, channelId, { amount: 10_000_000, currency: "CNY" }, "bench", new Date());
  valueOf(await importCodes(deps, product.id, ["secret", ...makeCodes(400)].join("\n"), { dryRun: false }));
  return { shop: { deps, productId: product.id, channelId, apiKeys: [apiKey] }, meter };
}

/** As the function behind `POST /v1/orders` does it, from the key to the code in the answer. */
async function sell({ deps, productId, apiKeys, more }: Shop, count: number): Promise<Order[]> {
  const orders: Order[] = [];
  for (let i = 0; i < count; i++) {
    const apiKey = apiKeys.shift() ?? "";
    apiKeys.push(apiKey);
    const caller = await authenticate(deps, apiKey);
    if (caller === undefined || caller === "revoked") throw new Error("the key does not work");
    const paced = paceOf(caller);
    if (paced !== undefined) await keepPace(deps, paced.subject, paced.pace);
    orders.push(await sellOne(deps, caller, productId, more));
  }
  return orders;
}
