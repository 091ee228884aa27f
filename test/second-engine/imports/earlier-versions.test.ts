import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, test } from "vitest";
import { Generation, generator } from "../../../shared/imports/generate.ts";
import { generateCodes } from "../../../shared/imports/requests.ts";
import { runImport } from "../../../shared/imports/run.ts";
import { olderIdOf } from "../../../shared/inventory/batch-id.ts";
import { listBatches } from "../../../shared/inventory/batches.ts";
import { countStock } from "../../../shared/inventory/count.ts";
import { findCode } from "../../../shared/inventory/find-code.ts";
import { importCodes, putCodes } from "../../../shared/inventory/import.ts";
import { openForSale } from "../../../shared/inventory/open-for-sale.ts";
import { Layout } from "../../../shared/stock-files/layout.ts";
import { readCodes } from "../../../shared/stock-files/read-codes.ts";
import { before, meanwhile, second } from "../../support/faults/meanwhile.ts";
import { importGround } from "../../support/imports/import-ground.ts";
import { codeProduct } from "../../support/orders/market.ts";
import { makeCodes } from "../../support/orders/shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What an earlier version has begun, and this one goes on with.

const { deps } = importGround((await sceneGround()).deps);
const layout = Layout.parse({});

/** As the earlier version put a file into stock; it dies before it is on sale, unless it is to get so far. */
async function imported(productId: string, text: string, isOnSale: boolean): Promise<string> {
  const batchId = olderIdOf({ productId, text, layout });
  const { lines } = valueOf(await readCodes(text, layout, new Date()));
  const put = await putCodes(deps, { productId, batchId, part: "", dryRun: false, isDone: false }, lines, true);
  if (put === "stopped") throw new Error("nothing stops it");
  if (isOnSale) await openForSale(deps, { batchId, productId, slabs: put.slabs });
  return batchId;
}

test("a file's batch is named by more than its content, which somebody may guess", async () => {
  const productId = await codeProduct(deps);
  const text = `secret\n${makeCodes(1)[0]}\n`;
  expect(await importCodes(deps, productId, text, { dryRun: false })).toMatchObject({ value: { imported: 1 } });
  const named = JSON.stringify(await listBatches(deps, productId, undefined));
  expect(named).toContain("batch_");
  expect(named).not.toContain(olderIdOf({ productId, text, layout }));
});

test("a file that it died over is completed by the same file, under the name that it had", async () => {
  const productId = await codeProduct(deps);
  const [soon, never] = [makeCodes(3), makeCodes(5)];
  const text = [
    "secret,expiresAt",
    ...soon.map((code) => `${code},2099-12-31`),
    ...never.map((code) => `${code},`),
    "",
  ];
  const batchId = await imported(productId, text.join("\n"), false);
  expect(await countStock(deps, productId, new Date())).toMatchObject({ available: 0 });
  const again = await importCodes(deps, productId, text.join("\n"), { dryRun: false });
  expect(again).toMatchObject({ value: { refused: [] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 8, available: 8 });
  expect(JSON.stringify(await listBatches(deps, productId, undefined))).toContain(batchId);
});

test("a file that it has finished is known again: nothing is imported, and nothing is a duplicate", async () => {
  const productId = await codeProduct(deps);
  const text = ["secret", ...makeCodes(4), ""].join("\n");
  await imported(productId, text, true);
  const again = await importCodes(deps, productId, text, { dryRun: false });
  expect(again).toMatchObject({ value: { imported: 0, present: 4, refused: [] } });
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 4, available: 4 });
});

test("a generation that it died over is completed with the codes that it had begun to make", async () => {
  const productId = await codeProduct(deps);
  const generation = Generation.parse({ count: 120 });
  const { importId } = valueOf(await generateCodes(deps, productId, generation, "key"));
  // An earlier version did not say by which key.
  await deps.db.send(
    new UpdateCommand({
      TableName: deps.tables.operations,
      Key: { pk: `import#${importId}`, sk: "import" },
      UpdateExpression: "REMOVE madeWith",
    }),
  );
  const dying = meanwhile(deps, second(before.codesGoIn), () => Promise.reject(new Error("died")));
  await expect(runImport(dying, importId, () => true)).rejects.toThrow("died");
  expect(await runImport(deps, importId, () => true)).toBe("over");
  expect(await countStock(deps, productId, new Date())).toMatchObject({ imported: 120, available: 120 });
  const codeAt = await generator(deps, { importId }, generation.template);
  for (const number of [1, 120])
    expect(await findCode(deps, productId, { secret: codeAt(number) })).toMatchObject({ ok: true });
});
