import { createWriteStream } from "node:fs";
import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { KMSClient } from "@aws-sdk/client-kms";
import { type SealDeps, type Sealing, sealedPackets } from "../../shared/imports/seal.ts";
import { systemClock } from "../../shared/kernel/clock.ts";
import { Layout } from "../../shared/stock-files/layout.ts";
import type { ReadBytes, Unreadable } from "../../shared/stock-files/read-lines.ts";
import type { Access } from "./access.ts";

/** What an import that was made for sealed codes is to be given. */
export type SealedImport = { productId: string; batchId: string; tagKey: string };

/** KMS, for whoever runs the command line: with the operator's own credentials. */
export function sealingWith({ region, credentials, awsEndpoint, codesKey }: Access): SealDeps {
  const kms = new KMSClient({ region, credentials, ...(awsEndpoint === undefined ? {} : { endpoint: awsEndpoint }) });
  return { kms, codesKey, clock: systemClock };
}

/**
 * Seals a file into another one, hands that over to `use`, and removes it. No line of it can be opened on this machine
 * afterwards: the data keys were in this process alone. Returns why the file can't be read, if it can't.
 */
export async function sealFile(
  deps: SealDeps,
  { productId, batchId, tagKey }: SealedImport,
  { path, bytes, layout }: { path: string; bytes: number; layout: object },
  use: (sealedPath: string, bytes: number) => Promise<void>,
): Promise<Unreadable | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "vouchsafe-sealed-"));
  const file = await open(path);
  try {
    const sealing = { productId, batchId, tagKey: Buffer.from(tagKey, "base64"), layout: Layout.parse(layout) };
    const sealedPath = join(folder, "sealed.ndjson");
    const unreadable = await writePackets(deps, sealing, readerOf(file), bytes, sealedPath);
    if (unreadable !== undefined) return unreadable;
    await use(sealedPath, (await stat(sealedPath)).size);
    return undefined;
  } finally {
    await file.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function writePackets(
  deps: SealDeps,
  sealing: Sealing,
  read: ReadBytes,
  bytes: number,
  to: string,
): Promise<Unreadable | undefined> {
  let unreadable: Unreadable | undefined;
  const packets = async function* () {
    unreadable = yield* sealedPackets(deps, sealing, read, bytes);
  };
  await pipeline(Readable.from(packets()), createWriteStream(to));
  return unreadable;
}

const readerOf =
  (file: Awaited<ReturnType<typeof open>>): ReadBytes =>
  async (from, length) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
    return buffer.subarray(0, bytesRead);
  };
