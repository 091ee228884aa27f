import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { planOrder } from "../../shared/fulfilment/step.ts";
import { countStock } from "../../shared/inventory/count.ts";
import { voidCode } from "../../shared/inventory/find-code.ts";
import { placeOf } from "../../shared/inventory/model.ts";
import { setPool } from "../../shared/inventory/pools.ts";
import { transfer } from "../../shared/inventory/transfer.ts";
import { verifyStock } from "../../shared/inventory/verify.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { cancelOrder } from "../../shared/orders/cancel.ts";
import { revealGoods } from "../../shared/orders/goods.ts";
import { type Order, ticketsOf } from "../../shared/orders/model.ts";
import { placeOrder } from "../../shared/orders/place.ts";
import { orderIdFor, orderKey, readOrder } from "../../shared/orders/table.ts";
import { releaseWithheld } from "../../shared/restore/release.ts";
import { type LostOrder, restoreStock } from "../../shared/restore/restore.ts";
import { logSales, type SalesLog } from "../../shared/restore/sales-log.ts";
import type { Domain } from "../support/domain.ts";
import { fakeBucket } from "../support/fake-aws.ts";
import { buy, draw, type Market, openMarket, secretsOf, sweepUntilQuiet } from "../support/market.ts";
import { before, fallAsleep, meanwhile } from "../support/meanwhile.ts";
import type { Everything } from "../support/on-second-engine.ts";
import { bringBack, takeImage } from "../support/table-image.ts";

const LOOKER = { keyId: "key_test", sourceIp: "192.0.2.1", requestId: "req_test" };
const RICH = 1_000_000;

/** Stock whose table was restored to an earlier moment: what was sold since is never sold again. */
export function restores(ground: () => Everything): void {
  const MARGIN = 2;
  let records = 0;

  async function stage(stock: number) {
    const { deps } = ground();
    const market = await openMarket(deps, { stock, money: RICH });
    const log: SalesLog = { s3: fakeBucket().s3, salesLog: "log" };
    return { market, log, since: new Date().toISOString() };
  }
  type Stage = Awaited<ReturnType<typeof stage>>;

  /** What an order's buyer got, and, unless the log was too slow, what the stream told of it. */
  async function sell({ market, log }: Stage, key: string, quantity: number, how: "logged" | "unlogged" = "logged") {
    const bought = await buy(ground().deps, market.channelId, key, [{ productId: market.productId, quantity }]);
    if (!bought.ok) throw new Error(bought.detail);
    if (how === "logged") await tell(market, log, key);
    return secretsOf(bought.value.goods);
  }

  async function tell({ channelId }: Market, log: SalesLog, key: string): Promise<void> {
    const order = await readOrder(ground().deps, orderIdFor(channelId, key));
    records += 1;
    const record = { at: new Date().toISOString(), sequence: String(records) };
    if (order !== undefined) await logSales(log, [order], record);
  }

  /** All steps, as the command line takes them. */
  async function restore({ log, since }: Stage, deps: Domain = ground().deps, margin = MARGIN) {
    const lostOrders: LostOrder[] = [];
    const sum = { sold: 0, withheld: 0, moved: 0, lost: 0 };
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const step = await restoreStock({ ...deps, ...log }, { since, margin }, cursor);
      if (!step.ok) throw new Error(step.detail);
      lostOrders.push(...step.value.lostOrders);
      for (const key of ["sold", "withheld", "moved", "lost"] as const) sum[key] += step.value[key];
      cursor = step.value.next;
    }
    return { ...sum, lostOrders };
  }

  async function release({ market }: Stage): Promise<number> {
    let released = 0;
    for (let after: string | null | undefined; after !== null; ) {
      const page = await releaseWithheld(ground().deps, market.productId, after);
      released += page.released;
      after = page.next;
    }
    await sweepUntilQuiet(ground().deps, market.productId);
    return released;
  }

  /** Sells one by one whatever there is to be had. */
  async function sellOut({ market }: Stage): Promise<string[]> {
    const secrets: string[] = [];
    for (let misses = 0; misses < 2; ) {
      const lines = [{ productId: market.productId, quantity: 1 }];
      const bought = await buy(ground().deps, market.channelId, newId("req"), lines);
      if (bought.ok) secrets.push(...secretsOf(bought.value.goods));
      else misses += 1;
    }
    return secrets;
  }

  const count = ({ market }: Stage) => countStock(ground().deps, market.productId, new Date());
  const differences = async ({ market }: Stage) => (await verifyStock(ground().deps, market.productId)).differences;

  test("what was sold since is sold, what the log may have missed is withheld, and neither is sold again", async () => {
    const { deps } = ground();
    const scene = await stage(30);
    await sell(scene, "a", 2);
    const image = await takeImage(deps, scene.market.productId);
    const logged = await sell(scene, "b", 3);
    const [missed = ""] = await sell(scene, "c", 1, "unlogged");
    await bringBack(deps, image);
    expect(await restore(scene)).toMatchObject({ sold: 3, lost: 0, lostOrders: [] });
    expect(await count(scene)).toMatchObject({ sold: 5, held: 2, available: 23 });
    expect(await differences(scene)).toEqual([]);
    // Again, it finds nothing to do; and then the buyers find their goods where they were.
    const once = await count(scene);
    expect(await restore(scene)).toMatchObject({ sold: 0, withheld: 0 });
    expect(await count(scene)).toEqual(once);
    const order = await readOrder(deps, orderIdFor(scene.market.channelId, "b"));
    if (order === undefined) throw new Error("no order");
    const goods = await revealGoods(deps, order, LOOKER);
    expect(goods.ok && secretsOf(goods.value)).toEqual(logged);
    await sweepUntilQuiet(deps, scene.market.productId);
    const rest = await sellOut(scene);
    expect(rest).toHaveLength(23);
    expect(rest).not.toEqual(expect.arrayContaining([missed]));
    expect(new Set([...rest, ...logged]).size).toBe(26);
    // A person finds out which of the withheld ones was sold, voids it, and releases the others.
    expect(await voidCode(deps, scene.market.productId, { secret: missed })).toMatchObject({ ok: true });
    expect(await release(scene)).toBe(1);
    expect(await sellOut(scene)).toHaveLength(1);
    expect(await count(scene)).toMatchObject({ available: 0, held: 0, void: 1, sold: 29 });
  });

  test("orders that are lost themselves are named, and keep their codes", async () => {
    const { deps } = ground();
    const scene = await stage(10);
    const image = await takeImage(deps, scene.market.productId);
    await sell(scene, "a", 2);
    const orderId = orderIdFor(scene.market.channelId, "a");
    await deps.db.send(new DeleteCommand({ TableName: deps.tables.orders, Key: orderKey(orderId) }));
    await bringBack(deps, image);
    const { channelId } = scene.market;
    const lost = { orderId, channelId, state: "fulfilled", total: { amount: 200, currency: "CNY" } };
    expect(await restore(scene)).toMatchObject({ sold: 2, lostOrders: [lost] });
    expect(await count(scene)).toMatchObject({ sold: 2, held: 2, available: 6 });
  });

  test("a code that came back and was sold from its new place is withheld at its old one, and its number is fenced", async () => {
    const { deps } = ground();
    const scene = await stage(4);
    const { productId, channelId } = scene.market;
    const request = { lines: [{ productId, quantity: 2 }], payment: { method: "balance" as const } };
    await placeOrder(deps, channelId, "a", request, {});
    await tell(scene.market, scene.log, "a");
    const image = await takeImage(deps, productId);
    await cancelOrder(deps, channelId, orderIdFor(channelId, "a"));
    await tell(scene.market, scene.log, "a");
    await sweepUntilQuiet(deps, productId);
    const others = [...(await sell(scene, "b", 2, "unlogged")), ...(await sell(scene, "c", 1))];
    const c = await readOrder(deps, orderIdFor(channelId, "c"));
    if (c === undefined) throw new Error("no order");
    await bringBack(deps, image);
    expect(await restore(scene)).toMatchObject({ moved: 1 });
    expect(await differences(scene)).toEqual([]);
    const rest = await sellOut(scene);
    expect(rest.filter((secret) => others.includes(secret))).toEqual([]);
    // Whatever comes back from now on lies behind the number that was sold.
    await draw(deps, productId, 4, new Date());
    await release(scene);
    await expect(revealGoods(deps, c, LOOKER)).rejects.toThrow(`order ${c.id} does not own ${ticketsOf(c.lines)[0]}`);
    expect(placeOf(ticketsOf(c.lines)[0] ?? "").slab).toContain("r");
    expect(await differences(scene)).toEqual([]);
  });

  test("what was cut off for a campaign and sold there is a hole that its finders pass over", async () => {
    const { deps } = ground();
    const scene = await stage(30);
    const { productId, channelId } = scene.market;
    const { pool } = await setPool(deps, productId, { kind: "campaign", subject: "spring" }, "stop");
    const image = await takeImage(deps, productId);
    await transfer(deps, productId, "", pool, 10);
    const request = {
      lines: [{ productId, quantity: 2 }],
      payment: { method: "balance" as const },
      campaign: "spring",
    };
    expect(await placeOrder(deps, channelId, "a", request, {})).toMatchObject({ value: { state: "fulfilled" } });
    await tell(scene.market, scene.log, "a");
    await bringBack(deps, image);
    expect(await restore(scene)).toMatchObject({ sold: 2 });
    // Two behind the hole, and two where the total's own sales had been.
    expect(await count(scene)).toMatchObject({ sold: 2, held: 4, available: 24 });
    const rest = await sellOut(scene);
    expect(new Set(rest).size).toBe(24);
    expect(await release(scene)).toBe(4);
  });

  test("a large order keeps its runs; one that had given them back leaves them withheld", async () => {
    const { deps } = ground();
    const scene = await stage(150);
    const { productId, channelId } = scene.market;
    const image = await takeImage(deps, productId);
    for (const key of ["kept", "cancelled"]) {
      const request = { lines: [{ productId, quantity: 60 }], payment: { method: "balance" as const } };
      const placed = await placeOrder(deps, channelId, key, request, {});
      if (!placed.ok) throw new Error(placed.detail);
      while ((await planOrder(deps, placed.value.id)).step === "plan");
      if (key === "cancelled") await cancelOrder(deps, channelId, placed.value.id);
      while ((await planOrder(deps, placed.value.id)).step === "plan");
      await tell(scene.market, scene.log, key);
    }
    await bringBack(deps, image);
    expect(await restore(scene)).toMatchObject({ sold: 60 });
    expect(await differences(scene)).toEqual([]);
    expect(await sellOut(scene)).toHaveLength(28);
    expect(await release(scene)).toBe(62);
    expect(await count(scene)).toMatchObject({ sold: 88, held: 0, available: 62 });
  });

  test("a large order whose cut the table has forgotten is finished with the codes that the log knew of", async () => {
    const { deps } = ground();
    const scene = await stage(100);
    const { productId, channelId } = scene.market;
    const image = await takeImage(deps, productId);
    const request = { lines: [{ productId, quantity: 60 }], payment: { method: "balance" as const } };
    const placed = await placeOrder(deps, channelId, "a", request, {});
    expect(placed).toMatchObject({ value: { state: "fulfilling" } });
    await tell(scene.market, scene.log, "a");
    await bringBack(deps, image);
    await restore(scene);
    const orderId = orderIdFor(channelId, "a");
    for (let steps = 0; steps < 5 && (await planOrder(deps, orderId)).step === "plan"; steps++);
    expect(await readOrder(deps, orderId)).toMatchObject({ state: "fulfilled" });
    expect(await count(scene)).toMatchObject({ sold: 60, held: MARGIN });
    expect(await differences(scene)).toEqual([]);
  });

  test("one that died in the middle is begun again, and withholds no more than if it had not", async () => {
    const { deps } = ground();
    for (const moment of [before.aPlaceIsReplayed, before.aCodeIsWithheld, before.aRestoredRangeIsMarked]) {
      const scene = await stage(20);
      const image = await takeImage(deps, scene.market.productId);
      await sell(scene, "a", 3);
      await bringBack(deps, image);
      await fallAsleep(deps, moment, (sleepy) => restore(scene, sleepy));
      await restore(scene);
      expect(await count(scene)).toMatchObject({ sold: 3, held: MARGIN, available: 15 });
      expect(await differences(scene)).toEqual([]);
    }
  });

  test("codes of an import that the table has lost are counted, in as many steps as there are", async () => {
    const scene = await stage(1);
    const { productId, channelId } = scene.market;
    const run = { slab: "0123456789abcdef", pool: "", first: 0, quantity: LIMITS.codesPerStep };
    const lost = { id: "ord_lost", channelId, state: "fulfilled", total: { amount: 1, currency: "CNY" } };
    const line = { id: "1", productId, kind: "code", state: "fulfilled", tickets: [`${run.slab}:0`], reserved: [run] };
    const order = { ...lost, lines: [line] } as unknown as Order;
    await logSales(scene.log, [order], { at: new Date().toISOString(), sequence: "1" });
    const steps: (string | null)[] = [];
    let counted = 0;
    for (let cursor: string | undefined; steps.length < 3; ) {
      const step = await restoreStock({ ...ground().deps, ...scene.log }, { since: scene.since, margin: 0 }, cursor);
      if (!step.ok) throw new Error(step.detail);
      counted += step.value.lost;
      steps.push(step.value.next?.split(" ").at(-1) ?? null);
      cursor = step.value.next ?? undefined;
    }
    expect(counted).toBe(LIMITS.codesPerStep + 1);
    expect(steps).toEqual([String(LIMITS.codesPerStep), "0", ""]);
  });

  test("it stops where somebody is selling meanwhile", async () => {
    const { deps } = ground();
    const scene = await stage(20);
    const { productId } = scene.market;
    const selling = meanwhile(deps, before.aRestoredRangeIsMarked, () => draw(deps, productId, 1, new Date()));
    const { log, since } = scene;
    const step = restoreStock({ ...selling, ...log }, { since, margin: MARGIN }, `stock ${productId} `);
    expect(await step).toMatchObject({ code: "busy" });
  });
}
