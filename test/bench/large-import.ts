import type { LocalStack } from "../../infra/local/stack-file.ts";
import { createProduct } from "../../shared/catalog/products.ts";
import { Generation } from "../../shared/imports/generate.ts";
import { createImport, generateCodes, startImport } from "../../shared/imports/requests.ts";
import { runImport } from "../../shared/imports/run.ts";
import { readImport } from "../../shared/imports/table.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { Layout } from "../../shared/stock-files/layout.ts";
import { domain } from "../support/engine/domain.ts";
import { fakeBucket, fakeBus, fakeQueues } from "../support/engine/fake-aws.ts";
import type { OwnTables } from "../support/engine/own-tables.ts";
import { makeCodes } from "../support/inventory/codes.ts";
import { valueOf } from "../support/value-of.ts";
import { type Figures, figure } from "./report.ts";

const LINES_AT_ONCE = 100_000;

/** A file of so many codes from its upload address into stock: what it takes of memory, and how long. */
export async function largeImport({ stack }: OwnTables, count: number): Promise<Figures> {
  const { deps, files, productId } = await openStore(stack);
  const request = { layout: Layout.parse({}), dryRun: false };
  const { made } = valueOf(await createImport(deps, productId, request, newId("req")));
  files.set(`imports/${made.importId}`, fileOf(count));
  await startImport(deps, made.importId);
  const { seconds, before, most } = await run(deps, made.importId, count);
  return {
    "import.large_codes": figure(count, "codes in the file", 0),
    "import.peak_mb_per_million": figure((most - before) / 2 ** 20, "MB more than before, at most", 0),
    "import.large_process_mb": figure(most / 2 ** 20, "MB of the whole process, which holds the file too", 0),
    "import.large_codes_per_second": figure(count / seconds, "codes a second, on this machine", 0),
  };
}

/** So many codes of our own making, from the order to make them into stock. */
export async function generation({ stack }: OwnTables, count: number): Promise<Figures> {
  const { deps, productId } = await openStore(stack);
  const made = valueOf(await generateCodes(deps, productId, Generation.parse({ count }), newId("req")));
  const { seconds } = await run(deps, made.importId, count);
  return {
    "generate.codes": figure(count, "codes of our own making", 0),
    "generate.seconds": figure(seconds, "seconds until they are in stock, on this machine", 1),
  };
}

async function openStore(stack: LocalStack) {
  const { s3, files } = fakeBucket();
  const { events } = fakeBus();
  const queue = { sqs: fakeQueues().sqs, importQueueUrl: "imports" };
  const deps = { ...domain(undefined, { stack }), ...queue, s3, uploadBucket: "uploads", events, eventBusName: "bus" };
  const price = { amount: 1500, currency: "CNY" };
  const { id } = valueOf(await createProduct(deps, { kind: "code", name: "Bench code", price }, newId("req")));
  return { deps, files, productId: id };
}

type Deps = Awaited<ReturnType<typeof openStore>>["deps"];

/** How long it takes, and the memory of this process in bytes: before, and at most. */
async function run(deps: Deps, importId: string, count: number) {
  const before = process.memoryUsage().rss;
  let most = before;
  const watching = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  const started = performance.now();
  await runImport(deps, importId, () => true);
  clearInterval(watching);
  const seconds = (performance.now() - started) / 1000;
  const done = await readImport(deps, importId);
  if (done?.state !== "finished" || done.imported !== count) throw new Error(`not imported: ${JSON.stringify(done)}`);
  return { seconds, before, most };
}

/** In parts: the file is the bucket's, and what is measured is the importer. */
function fileOf(count: number): Uint8Array {
  const parts: Buffer[] = [Buffer.from("secret\n")];
  for (let at = 0; at < count; at += LINES_AT_ONCE)
    parts.push(Buffer.from(`${makeCodes(Math.min(LINES_AT_ONCE, count - at)).join("\n")}\n`));
  return Buffer.concat(parts);
}
