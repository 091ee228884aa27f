import { createProduct } from "../../shared/catalog/products.ts";
import { authenticate, createChannel, setUnpaidLimit } from "../../shared/channels/keys.ts";
import { importCodes } from "../../shared/inventory/import.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { openCheckout } from "../../shared/orders/checkout.ts";
import { followNews } from "../../shared/orders/follow-payment.ts";
import { revealGoods } from "../../shared/orders/goods.ts";
import type { Order } from "../../shared/orders/model.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { settleOrders } from "../../shared/orders/settle-orders.ts";
import { readOrder } from "../../shared/orders/table.ts";
import type { Payment } from "../../shared/payments/model.ts";
import { receiveNotification } from "../../shared/payments/receive-notification.ts";
import { setProvider } from "../../shared/payments/set-provider.ts";
import { domain } from "../support/engine/domain.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { parameters } from "../support/payments/parameters.ts";
import { startPaymentSimulator } from "../support/payments/payment-simulator.ts";
import { valueOf } from "../support/value-of.ts";
import { Meter } from "./meter.ts";
import { ASSUMED, lambda, together, type Usage, usdPerMillion } from "./prices.ts";
import { type Figures, figure } from "./report.ts";

const ORDERS = 50;
const PROVIDER = "simulated";

/** What a part of an order takes of AWS beside its calls to the tables and keys. */
const PARTS: Readonly<Record<"order" | "payment" | "books" | "goods", Usage>> = {
  // The request that places the order waits for the provider.
  order: together({ httpRequest: 1 }, lambda(1, 1024, ASSUMED.saleSeconds + ASSUMED.stepSeconds)),
  // The function that hears the notification asks the provider, and sells, before it answers. Only what can't be done at once is queued.
  payment: together({ httpRequest: 1 }, lambda(1, 512, ASSUMED.saleSeconds + ASSUMED.stepSeconds)),
  // Two functions follow the orders. One writes the log of sales and the other the archive of events, an object for each batch. A
  // checkout is in two batches, when it is placed and when it is sold, and is told both times, ten orders in an entry. Where ten are sold within the
  // second of a batch ten others are placed, and lie in the same one: so a batch is shared by ten orders all the same.
  books: together(lambda(2 / ASSUMED.ordersPerBatch, 512, ASSUMED.stepSeconds), {
    s3Put: 2 / ASSUMED.ordersPerBatch,
    busEntry: 2 / ASSUMED.ordersPerBatch,
  }),
  goods: together({ httpRequest: 1 }, lambda(1, 1024, ASSUMED.stepSeconds)),
};
type Part = keyof typeof PARTS;

/**
 * An order of one code that its buyer pays at a provider, part by part: the request with the hold, the notification with the
 * question to the provider and the sale, the books, and the request that fetches the code. The process is warm, as in `prepaidOrder`.
 * `uncounted`: of a channel without a limit of unpaid orders.
 */
export async function storefrontOrder(own: OwnTables): Promise<Figures> {
  // One for both: a process keeps a provider's credentials for minutes.
  const simulator = await startPaymentSimulator();
  try {
    const uncounted = Object.entries(await measured(own, simulator, null)).filter(([name]) => SUMS.includes(name));
    return {
      ...(await measured(own, simulator)),
      ...Object.fromEntries(
        uncounted.map(([name, value]) => [name.replace("storefront.", "storefront.uncounted_"), value]),
      ),
    };
  } finally {
    await simulator.stop();
  }
}

/** The figures of the whole order. */
const SUMS: readonly string[] = ["wcu", "rcu", "usd_per_million"].map((unit) => `order.storefront.${unit}`);

async function measured(own: OwnTables, simulator: Simulator, unpaidLimit?: null): Promise<Figures> {
  const meter = new Meter();
  const shop = await openShop(own, meter, simulator, unpaidLimit);
  await sell(shop, 3, simulator, () => undefined);
  meter.take();
  const usage = new Map<Part, Usage[]>();
  const note = (part: Part): void => {
    const calls = meter.take().map((call) => call.usage);
    usage.set(part, [...(usage.get(part) ?? []), ...calls]);
  };
  await sell(shop, ORDERS, simulator, note);
  const parts = (Object.keys(PARTS) as Part[]).map((part): Usage & { part: Part; usd: number } => {
    const { kms: _warm, ...measured } = together(...(usage.get(part) ?? []));
    const each: Usage = Object.fromEntries(Object.entries(measured).map(([unit, count]) => [unit, count / ORDERS]));
    return { part, ...each, usd: usdPerMillion(together(each, PARTS[part])) };
  });
  const sum = (of: (one: (typeof parts)[number]) => number): number => parts.reduce((all, one) => all + of(one), 0);
  return {
    "order.storefront.wcu": figure(
      sum(({ wcu = 0 }) => wcu),
      "write units per order",
    ),
    "order.storefront.rcu": figure(
      sum(({ rcu = 0 }) => rcu),
      "read units per order",
    ),
    ...Object.fromEntries(
      parts.flatMap(({ part, usd, wcu = 0 }) => [
        [`order.storefront.${part}_wcu`, figure(wcu, "write units per order")],
        [`order.storefront.${part}_usd_per_million`, figure(usd, "USD")],
      ]),
    ),
    "order.storefront.usd_per_million": figure(
      sum(({ usd }) => usd),
      "USD",
    ),
  };
}

type Simulator = Awaited<ReturnType<typeof startPaymentSimulator>>;
type Shop = Awaited<ReturnType<typeof openShop>>;

async function openShop(own: OwnTables, meter: Meter, { url, credentials }: Simulator, unpaidLimit?: null) {
  const given = domain(meter as never, { stack: own.stack });
  const following = {
    ...given,
    ssm: parameters(),
    paymentSecretsPrefix: "/bench/",
    environmentName: "local",
  };
  const deps = {
    ...following,
    // What the queue costs is in the figures; what it carries is handled here.
    sqs: { send: () => Promise.resolve({}) } as never,
    paymentQueueUrl: "payments",
    sealBody: given.sealRecipient,
    follow: (payment: Payment) => followNews(following, payment),
  };
  const settings = { name: PROVIDER, protocol: "simulated", baseUrl: url, timeoutMs: 2_000 } as const;
  valueOf(await setProvider(deps, { ...settings, credentials, fees: ["0.6%"] }));
  const price = { amount: 1500, currency: "CNY" };
  const retailPrice = { amount: 1800, currency: "CNY" };
  const product = { kind: "code", name: "Bench code", price, retailPrice } as const;
  const { id: productId } = valueOf(await createProduct(deps, product, newId("req")));
  const channel = valueOf(await createChannel(deps, { name: "Bench storefront" }, newId("req"), new Date()));
  if (unpaidLimit !== undefined) await setUnpaidLimit(deps, channel.id, unpaidLimit);
  valueOf(await importCodes(deps, productId, ["secret", ...makeCodes(ORDERS + 10)].join("\n"), { dryRun: false }));
  return { deps, productId, channelId: channel.id, apiKey: channel.apiKey ?? "", take: () => meter.take() };
}

async function sell(shop: Shop, count: number, simulator: Simulator, note: (part: Part) => void): Promise<void> {
  const { deps, apiKey, take } = shop;
  const caller = async () => {
    const found = await authenticate(deps, apiKey);
    if (found === undefined || found === "revoked") throw new Error("the key does not work");
    return found;
  };
  const placed: Order[] = [];
  for (let from = 0; from < count; from += ASSUMED.ordersPerBatch) {
    const batch: Order[] = [];
    for (let one = from; one < Math.min(count, from + ASSUMED.ordersPerBatch); one++) {
      await caller();
      batch.push(await sellOne(shop, simulator, note));
    }
    // What is sold within a second is booked together, before the next ones add to what waits.
    const sold = await Promise.all(batch.map(({ id }) => readOrder(deps, id)));
    // These reads are the bench's own.
    take();
    const paid = sold.filter((order) => order?.state === "fulfilled") as Order[];
    if (paid.length < batch.length) throw new Error(`only ${paid.length} of ${batch.length} orders were sold`);
    await settleOrders(deps, paid);
    note("books");
    placed.push(...batch);
  }
  for (const { id } of placed) {
    const { keyId } = await caller();
    const order = await readOrder(deps, id);
    if (order === undefined) throw new Error("the order vanished");
    const goods = valueOf(await revealGoods(deps, order, { keyId, sourceIp: "192.0.2.1", requestId: "bench" }));
    if (goods.get("1")?.length !== 1) throw new Error("no code in the answer");
  }
  note("goods");
}

/** Places an order, and has its buyer pay and its provider tell. */
async function sellOne(
  { deps, productId, channelId }: Shop,
  simulator: Simulator,
  note: (part: Part) => void,
): Promise<Order> {
  const request = {
    lines: [{ productId, quantity: 1 }],
    payment: { method: "checkout", provider: PROVIDER, flow: "page" } as const,
  };
  const order = valueOf(await placeOrder(deps, channelId, newId("req"), request, {}));
  const { payment } = valueOf(await openCheckout(deps, order));
  note("order");
  if (payment === undefined) throw new Error("the order has no payment");
  simulator.pay(payment.id);
  const { body, headers } = simulator.notification(payment.id);
  const { kind } = await receiveNotification(deps, PROVIDER, body, headers);
  if (kind !== "followed") throw new Error(`the notification was ${kind}`);
  note("payment");
  return order;
}
