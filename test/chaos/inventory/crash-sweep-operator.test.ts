import { expect, test } from "vitest";
import { changePool } from "../../../shared/inventory/change-pool.ts";
import { closeBatch, voidExpired } from "../../../shared/inventory/closing.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { forgetDirectory } from "../../../shared/inventory/directory.ts";
import { voidCode } from "../../../shared/inventory/find-code.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { setLanes } from "../../../shared/inventory/lanes.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { setPool } from "../../../shared/inventory/pools.ts";
import { transfer } from "../../../shared/inventory/transfer.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { restoreStock } from "../../../shared/restore/restore.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, draw, onSale, putOnSale, sweepUntilQuiet } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";

// What operators do with stock that is there: whatever call it dies at, it was done or it was not, doing it again ends it, and
// no code is lost, doubled or stranded.

const { alive, crashEverywhere } = await ownGround();
const STOCK = 9;

type Stage = { productId: string; codes: string[]; pool: string };

/** Stock in two ranges, and a pool for a campaign. */
async function stage(): Promise<Stage> {
  const productId = await codeProduct(alive);
  const codes = makeCodes(STOCK);
  await putOnSale(alive, productId, codes.slice(0, 5));
  await putOnSale(alive, productId, codes.slice(5));
  const { pool } = await setPool(alive, productId, { kind: "campaign", subject: "spring" }, "stop");
  return { productId, codes, pool };
}

async function expectAllInOrder({ productId }: Stage, counts: object): Promise<void> {
  await sweepUntilQuiet(alive, productId);
  expect(await violations(alive, { products: [productId] })).toEqual([]);
  expect((await verifyStock(alive, productId, new Date())).differences).toEqual([]);
  expect(await countStock(alive, productId, new Date())).toMatchObject({ imported: STOCK, ...counts });
}

const inPool = async ({ productId, pool }: Stage): Promise<number> =>
  (await countStock(alive, productId, new Date())).rows
    .filter((row) => row.pool === pool)
    .reduce((sum, { available }) => sum + available, 0);

/** The same stock, but all of it was drawn once and came back. */
async function returnedStage(): Promise<Stage> {
  const scene = await stage();
  await draw(alive, scene.productId, STOCK, new Date());
  await sweepUntilQuiet(alive, scene.productId);
  return scene;
}

test.each([
  ["fresh stock", stage],
  ["what came back", returnedStage],
])("moving %s to a pool: all that was asked for moves, in one write, or nothing does", async (_, stageOf) => {
  const QUANTITY = 6;
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stageOf();
    const move = (deps: Domain) => transfer(deps, scene.productId, TOTAL, scene.pool, QUANTITY);
    await doomed.run(move);
    const moved = await inPool(scene);
    expect([0, QUANTITY]).toContain(moved);
    if (moved === 0) await move(alive);
    expect(await inPool(scene)).toBe(QUANTITY);
    await expectAllInOrder(scene, { available: STOCK });
    // No sweep takes anything back.
    expect(await inPool(scene)).toBe(QUANTITY);
  });
  expect(calls).toBeGreaterThanOrEqual(4);
});

test("moving all of it, by new labels: asked again, all is there", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const move = (deps: Domain) => transfer(deps, scene.productId, TOTAL, scene.pool, undefined);
    await doomed.run(move);
    expect(await move(alive)).toMatchObject({ ok: true });
    expect(await inPool(scene)).toBe(STOCK);
    await expectAllInOrder(scene, { available: STOCK });
  });
  expect(calls).toBeGreaterThanOrEqual(4);
});

test.each(["frozen", "void"] as const)("making a batch %s, with codes out of it on their way back", async (state) => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const { productId } = scene;
    const [row] = (await countStock(alive, productId, new Date())).rows;
    await draw(alive, productId, 2, new Date());
    await sweepUntilQuiet(alive, productId);
    const close = (deps: Domain) => closeBatch(deps, productId, row?.batchId ?? "", state);
    await doomed.run(close);
    expect(await close(alive)).toMatchObject({ ok: true });
    if (state === "frozen") await closeBatch(alive, productId, row?.batchId ?? "", "open");
    const voided = state === "void" ? (row?.available ?? 0) : 0;
    await expectAllInOrder(scene, { available: STOCK - voided, void: voided });
  });
  expect(calls).toBeGreaterThanOrEqual(5);
});

test("thawing a batch, with codes out of it that came back: asked again, all of it is on sale", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const { productId } = scene;
    const [row] = (await countStock(alive, productId, new Date())).rows;
    await draw(alive, productId, 2, new Date());
    await sweepUntilQuiet(alive, productId);
    const make = (state: "frozen" | "open") => (deps: Domain) => closeBatch(deps, productId, row?.batchId ?? "", state);
    await make("frozen")(alive);
    expect(await onSale(alive, productId)).toBe(STOCK - (row?.available ?? 0));
    await doomed.run(make("open"));
    expect(await make("open")(alive)).toMatchObject({ ok: true });
    expect(await onSale(alive, productId)).toBe(STOCK);
    await expectAllInOrder(scene, { available: STOCK });
  });
  expect(calls).toBeGreaterThanOrEqual(5);
});

test("freezing a pool, and thawing it: asked again, it is what was asked for, and keeps its stock", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const { productId } = scene;
    const drawn = async (): Promise<number> => {
      forgetDirectory(alive, productId, TOTAL);
      return (await draw(alive, productId, 1, new Date())).length;
    };
    for (const frozen of [true, false]) {
      const make = (deps: Domain) => changePool(deps, productId, "total", { frozen });
      await doomed.run(make);
      expect(await make(alive)).toMatchObject({ value: { frozen } });
      expect(await drawn()).toBe(frozen ? 0 : 1);
    }
    await expectAllInOrder(scene, { available: STOCK });
  });
  expect(calls).toBeGreaterThanOrEqual(6);
});

test("voiding what has expired", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const productId = await codeProduct(alive);
    const codes = makeCodes(STOCK);
    const lines = codes.map((code, index) => `${code},${index < 4 ? "2030-01-01" : index < 6 ? "2030-02-01" : ""}`);
    await importCodes(alive, productId, ["secret,expiresAt", ...lines].join("\n"), { dryRun: false });
    const later = new Date("2030-06-01");
    await doomed.run((deps) => voidExpired(deps, productId, later));
    await voidExpired(alive, productId, later);
    await expectAllInOrder({ productId, codes, pool: "" }, { available: 3, void: 6 });
  });
  expect(calls).toBeGreaterThanOrEqual(5);
});

test("voiding one code: it is void once, and no other", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const secret = scene.codes[3] ?? "";
    await doomed.run((deps) => voidCode(deps, scene.productId, { secret }));
    expect(await voidCode(alive, scene.productId, { secret })).toMatchObject({ value: { state: "void" } });
    await expectAllInOrder(scene, { available: STOCK - 1, void: 1 });
  });
  expect(calls).toBeGreaterThanOrEqual(3);
});

test("cutting stock into lanes: as many as were asked for, and all of it", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    const cut = (deps: Domain) => setLanes(deps, scene.productId, TOTAL, 3);
    await doomed.run(cut);
    await cut(alive);
    expect(await draw(alive, scene.productId, STOCK, new Date())).toHaveLength(STOCK);
    await expectAllInOrder(scene, { available: STOCK });
  });
  expect(calls).toBeGreaterThanOrEqual(4);
});

test("withholding what may have been sold before a restore: as much as if nobody had died", async () => {
  const restore = { since: new Date().toISOString(), margin: 2 };
  const { s3 } = fakeBucket();
  const calls = await crashEverywhere(async (doomed) => {
    const scene = await stage();
    await draw(alive, scene.productId, 2, new Date());
    const withhold = (deps: Domain) =>
      restoreStock({ ...deps, s3, salesLog: "log" }, restore, `stock ${scene.productId} `);
    await doomed.run(withhold);
    expect(await withhold(alive)).toMatchObject({ ok: true });
    // Of the first range what was drawn and two more, of the other two.
    await expectAllInOrder(scene, { held: 6, available: STOCK - 6 });
  });
  expect(calls).toBeGreaterThanOrEqual(9);
});
