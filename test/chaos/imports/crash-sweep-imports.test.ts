import { afterAll, expect, test } from "vitest";
import { Generation } from "../../../shared/imports/generate.ts";
import { cancelImport, createImport, generateCodes, startImport } from "../../../shared/imports/requests.ts";
import { type RunDeps, runImport } from "../../../shared/imports/run.ts";
import { readImport } from "../../../shared/imports/table.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { idOf } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import type { Domain } from "../../support/engine/domain.ts";
import { fakeBucket, fakeBus, fakeQueues } from "../../support/engine/fake-aws.ts";
import { ownGround } from "../../support/engine/own-ground.ts";
import { bothMoments, moments } from "../../support/faults/crash.ts";
import { before, fallAsleep, meanwhile, second } from "../../support/faults/meanwhile.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, onSale } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { valueOf } from "../../support/value-of.ts";

// Work that goes on in the background: whatever call of it a worker dies at, the next one ends it, and its codes are on sale
// once, all of them; or it is cancelled, and none of them ever was.

/** Segments of a few lines: a sweep reads the same file some hundred times, and it is not the lines that crash. */
const usual = { ...LIMITS };
Object.assign(LIMITS, { segmentLines: 100, codesPerDataKey: 100 });
afterAll(() => {
  Object.assign(LIMITS, usual);
});

const { alive, crashEverywhere } = await ownGround();
const always = (): boolean => true;
/** One transaction holds 49 codes. */
const COUNT = 52;

/** What is not a table: it answers at once, and outlives whoever asked. */
function services() {
  const { s3, files } = fakeBucket();
  const { events, told } = fakeBus();
  const { sqs } = fakeQueues();
  const around = { s3, uploadBucket: "uploads", events, eventBusName: "bus", sqs, importQueueUrl: "imports" };
  return { around, files, told };
}

async function expectStock(productId: string, codes: number): Promise<void> {
  expect(await violations(alive, { products: [productId] })).toEqual([]);
  expect((await verifyStock(alive, productId, new Date())).differences).toEqual([]);
  expect(await countStock(alive, productId, new Date())).toMatchObject({ imported: codes, available: codes });
  expect(await onSale(alive, productId)).toBe(codes);
}

/** An operator asks for codes, and a worker makes them. */
async function generation() {
  const productId = await codeProduct(alive);
  const importId = idOf("imp", productId, "key");
  const { around, told } = services();
  const ask = (deps: Domain) =>
    generateCodes({ ...deps, ...around }, productId, Generation.parse({ count: COUNT }), "key");
  const work = async (deps: Domain): Promise<void> => {
    await ask(deps);
    await runImport({ ...deps, ...around }, importId, always);
  };
  return { productId, importId, around, told, work };
}

/** A file is uploaded, in two segments: the first has a few codes and many lines without any, the second all the others. */
async function upload() {
  const productId = await codeProduct(alive);
  const { around, files, told } = services();
  const deps = { ...alive, ...around };
  const codes = makeCodes(COUNT);
  const filler = Array.from({ length: LIMITS.segmentLines }, () => "#N/A");
  const text = ["secret", ...codes.slice(0, 3), ...filler, ...codes.slice(3), ""].join("\n");
  const asked = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, productId, asked, "key"));
  const { importId } = made;
  files.set(`imports/${importId}`, new TextEncoder().encode(text));
  await startImport(deps, importId);
  const work = (on: Domain) => runImport({ ...on, ...around }, importId, always);
  return { productId, importId, codes, around, files, told, deps, work };
}

type Upload = Awaited<ReturnType<typeof upload>>;

/** Nothing of it is left, or the same codes could not be imported again. */
async function expectNothingOf({ productId, codes, files }: Upload): Promise<void> {
  expect(files.size).toBe(0);
  expect(await onSale(alive, productId)).toBe(0);
  expect(await countStock(alive, productId, new Date())).toMatchObject({ imported: 0 });
  const again = await importCodes(alive, productId, ["secret", ...codes, ""].join("\n"), { dryRun: false });
  expect(again).toMatchObject({ value: { imported: COUNT, refused: [] } });
  await expectStock(productId, COUNT);
}

test("making codes of our own: asked again, each of them is made once, and on sale with all the others", async () => {
  const calls = await crashEverywhere(
    async (doomed) => {
      const { productId, importId, told, work } = await generation();
      await doomed.run(work);
      expect([0, COUNT]).toContain(await onSale(alive, productId));
      await work(alive);
      expect(await readImport(alive, importId)).toMatchObject({ state: "finished", imported: COUNT, refused: 0 });
      expect(new Set(told).size).toBe(1);
      await work(alive);
      await expectStock(productId, COUNT);
    },
    moments,
    "writes",
  );
  expect(calls).toBeGreaterThanOrEqual(9);
});

test("cancelling codes whose maker died: all of them are on sale and stay so, or none was and none is left", async () => {
  const ends = new Set<string>();
  await crashEverywhere(
    async (doomed) => {
      const { productId, importId, around, work } = await generation();
      await doomed.run(work);
      const deps = { ...alive, ...around };
      const wasOnSale = await onSale(alive, productId);
      const cancelled = await cancelImport(deps, importId);
      await runImport(deps, importId, always);
      const state = (await readImport(alive, importId))?.state ?? "never made";
      ends.add(state);
      expect(["finished", "cancelled", "never made"]).toContain(state);
      expect(cancelled.ok).toBe(state === "cancelled");
      expect(wasOnSale === 0 || state === "finished").toBe(true);
      await expectStock(productId, state === "finished" ? COUNT : 0);
    },
    bothMoments,
    "writes",
  );
  expect(ends).toEqual(new Set(["never made", "cancelled", "finished"]));
});

test("an uploaded file: the next worker ends it, and every line of it has come in once, or is named", async () => {
  const calls = await crashEverywhere(async (doomed) => {
    const { productId, importId, files, told, work } = await upload();
    await doomed.run(work);
    expect([0, COUNT]).toContain(await onSale(alive, productId));
    await work(alive);
    const counts = { imported: COUNT, refused: LIMITS.segmentLines };
    expect(await readImport(alive, importId)).toMatchObject({ state: "finished", segments: 2, ...counts });
    expect(files.size).toBe(0);
    expect(new Set(told).size).toBe(1);
    await expectStock(productId, COUNT);
  }, moments);
  expect(calls).toBeGreaterThanOrEqual(18);
});

test.each<[string, (deps: RunDeps, importId: string) => Promise<unknown>]>([
  ["and it goes on", async () => undefined],
  ["and another worker takes out what is there", (deps, importId) => runImport(deps, importId, always)],
])(
  "cancelling before any call of a living worker, %s: all is on sale and stays so, or nothing is left",
  async (_, and) => {
    const ends = new Set<string>();
    let calls = 0;
    for (let isThere = true; isThere; calls++) {
      const scene = await upload();
      const { productId, importId, deps, work } = scene;
      let seen = 0;
      let cancelled = false;
      const worker = meanwhile(
        alive,
        () => seen++ === calls,
        async () => {
          cancelled = (await cancelImport(deps, importId)).ok;
          await and(deps, importId);
        },
      );
      await work(worker);
      isThere = seen > calls;
      const state = (await readImport(alive, importId))?.state ?? "gone";
      ends.add(state);
      expect(state).toBe(cancelled ? "cancelled" : "finished");
      if (cancelled) await expectNothingOf(scene);
      else await expectStock(productId, COUNT);
    }
    expect(calls).toBeGreaterThanOrEqual(18);
    expect(ends).toEqual(new Set(["cancelled", "finished"]));
  },
);

test("cancelling at any call of the cancelling: nothing is left, and the same codes can be imported", async () => {
  const calls = await crashEverywhere(
    async (doomed) => {
      const scene = await upload();
      const { importId, around, deps, work } = scene;
      await fallAsleep(deps, second(before.codesGoIn), work);
      const cancel = async (on: Domain): Promise<void> => {
        await cancelImport({ ...on, ...around }, importId);
        await work(on);
      };
      await doomed.run(cancel);
      await cancel(alive);
      expect(await readImport(alive, importId)).toMatchObject({ state: "cancelled" });
      await expectNothingOf(scene);
    },
    moments,
    "writes",
  );
  expect(calls).toBeGreaterThanOrEqual(4);
});
