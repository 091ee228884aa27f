import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Db } from "../aws/dynamo.ts";
import type { Clock } from "../kernel/clock.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { deleteFile, type FileDeps, sizeOf, uploadAddress } from "./files.ts";
import type { Generation } from "./generate.ts";
import type { Layout } from "./layout.ts";
import { isAtWork, type LargeImport } from "./model.ts";
import { moveImport, putImport, readImport } from "./table.ts";

export type ImportQueue = { sqs: SQSClient; importQueueUrl: string };
type Deps = Db<"platform"> & FileDeps & { clock: Clock };

/** Makes an import, and the address where its file may be put. The same key makes it once. */
export async function createImport(
  deps: Deps,
  productId: string,
  { layout, dryRun, sealed = false }: { layout: Layout; dryRun: boolean; sealed?: boolean },
  key: string,
): Promise<{ made: LargeImport; uploadUrl: string }> {
  const comes = sealed ? ({ sealed } as const) : { layout };
  const made = { ...newImport(deps, productId, key), ...comes, dryRun };
  await putImport(deps, made);
  return { made, uploadUrl: await uploadAddress(deps, made.importId) };
}

function newImport({ clock }: { clock: Clock }, productId: string, key: string): LargeImport {
  const importId = idOf("imp", productId, key);
  return {
    importId,
    productId,
    batchId: idOf("batch", importId),
    dryRun: false,
    state: "awaiting_file",
    createdAt: clock().toISOString(),
    segments: 0,
    bytesDone: 0,
    linesDone: 0,
    imported: 0,
    refused: 0,
  };
}

/** Has our own codes made and put into stock, as an import that needs no file. The same key makes them once. */
export async function generateCodes(
  deps: Pick<Deps, "db" | "tables" | "clock"> & ImportQueue,
  productId: string,
  generation: Generation,
  key: string,
): Promise<LargeImport> {
  const startedAt = deps.clock().toISOString();
  const running = { state: "running", startedAt, bytes: generation.count } as const;
  const made: LargeImport = { ...newImport(deps, productId, key), generation, ...running };
  await putImport(deps, made);
  await askImport(deps, made.importId);
  return (await readImport(deps, made.importId)) ?? made;
}

/** The file is there: begins to import it. Repeating it asks again for whoever does the work. */
export async function startImport(deps: Deps & ImportQueue, importId: string): Promise<Result<LargeImport>> {
  const bytes = await sizeOf(deps, importId);
  const known = await readImport(deps, importId);
  if (known === undefined) return refuse("not_found", "There is no such import.");
  if (known.state === "awaiting_file" && bytes === undefined)
    return refuse("file_missing", "Put the file at the upload address first.");
  if (bytes !== undefined && bytes > LIMITS.uploadBytes)
    return refuse("body_too_large", `A file may have ${LIMITS.uploadBytes} bytes; split it.`);
  const startedAt = deps.clock().toISOString();
  const change = { state: "running", startedAt, bytes: bytes ?? 0 } as const;
  const started = (await moveImport(deps, importId, ["awaiting_file"], change)) ?? (await readImport(deps, importId));
  if (started === undefined || !isAtWork(started.state)) return ok(started ?? known);
  await askImport(deps, importId);
  return ok(started);
}

/** Asks for an import to be gone on with. */
export async function askImport({ sqs, importQueueUrl }: ImportQueue, importId: string): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: importQueueUrl, MessageBody: JSON.stringify({ importId }) }));
}

/**
 * Cancels an import whose codes are not on sale yet. Whoever is at work on it takes out what it has put in, after its present
 * segment: nobody else does, for the two must not work against each other.
 */
export async function cancelImport(deps: Deps, importId: string): Promise<Result<LargeImport>> {
  const at = deps.clock().toISOString();
  const unstarted = await moveImport(deps, importId, ["awaiting_file"], { state: "cancelled", finishedAt: at });
  if (unstarted !== undefined) {
    await deleteFile(deps, importId);
    return ok(unstarted);
  }
  const stopping = await moveImport(deps, importId, ["running"], { state: "cancelling" });
  const now = stopping ?? (await readImport(deps, importId));
  if (now === undefined) return refuse("not_found", "There is no such import.");
  if (now.state === "opening" || now.state === "finished")
    return refuse("import_finished", "Its codes are on sale: void their batch, or freeze it, to take them back.");
  return ok(now);
}
