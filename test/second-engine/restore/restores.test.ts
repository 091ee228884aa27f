import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { planOrder } from "../../../shared/fulfilment/step.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { placeOf } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { cancelOrder } from "../../../shared/orders/cancel.ts";
import { ticketsOf } from "../../../shared/orders/model.ts";
import { orderIdFor, orderKey, readOrder } from "../../../shared/orders/table.ts";
import { restoreStock } from "../../../shared/restore/restore.ts";
import { before, fallAsleep, meanwhile } from "../../support/faults/meanwhile.ts";
import { bringBack, takeImage } from "../../support/inventory/table-image.ts";
import { draw, sweepUntilQuiet } from "../../support/orders/market.ts";
import { MARGIN, restoreStages } from "../../support/restore/restore-stage.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

// Stock whose table was restored to an earlier moment: what was sold since is never sold again.

const { deps } = await sceneGround();

const { stage, sell, place, tell, work, restore, release, sellOut, goodsOf, count, differences } = restoreStages(deps);

test("what was sold since is sold, what the log may have missed is withheld, and neither is sold again", async () => {
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
  expect(await goodsOf(scene, "b")).toEqual(logged);
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
  const scene = await stage(4);
  const { productId, channelId } = scene.market;
  await place(scene, "a", 2);
  const image = await takeImage(deps, productId);
  await cancelOrder(deps, channelId, orderIdFor(channelId, "a"));
  await tell(scene, "a");
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
  await expect(goodsOf(scene, "c")).rejects.toThrow(`order ${c.id} does not own ${ticketsOf(c.lines)[0]}`);
  expect(placeOf(ticketsOf(c.lines)[0] ?? "").slab).toContain("r");
  expect(await differences(scene)).toEqual([]);
});

test("what was cut off for a campaign and sold there is a hole that its finders pass over", async () => {
  const scene = await stage(30);
  const { productId } = scene.market;
  const { pool } = await setPool(deps, productId, { kind: "campaign", subject: "spring" }, "stop");
  const image = await takeImage(deps, productId);
  await transfer(deps, productId, "", pool, 10);
  expect(await place(scene, "a", 2, { campaign: "spring" })).toMatchObject({ state: "fulfilled" });
  await bringBack(deps, image);
  expect(await restore(scene)).toMatchObject({ sold: 2 });
  // Two behind the hole, and two where the total's own sales had been.
  expect(await count(scene)).toMatchObject({ sold: 2, held: 4, available: 24 });
  const rest = await sellOut(scene);
  expect(new Set(rest).size).toBe(24);
  expect(await release(scene)).toBe(4);
});

test("a large order keeps its runs; one that had given them back leaves them withheld", async () => {
  const scene = await stage(150);
  const { productId, channelId } = scene.market;
  const image = await takeImage(deps, productId);
  for (const key of ["kept", "cancelled"]) {
    const { id } = await place(scene, key, 60);
    await work(scene, key);
    if (key === "cancelled") await cancelOrder(deps, channelId, id);
    await work(scene, key);
  }
  await bringBack(deps, image);
  expect(await restore(scene)).toMatchObject({ sold: 60 });
  expect(await differences(scene)).toEqual([]);
  expect(await sellOut(scene)).toHaveLength(28);
  expect(await release(scene)).toBe(62);
  expect(await count(scene)).toMatchObject({ sold: 88, held: 0, available: 62 });
});

test("a large order whose cut the table has forgotten is finished with the codes that the log knew of", async () => {
  const scene = await stage(100);
  const { productId, channelId } = scene.market;
  const image = await takeImage(deps, productId);
  expect(await place(scene, "a", 60)).toMatchObject({ state: "fulfilling" });
  await bringBack(deps, image);
  await restore(scene);
  const orderId = orderIdFor(channelId, "a");
  for (let steps = 0; steps < 5 && (await planOrder(deps, orderId)).step === "plan"; steps++);
  expect(await readOrder(deps, orderId)).toMatchObject({ state: "fulfilled" });
  expect(await count(scene)).toMatchObject({ sold: 60, held: MARGIN });
  expect(await differences(scene)).toEqual([]);
});

test("one that died in the middle is begun again, and withholds no more than if it had not", async () => {
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

test("it stops where somebody is selling meanwhile", async () => {
  const scene = await stage(20);
  const { productId } = scene.market;
  const selling = meanwhile(deps, before.aRestoredRangeIsMarked, () => draw(deps, productId, 1, new Date()));
  const { log, since } = scene;
  const step = restoreStock({ ...selling, ...log }, { since, margin: MARGIN }, `stock ${productId} `);
  expect(await step).toMatchObject({ code: "busy" });
});
