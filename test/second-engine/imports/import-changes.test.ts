import { afterEach, expect, test, vi } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deleteLeftovers } from "../../../shared/imports/leftovers.ts";
import { cancelImport, createImport, generateCodes, startImport } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { readImport } from "../../../shared/imports/table.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { readDirectory } from "../../../shared/inventory/directory.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { setLanes } from "../../../shared/inventory/lanes.ts";
import { TOTAL } from "../../../shared/inventory/model.ts";
import { readRanges } from "../../../shared/inventory/ranges.ts";
import { verifyStock } from "../../../shared/inventory/verify.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { before, fallAsleep, meanwhile, second } from "../../support/faults/meanwhile.ts";
import { importGround } from "../../support/imports/import-ground.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, draw, onSale } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";
import { valueOf } from "../../support/value-of.ts";

// Imports under which something changes: their file, the time, who is at work on them, what is asked for.

const ground = await sceneGround();
const { messages } = ground;
const { deps, files, put, begin, refusalsOf } = importGround(ground.deps);
afterEach(() => vi.unstubAllEnvs());
const always = () => true;
/** Whatever stands behind it is of another segment. */
const filler = Array.from({ length: LIMITS.segmentLines }, () => "#N/A");
const csv = (codes: readonly string[]): string => ["secret", ...codes, ""].join("\n");
const inHours = (hours: number): Date => new Date(Date.now() + hours * 3_600_000);
const later = (hours: number) => ({ ...deps, clock: () => inHours(hours) });

/** Nothing of it is left, or the same codes could not come in again. */
async function expectFree(productId: string, codes: readonly string[]): Promise<void> {
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 0 });
  const again = await importCodes(deps, productId, csv(codes), { dryRun: false });
  expect(again).toMatchObject({ value: { imported: codes.length, refused: [] } });
}

test.each<[string, (importId: string, codes: readonly string[]) => void]>([
  ["replaced by another", (importId, codes) => put(importId, csv(codes).replace("secret\n", "secret\nONE-MORE\n"))],
  ["replaced by a shorter one", (importId) => put(importId, "secret\nONE-MORE")],
  ["deleted", (importId) => files.delete(`imports/${importId}`)],
])("a file that is %s between two segments fails its import, and nothing is left", async (_, change) => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(6);
  const importId = await begin(productId, ["secret", ...codes.slice(0, 3), ...filler, ...codes.slice(3)].join("\n"));
  let turns = 0;
  expect(await runImport(deps, importId, () => (turns += 1) <= 1)).toBe("more");
  change(importId, codes);
  expect(await runImport(deps, importId, always)).toBe("over");
  expect(await readImport(deps, importId)).toMatchObject({ state: "failed", reason: "file_changed" });
  expect(files.size).toBe(0);
  await expectFree(productId, codes);
});

test("a file without a byte in it is none yet", async () => {
  const asked = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, await codeProduct(deps), asked, "key"));
  put(made.importId, "");
  expect(await startImport(deps, made.importId)).toMatchObject({ code: "file_missing" });
  put(made.importId, "secret\n");
  expect(await startImport(deps, made.importId)).toMatchObject({ value: { state: "running" } });
  await runImport(deps, made.importId, always);
  expect(await readImport(deps, made.importId)).toMatchObject({ state: "finished", imported: 0, linesDone: 1 });
});

/** A code that is good for an hour is in, and two hours later somebody goes on. */
async function expiring() {
  const productId = await codeProduct(deps);
  const [short = "", long = ""] = makeCodes(2);
  const text = `secret,expiresAt\n${short},${inHours(1).toISOString()}\n${long},\n`;
  const importId = await begin(productId, text);
  await fallAsleep(deps, second(before.codesGoIn), (on) => runImport(on, importId, always));
  await fallAsleep(later(2), before.codesGoIn, (on) => runImport(on, importId, always));
  return { productId, importId, codes: [short, long] };
}

test("a code that expires while it comes in is one of its segment, whoever goes on with it", async () => {
  const { productId, importId } = await expiring();
  await runImport(later(2), importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: 2, refused: 0 });
  expect(await countStock(deps, productId, inHours(2))).toMatchObject({ available: 2, expired: 1 });
});

test("a code that expires while it comes in is taken out like the others", async () => {
  const { productId, importId, codes } = await expiring();
  await cancelImport(deps, importId);
  await runImport(later(2), importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  await expectFree(productId, codes);
});

test("cancelled when nobody is at work on it any more, it finds somebody, and whoever repeats it another one", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  const importId = await begin(productId, csv(codes));
  await fallAsleep(deps, second(before.codesGoIn), (on) => runImport(on, importId, always));
  const sent = messages.length;
  for (const state of ["cancelling", "cancelling"])
    expect(await cancelImport(deps, importId)).toMatchObject({ value: { state } });
  const asked = { QueueUrl: "imports", MessageBody: JSON.stringify({ importId }) };
  expect(messages.slice(sent)).toEqual([asked, asked]);
  await runImport(deps, importId, always);
  expect(await cancelImport(deps, importId)).toMatchObject({ value: { state: "cancelled" } });
  expect(messages).toHaveLength(sent + 2);
  await expectFree(productId, codes);
});

test("cancelled, it is taken out by as many workers as have the time for it", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(3);
  const rows = codes.map((code, index) => `${code},2099-12-0${index + 1}`);
  const importId = await begin(productId, ["secret,expiresAt", ...rows].join("\n"));
  await fallAsleep(deps, before.aSegmentIsNoted, (on) => runImport(on, importId, always));
  await cancelImport(deps, importId);
  for (const slabs of [1, 2]) {
    let looks = 0;
    expect(await runImport(deps, importId, () => (looks += 1) <= slabs)).toBe("more");
    expect(await readImport(deps, importId)).toMatchObject({ state: "cancelling" });
  }
  expect(await runImport(deps, importId, always)).toBe("over");
  expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  await expectFree(productId, codes);
});

test("cancelled again, a file that came when it was over is gone", async () => {
  const asked = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, await codeProduct(deps), asked, "key"));
  await cancelImport(deps, made.importId);
  put(made.importId, "secret\nA\n");
  expect(await cancelImport(deps, made.importId)).toMatchObject({ value: { state: "cancelled" } });
  expect(files.size).toBe(0);
});

test("a file that is put when its import is over is gone with the next look; those that somebody waits for stay", async () => {
  const asked = { layout: Layout.parse({}), dryRun: false };
  const make = async (key: string) =>
    valueOf(await createImport(deps, await codeProduct(deps), asked, key)).made.importId;
  const [over, cancelled, waiting, running] = [await make("a"), await make("b"), await make("c"), await make("d")];
  for (const importId of [over, running]) {
    put(importId, "secret\nA\n");
    await startImport(deps, importId);
  }
  await runImport(deps, over, always);
  await cancelImport(deps, cancelled);
  for (const importId of [over, cancelled, waiting, "imp_never"]) put(importId, "secret\nLATE\n");
  expect(await deleteLeftovers(deps, () => false)).toEqual({ seen: 0, deleted: 0 });
  expect(await deleteLeftovers(deps, always)).toEqual({ seen: 5, deleted: 3 });
  expect([...files.keys()].toSorted()).toEqual([waiting, running].map((id) => `imports/${id}`).toSorted());
  expect(await deleteLeftovers(later(25), always)).toEqual({ seen: 2, deleted: 1 });
  await runImport(deps, running, always);
  expect(files.size).toBe(0);
});

test("however many files are left, they are looked at a page at a time", async () => {
  for (let file = 0; file < 250; file++) put(`imp_none_${file}`, "secret\nA\n");
  expect(await deleteLeftovers(deps, always)).toEqual({ seen: 250, deleted: 250 });
  expect(files.size).toBe(0);
});

test("the same key finds the import as it is by now, and none that was asked for in other words", async () => {
  const productId = await codeProduct(deps);
  const asked = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, productId, asked, "key"));
  put(made.importId, "secret\nA\n");
  await startImport(deps, made.importId);
  const again = valueOf(await createImport(deps, productId, asked, "key"));
  expect(again.made).toMatchObject({ importId: made.importId, state: "running", createdAt: made.createdAt });
  const others = [
    { ...asked, dryRun: true },
    { ...asked, layout: Layout.parse({ delimiter: ";" }) },
  ];
  for (const other of [...others, { ...asked, sealed: true }])
    expect(await createImport(deps, productId, other, "key")).toMatchObject({ code: "idempotency_key_reused" });
  const generation = { template: "X".repeat(20), count: 1 };
  expect(await generateCodes(deps, productId, generation, "key")).toMatchObject({ code: "idempotency_key_reused" });
  await generateCodes(deps, productId, generation, "codes");
  const more = { ...generation, count: 2 };
  expect(await generateCodes(deps, productId, more, "codes")).toMatchObject({ code: "idempotency_key_reused" });
});

test("a code that another import lets go of between two workers is on sale with all the others", async () => {
  const productId = await codeProduct(deps);
  const [shared = "", ...own] = makeCodes(4);
  const other = await begin(productId, csv([shared]));
  await fallAsleep(deps, before.aSegmentIsNoted, (on) => runImport(on, other, always));
  const importId = await begin(productId, csv([shared, ...own]));
  const slow = meanwhile(deps, before.codesGoIn, async () => {
    await cancelImport(deps, other);
    await runImport(deps, other, always);
    await fallAsleep(deps, before.aSegmentIsNoted, (on) => runImport(on, importId, always));
  });
  await runImport(slow, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: 4, refused: 0 });
  expect(await refusalsOf(importId)).toEqual([]);
  expect(await onSale(deps, productId)).toBe(4);
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test.each(["start", "cancel"])("whoever asks to %s one is on record, whatever becomes of the request", async (verb) => {
  const productId = await codeProduct(deps);
  const wanted = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, productId, wanted, "key"));
  // Neither files nor queues can be reached.
  const asked = await callFunction(deps, `${verb}Import`, { params: { importId: made.importId } });
  expect(asked.status).toBe(500);
  const trail = await trailOf(deps, productId);
  const action = verb === "start" ? "import_started" : "import_cancelled";
  expect(trail).toMatchObject([{ action, unfinished: "internal" }]);
});

test("lanes that are cut between two who put the same codes on sale have each of them once", async () => {
  const productId = await codeProduct(deps);
  const text = csv(makeCodes(40));
  const put = (on: typeof deps) => importCodes(on, productId, text, { dryRun: false });
  await fallAsleep(deps, notesTheBatch, put);
  await draw(deps, productId, 3, new Date());
  expect(await setLanes(deps, productId, TOTAL, 4)).toMatchObject({ value: 3 });
  expect(await put(deps)).toMatchObject({ value: { present: 40 } });
  expect(await onSale(deps, productId)).toBe(37);
  expect((await verifyStock(deps, productId, new Date())).differences).toEqual([]);
});

test("the segments of a file are lanes already: they are cut into no more than there shall be", async () => {
  const productId = await codeProduct(deps);
  await setLanes(deps, productId, TOTAL, 4);
  const [first = "", ...others] = makeCodes(10);
  const importId = await begin(productId, csv([first, ...filler, ...others]));
  await runImport(deps, importId, always);
  expect(await onSale(deps, productId)).toBe(10);
  const { ranges } = await readDirectory(deps, productId);
  expect(
    await readRanges(
      deps,
      ranges.map(({ id }) => id),
    ),
  ).toMatchObject(expect.arrayContaining([1, 4, 5].map((left) => expect.objectContaining({ left }) as unknown)));
  expect(ranges).toHaveLength(3);
});

const notesTheBatch = ({ input }: { input: Record<string, unknown> }): boolean =>
  JSON.stringify(input["Item"] ?? {}).includes('"sk":"batch#');
