import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import type { Db } from "../../../shared/aws/dynamo.ts";
import { createProduct } from "../../../shared/catalog/products.ts";
import { readDirectory, setDirectory } from "../../../shared/inventory/directory.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { type Ticket, TOTAL } from "../../../shared/inventory/model.ts";
import type { Buyer } from "../../../shared/inventory/pools.ts";
import { readRanges } from "../../../shared/inventory/ranges.ts";
import { sweepProduct } from "../../../shared/inventory/sweep.ts";
import { drawTickets } from "../../../shared/inventory/tickets.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { ok, type Result } from "../../../shared/kernel/problem.ts";
import { setLanes } from "../../../shared/ledger/accounts.ts";
import { deposit } from "../../../shared/ledger/deposits.ts";
import { type Goods, revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { settleOrders } from "../../../shared/orders/settle-orders.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { Domain } from "../engine/domain.ts";
import { eventually, makeCodes } from "./shop.ts";

/** A product with codes in stock and a channel with money, made without a function in between: a stage for one scene. */
export type Market = { productId: string; channelId: string; codes: string[]; price: number };

export async function openMarket(
  deps: Domain,
  options: { stock: number; money: number; price?: number; retail?: number; lanes?: number },
): Promise<Market> {
  const price = options.price ?? 100;
  const productId = await codeProduct(deps, price, options.retail);
  const codes = makeCodes(options.stock);
  if (codes.length > 0) await putOnSale(deps, productId, codes);
  const channelId = newId("chan");
  if (options.lanes !== undefined) await setLanes(deps, { channelId, currency: "CNY" }, options.lanes);
  if (options.money > 0) await giveMoney(deps, channelId, options.money);
  return { productId, channelId, codes, price };
}

/** One more product with codes in stock. */
export async function stockedProduct(deps: Domain, stock: number): Promise<string> {
  return (await openMarket(deps, { stock, money: 0 })).productId;
}

export async function codeProduct(deps: Domain, price = 100, retail?: number): Promise<string> {
  const currency = "CNY";
  const product = {
    kind: "code",
    name: "Test code",
    price: { amount: price, currency },
    ...(retail === undefined ? {} : { retailPrice: { amount: retail, currency } }),
  } as const;
  const made = await createProduct(deps, product, newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
}

export async function putOnSale(deps: Domain, productId: string, codes: readonly string[]): Promise<void> {
  for (let at = 0; at < codes.length; at += LIMITS.importLines) {
    const some = codes.slice(at, at + LIMITS.importLines);
    const report = await importCodes(deps, productId, ["secret", ...some, ""].join("\n"), { dryRun: false });
    if (!report.ok || report.value.refused.length > 0) throw new Error(`not imported: ${JSON.stringify(report)}`);
  }
}

/** A product whose stock lies in many ranges: so many expiries, each in so many lanes of so many codes. */
export async function scatteredStock(deps: Domain, expiries: number, lanes: number, length: number): Promise<string> {
  const productId = await codeProduct(deps);
  await setDirectory(deps, productId, TOTAL, { lanes });
  const lines = Array.from({ length: expiries }, (_, year) =>
    makeCodes(lanes * length).map((code) => `${code},${2080 + year}-01-01`),
  ).flat();
  await importCodes(deps, productId, ["secret,expiresAt", ...lines].join("\n"), { dryRun: false });
  if ((await readDirectory(deps, productId)).ranges.length !== expiries * lanes) throw new Error("not so many ranges");
  return productId;
}

export async function giveMoney(deps: Domain, channelId: string, amount: number): Promise<void> {
  const paid = await deposit(deps, channelId, { amount, currency: "CNY" }, newId("evt"), new Date());
  if (!paid.ok) throw new Error(paid.detail);
}

/** Draws tickets as an order of nobody in particular would. */
export async function draw(
  deps: Db<"inventory">,
  productId: string,
  quantity: number,
  now: Date,
  buyer: Buyer = { channelId: "chan_none" },
): Promise<Ticket[]> {
  return drawTickets(deps, { productId, quantity, buyer, seed: 0 }, now);
}

/** What the ranges promise to everybody: tickets that can be drawn now. */
export async function onSale(deps: Db<"inventory">, productId: string): Promise<number> {
  const { ranges } = await readDirectory(deps, productId);
  const ids = ranges.map(({ id }) => id);
  return (await readRanges(deps, ids)).reduce((sum, { left, state }) => sum + (state === "open" ? left : 0), 0);
}

export type Bought = { order: Order; goods: Goods };

/** What the function behind `POST /v1/orders` does: place, then hand the goods out unless told not to. */
export async function buy(
  deps: Domain,
  channelId: string,
  key: string,
  lines: NewOrder["lines"],
  goods: "reveal" | "keep sealed" = "reveal",
  place: typeof placeOrder = placeOrder,
  more: Partial<NewOrder> = {},
): Promise<Result<Bought>> {
  const request: NewOrder = { lines, payment: { method: "balance" }, ...more };
  if (goods === "keep sealed") {
    const placed = await place(deps, channelId, key, request, {});
    return placed.ok ? ok({ order: placed.value, goods: new Map() }) : placed;
  }
  let sold: Parameters<typeof revealGoods>[3];
  const onSold = (slots: typeof sold): void => {
    sold = slots;
  };
  const placed = await place(deps, channelId, key, request, {
    reveal: { by: LOOKER.keyId, from: "127.0.0.1", requestId: "req" },
    onSold,
  });
  if (!placed.ok) return placed;
  const revealed = await revealGoods(deps, placed.value, LOOKER, sold);
  return revealed.ok ? ok({ order: placed.value, goods: revealed.value }) : revealed;
}

const LOOKER = { keyId: "key_test", sourceIp: "192.0.2.1", requestId: "req_test" };

/** Codes that have just come back may go unnoticed for as long as processes remember that there were none. */
export async function buyOnceNoticed(
  deps: Domain,
  channelId: string,
  key: string,
  lines: NewOrder["lines"],
  goods: "reveal" | "keep sealed" = "reveal",
): Promise<Bought> {
  return eventually(async () => {
    const bought = await buy(deps, channelId, key, lines, goods);
    return bought.ok ? bought.value : undefined;
  }, `${key} bought`);
}

/** The codes as the buyer sees them, in the order of lines and tickets. */
export function secretsOf(goods: Goods): string[] {
  return [...goods.values()].flatMap((codes) => codes.map(({ secret }) => secret));
}

/**
 * Sweeps as the schedule does, a hold time apart each: note, sweep, publish, and once more for what the first of them had
 * only noted when something moved in between.
 */
export async function sweepUntilQuiet(deps: Domain, ...products: readonly string[]): Promise<void> {
  for (let round = 1; round <= SWEEPS; round++) {
    const now = new Date(Date.now() + round * (LIMITS.holdSeconds + 1) * 1000);
    for (const productId of products) await sweepProduct(deps, productId, now);
  }
}

const SWEEPS = 4;

/** What the stream does for an order's money, and the schedule after it. */
export async function settleMoney(deps: Domain, ...orderIds: readonly string[]): Promise<void> {
  const orders = await Promise.all(orderIds.map((id) => readOrder(deps, id)));
  await settleOrders(
    deps,
    orders.filter((order) => order !== undefined),
  );
}

export const orderOf = (deps: Domain, channelId: string, key: string): Promise<Order | undefined> =>
  readOrder(deps, orderIdFor(channelId, key));

/** Takes products off the list, so that the deployed sweeper need not look at a thousand scenes that are over. */
export async function retire(deps: Domain, ...products: readonly string[]): Promise<void> {
  for (const sk of products)
    await deps.db.send(new DeleteCommand({ TableName: deps.tables.catalog, Key: { pk: "products", sk } }));
}
