import { expect, test } from "vitest";
import { Generation } from "../../../shared/imports/generate.ts";
import type { ImportState } from "../../../shared/imports/model.ts";
import { cancelImport, createImport, generateCodes, startImport } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { listSegments, readImport } from "../../../shared/imports/table.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { readSlots } from "../../../shared/inventory/slots.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { before, meanwhile, second, third } from "../../support/faults/meanwhile.ts";
import { importGround } from "../../support/imports/import-ground.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, draw } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Large files, in segments.

const ground = await sceneGround();
const { messages } = ground;
const { deps, files, told, begin, refusalsOf } = importGround(ground.deps);
const always = () => true;

test("a file of several segments is on sale when all of it is in, with every refused line named", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(LIMITS.segmentLines + 120);
  const rows = codes.map((code, index) => (index % 2 === 0 ? `${code},` : `${code},2099-12-31`));
  rows.splice(7, 0, 'A"B,', rows[3] ?? "");
  const importId = await begin(productId, `\uFEFFsecret,expiresAt\r\n${rows.join("\r\n")}\r\n`);
  let turns = 0;
  expect(await runImport(deps, importId, () => (turns += 1) <= 1)).toBe("more");
  expect(await readImport(deps, importId)).toMatchObject({
    state: "running",
    segments: 1,
    linesDone: LIMITS.segmentLines,
  });
  expect(await draw(deps, productId, 1, new Date())).toEqual([]);
  expect(await runImport(deps, importId, always)).toBe("over");
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: codes.length, refused: 2 });
  expect(await refusalsOf(importId)).toEqual([
    { line: 9, reason: "bad_quotes" },
    { line: 10, reason: "duplicate_in_file" },
  ]);
  expect((await listSegments(deps, importId, 1)).next).toBe(0);
  expect(files.size).toBe(0);
  expect(told.filter((event) => event.startsWith("import.finished"))).toHaveLength(1);
  expect(await countStock(deps, productId, new Date())).toMatchObject({
    imported: codes.length,
    available: codes.length,
  });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
  expect(await cancelImport(deps, importId)).toMatchObject({ code: "import_finished" });
  expect(await runImport(deps, importId, always)).toBe("over");
});

test("two files that overlap, at once: every code is in stock once", async () => {
  const productId = await codeProduct(deps);
  const [shared, one, other] = [makeCodes(200), makeCodes(150), makeCodes(150)];
  const ids = [
    await begin(productId, ["secret", ...shared, ...one].join("\n")),
    await begin(productId, ["secret", ...other, ...shared].join("\n")),
  ];
  await Promise.all(ids.map((importId) => runImport(deps, importId, always)));
  const [first, second] = await Promise.all(ids.map((importId) => readImport(deps, importId)));
  expect((first?.imported ?? 0) + (second?.imported ?? 0)).toBe(500);
  expect((first?.refused ?? 0) + (second?.refused ?? 0)).toBe(200);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 500, available: 500 });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("cancelled in the middle, nothing of it is left, and the same codes can be imported again", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(180);
  const text = ["secret", ...codes, ""].join("\n");
  const importId = await begin(productId, text);
  const dying = meanwhile(deps, second(before.codesGoIn), async () => {
    expect(await cancelImport(deps, importId)).toMatchObject({ value: { state: "cancelling" } });
    throw new Error("died");
  });
  await expect(runImport(dying, importId, always)).rejects.toThrow("died");
  expect((await importCodes(deps, productId, `secret\n${codes[0]}\n`, { dryRun: true })).ok).toBe(true);
  await runImport(deps, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  expect(files.size).toBe(0);
  const again = await importCodes(deps, productId, text, { dryRun: false });
  expect(again).toMatchObject({ value: { imported: 180, refused: [] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 180, available: 180 });
});

test("cancelled and undone by one worker while another sleeps in a segment, nothing that the sleeper writes is left", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(180);
  const importId = await begin(productId, ["secret", ...codes, ""].join("\n"));
  const sleeper = meanwhile(deps, second(before.codesGoIn), async () => {
    await cancelImport(deps, importId);
    await runImport(deps, importId, always);
    expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  });
  expect(await runImport(sleeper, importId, always)).toBe("over");
  const again = await importCodes(deps, productId, ["secret", ...codes].join("\n"), { dryRun: false });
  expect(again).toMatchObject({ value: { imported: 180, refused: [] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 180, available: 180 });
});

test("a worker that is a segment behind does not make anybody forget which one is in the making", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  const [first, ...others] = codes;
  const filler = Array.from({ length: LIMITS.segmentLines }, () => "#N/A");
  const importId = await begin(productId, ["secret", first, ...filler, ...others, ""].join("\n"));
  const behind = meanwhile(deps, beginsSegment, async () => {
    const dying = meanwhile(deps, third(before.codesGoIn), () => Promise.reject(new Error("died")));
    await expect(runImport(dying, importId, always)).rejects.toThrow("died");
  });
  const cancelled = meanwhile(behind, before.aSegmentIsNoted, () => cancelImport(deps, importId));
  await runImport(cancelled, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  const again = await importCodes(deps, productId, ["secret", ...codes, ""].join("\n"), { dryRun: false });
  expect(again).toMatchObject({ value: { imported: 60, refused: [] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 60, available: 60 });
});

test("undone by two workers at once, codes that have come again by then keep their fingerprints", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  const text = ["secret", ...codes, ""].join("\n");
  const importId = await begin(productId, text);
  const dying = meanwhile(deps, second(before.codesGoIn), () => Promise.reject(new Error("died")));
  await expect(runImport(dying, importId, always)).rejects.toThrow("died");
  await cancelImport(deps, importId);
  const slow = meanwhile(deps, isRemoval, async () => {
    await runImport(deps, importId, always);
    expect(await importCodes(deps, productId, text, { dryRun: false })).toMatchObject({ value: { imported: 60 } });
  });
  await runImport(slow, importId, always);
  const twice = await importCodes(deps, productId, `secret\n${codes[0]}\n`, { dryRun: true });
  expect(twice).toMatchObject({ value: { imported: 0, refused: [{ line: 2, reason: "duplicate" }] } });
});

test("cancelled at the last moment before its codes go on sale, none of them does", async () => {
  const productId = await codeProduct(deps);
  const importId = await begin(productId, ["secret", ...makeCodes(60)].join("\n"));
  const late = meanwhile(deps, movesTo("opening"), () => cancelImport(deps, importId));
  expect(await runImport(late, importId, always)).toBe("over");
  expect(await readImport(deps, importId)).toMatchObject({ state: "cancelled" });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 0 });
  expect(await draw(deps, productId, 1, new Date())).toEqual([]);
});

test("cancelled when its codes are on sale already, whoever dies before that is noted, it keeps every one of them", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  const text = ["secret", ...codes].join("\n");
  const importId = await begin(productId, text);
  const dying = meanwhile(deps, movesTo("finished"), () => Promise.reject(new Error("died")));
  await expect(runImport(dying, importId, always)).rejects.toThrow("died");
  const drawn = await draw(deps, productId, 2, new Date());
  expect(await cancelImport(deps, importId)).toMatchObject({ code: "import_finished" });
  const before = messages.length;
  expect(await startImport(deps, importId)).toMatchObject({ value: { state: "opening" } });
  expect(messages.slice(before)).toMatchObject([{ QueueUrl: "imports" }]);
  await runImport(deps, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: 60 });
  expect((await readSlots(deps, drawn)).filter((slot) => slot !== undefined)).toHaveLength(2);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 60, available: 60 });
  const twice = await importCodes(deps, productId, `${text}\n`, { dryRun: true });
  expect(twice).toMatchObject({ value: { imported: 0 } });
});

test("before its file is there an import is cancelled at once", async () => {
  const productId = await codeProduct(deps);
  const asked = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, productId, asked, "key"));
  expect(await cancelImport(deps, made.importId)).toMatchObject({ value: { state: "cancelled" } });
  expect(await startImport(deps, made.importId)).toMatchObject({ value: { state: "cancelled" } });
  expect(await cancelImport(deps, "imp_none")).toMatchObject({ code: "not_found" });
});

test("a dry run says what would happen, and writes none of it", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  const importId = await begin(productId, ["secret", ...codes, codes[0]].join("\n"), {}, true);
  await runImport(deps, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: 60, refused: 1 });
  const real = await importCodes(deps, productId, ["secret", ...codes].join("\n"), { dryRun: false });
  expect(real).toMatchObject({ value: { imported: 60, refused: [] } });
});

test.each([
  ["a header without the secret", "code\nA\n", {}, "no_secret_column"],
  ["a line without an end", `secret\n${"x".repeat(5 * 1024 * 1024)}`, {}, "line_too_long"],
])("%s fails it, and leaves nothing", async (_, content, layout, reason) => {
  const productId = await codeProduct(deps);
  const importId = await begin(productId, content, layout);
  await runImport(deps, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "failed", reason });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 0 });
});

test("our own codes are made in segments, the same ones again after a crash, and none of them twice", async () => {
  const productId = await codeProduct(deps);
  const generation = Generation.parse({ count: LIMITS.segmentLines + 30 });
  const made = valueOf(await generateCodes(deps, productId, generation, "key"));
  const dying = meanwhile(deps, second(before.codesGoIn), () => Promise.reject(new Error("died")));
  await expect(runImport(dying, made.importId, always)).rejects.toThrow("died");
  const again = valueOf(await generateCodes(deps, productId, generation, "key"));
  expect(again).toMatchObject({ importId: made.importId, segments: 0 });
  await runImport(deps, made.importId, always);
  const { count } = generation;
  expect(await readImport(deps, made.importId)).toMatchObject({ state: "finished", imported: count, refused: 0 });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: count, available: count });
});

// 卡密 and 卡号 in GBK.
const gbk = (text: string): Uint8Array => {
  const known: Record<string, number[]> = { 卡: [0xbf, 0xa8], 密: [0xc3, 0xdc], 号: [0xba, 0xc5] };
  return Uint8Array.from(Array.from(text).flatMap((letter) => known[letter] ?? [letter.charCodeAt(0)]));
};
test.each<[string, string | Uint8Array, object]>([
  [
    "GBK with Chinese names",
    gbk("卡号;卡密\nN1;SECRET-A-1234\nN2;SECRET-B-1234\n"),
    { encoding: "gbk", delimiter: ";", columns: { secret: "卡密", number: "卡号" } },
  ],
  [
    "tabs and no header",
    "x\tSECRET-C-1234\ny\tSECRET-D-1234",
    { delimiter: "\t", header: false, columns: { secret: 1, number: 0 } },
  ],
  [
    "one JSON object to a line",
    '{"pin":"SECRET-E-1234","n":7}\n{"pin":"SECRET-F-1234"}\n',
    { format: "ndjson", columns: { secret: "pin", number: "n" } },
  ],
])("a foreign file is read by its layout: %s", async (_, content, layout) => {
  const productId = await codeProduct(deps);
  const importId = await begin(productId, content, layout);
  await runImport(deps, importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "finished", imported: 2, refused: 0 });
  expect(await draw(deps, productId, 2, new Date())).toHaveLength(2);
});

const movesTo =
  (state: ImportState) =>
  ({ input }: { input: Record<string, unknown> }): boolean =>
    (input["ExpressionAttributeValues"] as Record<string, unknown> | undefined)?.[":state"] === state;

const beginsSegment = ({ input }: { input: Record<string, unknown> }): boolean =>
  JSON.stringify(input["UpdateExpression"] ?? "").includes("begun");

const isRemoval = ({ input }: { input: Record<string, unknown> }): boolean =>
  JSON.stringify(input["TransactItems"] ?? "").includes('"Delete"');
