import { planOrder } from "../../../shared/fulfilment/step.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { revealGoods } from "../../../shared/orders/goods.ts";
import type { Order } from "../../../shared/orders/model.ts";
import { placeOrder } from "../../../shared/orders/place.ts";
import type { NewOrder } from "../../../shared/orders/request.ts";
import { orderIdFor, readOrder } from "../../../shared/orders/table.ts";
import { releaseWithheld } from "../../../shared/restore/release.ts";
import type { ToSettle } from "../../../shared/restore/report.ts";
import { restoreStock } from "../../../shared/restore/restore.ts";
import { logSales, type SalesLog } from "../../../shared/restore/sales-log.ts";
import type { Domain } from "../engine/domain.ts";
import { fakeBucket } from "../engine/fake-aws.ts";
import { type StockImage, takeImage } from "../inventory/table-image.ts";
import { buy, type Market, openMarket, secretsOf, sweepUntilQuiet } from "../orders/market.ts";

const LOOKER = { keyId: "key_test", sourceIp: "192.0.2.1", requestId: "req_test" };
const RICH = 1_000_000;
export const MARGIN = 2;

export type RestoreStage = { market: Market; log: SalesLog; since: string };

/** A product and its sales log, whose table is set back: what the scenes of restores have in common. */
export function restoreStages(deps: Domain) {
  let records = 0;

  async function stage(stock: number): Promise<RestoreStage> {
    const market = await openMarket(deps, { stock, money: RICH });
    const log: SalesLog = { s3: fakeBucket().s3, salesLog: "log" };
    return { market, log, since: new Date().toISOString() };
  }

  /** What an order's buyer got, and, unless the log was too slow, what the stream told of it. */
  async function sell(scene: RestoreStage, key: string, quantity: number, how: "logged" | "unlogged" = "logged") {
    const { channelId, productId } = scene.market;
    const bought = await buy(deps, channelId, key, [{ productId, quantity }]);
    if (!bought.ok) throw new Error(bought.detail);
    if (how === "logged") await tell(scene, key);
    return secretsOf(bought.value.goods);
  }

  /** Places an order whose goods nobody looks at, and tells of it. */
  async function place(scene: RestoreStage, key: string, quantity: number, more: Partial<NewOrder> = {}) {
    const { channelId, productId } = scene.market;
    const request: NewOrder = { lines: [{ productId, quantity }], payment: { method: "balance" }, ...more };
    const placed = await placeOrder(deps, channelId, key, request, {});
    if (!placed.ok) throw new Error(placed.detail);
    await tell(scene, key);
    return placed.value;
  }

  const orderOf = ({ market }: RestoreStage, key: string): Promise<Order | undefined> =>
    readOrder(deps, orderIdFor(market.channelId, key));

  /** What the stream's consumer writes down of an order, as it is now. */
  async function tell({ market, log }: RestoreStage, key: string, at = new Date()): Promise<void> {
    const order = await readOrder(deps, orderIdFor(market.channelId, key));
    records += 1;
    if (order !== undefined) await logSales(log, [order], [{ at: at.toISOString(), sequence: String(records) }]);
  }

  /** The workflow of a large order, as far as it concerns stock; and what the stream tells of it. */
  async function work(scene: RestoreStage, key: string): Promise<void> {
    while ((await planOrder(deps, orderIdFor(scene.market.channelId, key))).step === "plan");
    await tell(scene, key);
  }

  /** All steps, as the command line takes them. */
  async function restore({ log, since }: RestoreStage, on: Domain = deps, margin = MARGIN) {
    const lostOrders: ToSettle[] = [];
    const ordersWithoutGoods: string[] = [];
    const sum = { sold: 0, withheld: 0, moved: 0, lost: 0 };
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const step = await restoreStock({ ...on, ...log }, { since, margin }, cursor);
      if (!step.ok) throw new Error(step.detail);
      lostOrders.push(...step.value.lostOrders);
      ordersWithoutGoods.push(...step.value.ordersWithoutGoods.map(({ orderId }) => orderId));
      for (const key of ["sold", "withheld", "moved", "lost"] as const) sum[key] += step.value[key];
      cursor = step.value.next;
    }
    return { ...sum, lostOrders, ordersWithoutGoods };
  }

  async function release({ market }: RestoreStage): Promise<number> {
    let released = 0;
    for (let after: string | null | undefined; after !== null; ) {
      const page = await releaseWithheld(deps, market.productId, after);
      released += page.released;
      after = page.next;
    }
    await sweepUntilQuiet(deps, market.productId);
    return released;
  }

  /** Sells one by one whatever there is to be had. */
  async function sellOut({ market }: RestoreStage): Promise<string[]> {
    const secrets: string[] = [];
    for (let misses = 0; misses < 2; ) {
      const lines = [{ productId: market.productId, quantity: 1 }];
      const bought = await buy(deps, market.channelId, newId("req"), lines);
      if (bought.ok) secrets.push(...secretsOf(bought.value.goods));
      else misses += 1;
    }
    return secrets;
  }

  /** What an order's buyer finds under its tickets. */
  async function goodsOf(scene: RestoreStage, key: string): Promise<string[]> {
    const order = await orderOf(scene, key);
    if (order === undefined) throw new Error("no order");
    const goods = await revealGoods(deps, order, LOOKER);
    if (!goods.ok) throw new Error(goods.detail);
    return secretsOf(goods.value);
  }

  const image = ({ market }: RestoreStage): Promise<StockImage> => takeImage(deps, market.productId);
  const count = ({ market }: RestoreStage) => countStock(deps, market.productId, new Date());
  const differences = async ({ market }: RestoreStage) =>
    (await verifyStock(deps, market.productId, new Date())).differences;

  return {
    stage,
    sell,
    place,
    orderOf,
    tell,
    work,
    restore,
    release,
    sellOut,
    goodsOf,
    image,
    count,
    differences,
  };
}
