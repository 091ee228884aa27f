import { expect, test } from "vitest";
import { Packet } from "../../../shared/imports/packets.ts";
import { cancelImport, createImport, startImport } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { allSegments, readImport } from "../../../shared/imports/table.ts";
import { openCode } from "../../../shared/inventory/code.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { findCode } from "../../../shared/inventory/find-code.ts";
import { importCodes } from "../../../shared/inventory/import.ts";
import { readSlots } from "../../../shared/inventory/slots.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { fakeBucket, fakeBus } from "../../support/engine/fake-aws.ts";
import { meanwhile } from "../../support/faults/meanwhile.ts";
import { blind, sealText } from "../../support/imports/sealed.ts";
import { violations } from "../../support/orders/invariants.ts";
import { codeProduct, draw } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Files that were sealed on the operator's machine.

const { s3, files } = fakeBucket();
const { events } = fakeBus();
const around = { s3, uploadBucket: "uploads", events, eventBusName: "bus", importQueueUrl: "imports" };
const deps = { ...(await sceneGround()).deps, ...around };

/** The importer has no use for the keys of codes. */
const importer = () => ({ ...deps, kms: blind(deps.kms), codesKey: "none of its business" });
const always = () => true;
const csv = (codes: readonly string[]): string => ["secret", ...codes, ""].join("\n");

type How = { sealed?: boolean; dryRun?: boolean; layout?: object; lie?: (packet: Packet) => unknown };
async function begin(productId: string, text: string, { sealed = true, dryRun = false, layout, lie }: How = {}) {
  const asked = { layout: Layout.parse(layout ?? {}), dryRun, sealed };
  const { made } = valueOf(await createImport(deps, productId, asked, newId("req")));
  let file = sealed ? await sealText(deps, made, text, layout) : text;
  if (lie !== undefined) file = `${JSON.stringify(lie(Packet.parse(JSON.parse(file))))}\n`;
  files.set(`imports/${made.importId}`, new TextEncoder().encode(file));
  await startImport(deps, made.importId);
  return made.importId;
}

async function outcomeOf(importId: string) {
  const { state, imported, refused, linesDone } = (await readImport(deps, importId)) ?? {};
  const lines = [];
  for await (const segment of allSegments(deps, importId)) lines.push(...segment.refused);
  return { state, imported, refused, linesDone, lines };
}

test("a sealed file comes in like one in the clear, line by line, and its importer could not read it", async () => {
  const rows = makeCodes(2_100).map((code, index) => (index % 3 === 0 ? `${code},2099-12-31` : `${code},`));
  rows.splice(5, 0, 'A"B,', rows[1] ?? "", ",", "LATE-CODE-123,2020-01-01", "X,31.12.2099");
  rows.push(rows[0] ?? "");
  const text = `\uFEFFsecret,expiresAt\r\n${rows.join("\r\n")}`;
  const outcomes = [];
  for (const sealed of [true, false]) {
    const importId = await begin(await codeProduct(deps), text, { sealed });
    await runImport(sealed ? importer() : deps, importId, always);
    outcomes.push(await outcomeOf(importId));
  }
  const [sealed, clear] = outcomes;
  expect(sealed).toMatchObject({ state: "finished", imported: 2_100, refused: 5, linesDone: 2_107 });
  expect(sealed).toEqual(clear);
});

test("a code is found by itself, and opens as what it was for whoever may open it", async () => {
  const productId = await codeProduct(deps);
  const importId = await begin(productId, '{"pin":"SECRET-\\"A\\"-卡-1","n":7}\n{"pin":"B"}', {
    layout: { format: "ndjson", columns: { secret: "pin", number: "n" } },
  });
  expect(new TextDecoder().decode(files.get(`imports/${importId}`))).not.toMatch(/SECRET|"B"/);
  await runImport(importer(), importId, always);
  const opened = [];
  for (const slot of await readSlots(deps, await draw(deps, productId, 2, new Date())))
    if (slot !== undefined && slot.state !== "moved") opened.push(await openCode(deps, slot));
  expect(opened).toMatchObject([{ number: "7", secret: 'SECRET-"A"-卡-1' }, { secret: "B" }]);
  const found = await findCode(deps, productId, { number: "7", secret: 'SECRET-"A"-卡-1' });
  expect(found).toMatchObject({ value: { codeId: opened[0]?.codeId } });
});

test("a code that is known is refused, whichever of the two was sealed", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(30);
  await importCodes(deps, productId, csv(codes.slice(0, 10)), { dryRun: false });
  const importId = await begin(productId, csv(codes.slice(0, 20)));
  await runImport(importer(), importId, always);
  expect(await outcomeOf(importId)).toMatchObject({
    imported: 10,
    lines: codes.slice(0, 10).map((_, index) => ({ line: index + 2, reason: "duplicate" })),
  });
  const clear = await importCodes(deps, productId, csv(codes), { dryRun: false });
  expect(clear).toMatchObject({ value: { imported: 10, refused: { length: 20 } } });
});

test("a sealed file and one in the clear that overlap, at once: every code is in stock once", async () => {
  const productId = await codeProduct(deps);
  const [shared, one, other] = [makeCodes(200), makeCodes(150), makeCodes(150)];
  const ids = [
    await begin(productId, csv([...shared, ...one])),
    await begin(productId, csv([...other, ...shared]), { sealed: false }),
    await begin(productId, csv([...shared, ...other])),
  ];
  await Promise.all(ids.map((importId) => runImport(deps, importId, always)));
  const outcomes = await Promise.all(ids.map(outcomeOf));
  expect(outcomes.map(({ state }) => state)).toEqual(["finished", "finished", "finished"]);
  expect(outcomes.reduce((sum, { imported = 0 }) => sum + imported, 0)).toBe(500);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 500, available: 500 });
  expect(await violations(deps, { products: [productId] })).toEqual([]);
});

test("who dies in the middle has lost nothing; cancelled there, nothing is left", async () => {
  for (const isCancelled of [false, true]) {
    const productId = await codeProduct(deps);
    const codes = makeCodes(180);
    const importId = await begin(productId, csv(codes));
    let writes = 0;
    const isSecondWrite = ({ input }: { input: object }) =>
      JSON.stringify(input).includes('"available"') && (writes += 1) === 2;
    const dying = meanwhile(importer(), isSecondWrite, () => Promise.reject(new Error("died")));
    await expect(runImport(dying, importId, always)).rejects.toThrow("died");
    if (isCancelled) await cancelImport(deps, importId);
    await runImport(importer(), importId, always);
    const state = isCancelled ? "cancelled" : "finished";
    expect(await readImport(deps, importId)).toMatchObject({ state });
    const clear = await importCodes(deps, productId, csv(codes), { dryRun: false });
    expect(clear).toMatchObject({ value: { imported: isCancelled ? 180 : 0 } });
    expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 180, available: 180 });
  }
});

test("a dry run says what would happen, and writes none of it", async () => {
  const productId = await codeProduct(deps);
  const codes = makeCodes(60);
  const importId = await begin(productId, csv([...codes, codes[0] ?? ""]), { dryRun: true });
  await runImport(importer(), importId, always);
  const lines = [{ line: 62, reason: "duplicate_in_file" }];
  expect(await outcomeOf(importId)).toMatchObject({ state: "finished", imported: 60, lines });
  const clear = await importCodes(deps, productId, csv(codes), { dryRun: false });
  expect(clear).toMatchObject({ value: { imported: 60, refused: [] } });
});

const withCode = (packet: Packet, change: object): object => {
  return { ...packet, codes: packet.codes.map((code) => ({ ...code, ...change })) };
};
test.each<[string, (packet: Packet) => unknown]>([
  ["no JSON object", () => "packet"],
  ["a line that is another packet's", (packet) => withCode(packet, { line: 4 })],
  ["a line twice", (packet) => ({ ...packet, codes: [...packet.codes, ...packet.codes] })],
  [
    "more codes than a data key is for",
    ({ codes: [code], ...packet }) => ({
      ...packet,
      lines: 1_001,
      codes: Array.from({ length: 1_001 }, (_, index) => ({ ...code, line: index + 1 })),
    }),
  ],
  [
    "an invisible character that is a text",
    (packet) => ({ ...packet, refused: [{ line: 1, reason: "invisible_character", character: "SECRET-1" }] }),
  ],
  ["a reason that nobody gives", (packet) => ({ ...packet, refused: [{ line: 1, reason: "SECRET" }] })],
  ["a code in the clear", (packet) => withCode(packet, { secret: "SECRET" })],
  ["a code too short to be sealed", (packet) => withCode(packet, { sealed: "QUJD" })],
  ["a code too long for a slot", (packet) => withCode(packet, { sealed: "A".repeat(4_000) })],
  ["a tag of another length", (packet) => withCode(packet, { tag: "AAAA" })],
  ["a hint that is more than one", (packet) => withCode(packet, { hint: "SECRET" })],
  ["an expiry that is no time", (packet) => withCode(packet, { expiresAt: "soon" })],
  ["a data key too long for a slot", (packet) => ({ ...packet, dataKey: "A".repeat(1_000) })],
])("a packet with %s fails its import, and leaves nothing", async (_, lie) => {
  const productId = await codeProduct(deps);
  const importId = await begin(productId, csv(["ONE-CODE-OF-SOME-LENGTH"]), { lie });
  await runImport(importer(), importId, always);
  expect(await readImport(deps, importId)).toMatchObject({ state: "failed", reason: "bad_packet" });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 0 });
});

test("a code whose time was over when it arrived is refused", async () => {
  const productId = await codeProduct(deps);
  const lie = (packet: Packet) => withCode(packet, { expiresAt: "2020-01-01T00:00:00.000Z" });
  const importId = await begin(productId, csv(makeCodes(1)), { lie });
  await runImport(importer(), importId, always);
  expect(await outcomeOf(importId)).toMatchObject({ imported: 0, lines: [{ line: 2, reason: "expired" }] });
});

test("a file that can't be read is not sealed", async () => {
  const asked = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, await codeProduct(deps), asked, "k"));
  expect(await sealText(deps, made, "code\nA\n")).toBe("no_secret_column");
  expect(await sealText(deps, made, `secret\n${"x".repeat(5 * 1024 * 1024)}`)).toBe("line_too_long");
});
