import { planOrder } from "../../../shared/fulfilment/step.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { readAccount } from "../../../shared/ledger/lanes.ts";
import { revealPage } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import type { Domain } from "../engine/domain.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { violations } from "./invariants.ts";
import { type Market, openMarket, settleMoney, sweepUntilQuiet } from "./market.ts";

export const LOOKER = { keyId: "key_test", sourceIp: "192.0.2.1", requestId: "req_test" };
export const RICH = 100_000_000;

/** The steps of scenes about large orders: a market, its orders, the workflow that sells them, and what is true at the end. */
export function largeMarket(deps: Everything["deps"]) {
  const market = (stock: number, money = RICH): Promise<Market> => openMarket(deps, { stock, money });
  const place = (of: Market, key: string, quantity: number, more: Partial<NewOrder> = {}, on: Domain = deps) =>
    placeOrder(
      on,
      of.channelId,
      key,
      { lines: [{ productId: of.productId, quantity }], payment: { method: "balance" }, ...more },
      {},
    );

  /** The workflow, as far as it concerns us: it plans until there is nothing left to plan. */
  async function work(of: Market, key: string, on: Domain = deps): Promise<Order> {
    const id = orderIdFor(of.channelId, key);
    while ((await planOrder(on, id)).step === "plan");
    const order = await readOrder(on, id);
    if (order === undefined) throw new Error(`no order ${key}`);
    return order;
  }

  async function goodsOf(order: Order, limit = 100): Promise<string[]> {
    const secrets: string[] = [];
    for (let from: number | null = 0; from !== null; ) {
      const page = await revealPage(deps, order, LOOKER, { from, limit });
      if (!page.ok) throw new Error(page.detail);
      secrets.push(...page.value.pieces.map(({ code }) => code.secret));
      from = page.value.next;
    }
    return secrets;
  }

  /** Everything that is wrong afterwards, and what the account has left. */
  async function endOf(of: Market, ...keys: string[]): Promise<{ wrong: unknown[]; left: number }> {
    const { productId, channelId } = of;
    const orders = keys.map((key) => orderIdFor(channelId, key));
    await settleMoney(deps, ...orders);
    await sweepUntilQuiet(deps, productId);
    const wrong = await violations(deps, { products: [productId], channels: [channelId], orders });
    const { differences } = await verifyStock(deps, productId, new Date());
    return { wrong: [...wrong, ...differences], left: (await readAccount(deps, channelId, "CNY"))?.spendable ?? 0 };
  }
  const count = (of: Market) => countStock(deps, of.productId, new Date());

  return { market, place, work, goodsOf, endOf, count };
}
