import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Db } from "../aws/dynamo.ts";
import { sendMessage } from "../aws/send-message.ts";
import type { Clock } from "../kernel/clock.ts";
import { fingerprintOf, idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Money } from "../kernel/money.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import type { Layout } from "../stock-files/layout.ts";
import { deleteFile, type FileDeps, findFile, uploadAddress } from "./files.ts";
import { GENERATION_KEY, type Generation } from "./generate.ts";
import { isAtWork, type LargeImport } from "./model.ts";
import { moveImport, putImport, readImport } from "./table.ts";

export type ImportQueue = { sqs: SQSClient; importQueueUrl: string };
type Deps = Db<"operations"> & FileDeps & { clock: Clock };

/** `sharesCodes`: as the product says when the import is made; segments must not differ in it. */
type Asked = {
  layout: Layout;
  dryRun: boolean;
  sealed?: boolean;
  sharesCodes?: boolean;
  unitCost?: Money | undefined;
  supplierId?: string | undefined;
};

const sharing = (sharesCodes: boolean) => (sharesCodes ? ({ sharesCodes } as const) : {});

/** Makes an import, and the address where its file may be put. The same key makes it once. */
export async function createImport(
  deps: Deps,
  productId: string,
  { layout, dryRun, sealed = false, sharesCodes = false, unitCost, supplierId }: Asked,
  key: string,
): Promise<Result<{ made: LargeImport; uploadUrl: string }>> {
  const comes = sealed ? ({ sealed } as const) : { layout };
  const costs = {
    ...(unitCost === undefined ? {} : { unitCost }),
    ...(supplierId === undefined ? {} : { supplierId }),
  };
  const wanted = { ...newImport(deps, productId, key), ...comes, dryRun, ...costs, ...sharing(sharesCodes) };
  const made = await makeOnce(deps, wanted);
  if (!made.ok) return made;
  return ok({ made: made.value, uploadUrl: await uploadAddress(deps, made.value.importId) });
}

/** Stores a new import, or finds the one that this key has made before in the same words, as it is by now. */
async function makeOnce(deps: Db<"operations">, wanted: LargeImport): Promise<Result<LargeImport>> {
  const made = await putImport(deps, wanted);
  return repeatOf(made, requestOf(made) === requestOf(wanted), "another import of this product");
}

const requestOf = ({ layout, sealed, generation, dryRun, unitCost, supplierId }: LargeImport): string =>
  fingerprintOf({ layout, sealed, generation, dryRun, unitCost, supplierId });

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

/**
 * Starts an import that makes our own codes and puts them into stock. It needs no file. The same key makes them once.
 */
export async function generateCodes(
  deps: Pick<Deps, "db" | "tables" | "clock"> & ImportQueue,
  productId: string,
  generation: Generation,
  key: string,
  sharesCodes = false,
): Promise<Result<LargeImport>> {
  const startedAt = deps.clock().toISOString();
  const running = { state: "running", startedAt, bytes: generation.count } as const;
  const made = await makeOnce(deps, {
    ...newImport(deps, productId, key),
    generation,
    madeWith: GENERATION_KEY,
    ...sharing(sharesCodes),
    ...running,
  });
  return made.ok ? askAgain(deps, made.value) : made;
}

/** Starts an import whose file is there. A repeat asks again for a worker. */
export async function startImport(deps: Deps & ImportQueue, importId: string): Promise<Result<LargeImport>> {
  const known = await readImport(deps, importId);
  if (known === undefined) return refuse("not_found", "There is no such import.");
  if (known.state !== "awaiting_file") return askAgain(deps, known);
  const file = await findFile(deps, importId);
  if (file === undefined || file.bytes === 0)
    return refuse("file_missing", "Put the file at the upload address first.");
  if (file.bytes > LIMITS.uploadBytes)
    return refuse("body_too_large", `A file may have ${LIMITS.uploadBytes} bytes; split it.`);
  const change = { state: "running", startedAt: deps.clock().toISOString(), ...file } as const;
  const started = await moveImport(deps, importId, ["awaiting_file"], change);
  return askAgain(deps, started ?? (await readImport(deps, importId)) ?? known);
}

async function askAgain(deps: ImportQueue, current: LargeImport): Promise<Result<LargeImport>> {
  if (isAtWork(current.state)) await askImport(deps, current.importId);
  return ok(current);
}

/** Asks for a worker to go on with an import. */
export async function askImport({ sqs, importQueueUrl }: ImportQueue, importId: string): Promise<void> {
  await sendMessage(sqs, importQueueUrl, JSON.stringify({ importId }));
}

/**
 * Cancels an import whose codes are not on sale yet. Only a worker takes out what was put in, so that the two don't
 * work against each other. One is asked for, because the last one may be dead; a repeat asks again.
 */
export async function cancelImport(deps: Deps & ImportQueue, importId: string): Promise<Result<LargeImport>> {
  const at = deps.clock().toISOString();
  const cancelled =
    (await moveImport(deps, importId, ["awaiting_file"], { state: "cancelled", finishedAt: at })) ??
    (await moveImport(deps, importId, ["running"], { state: "cancelling" })) ??
    (await readImport(deps, importId));
  if (cancelled === undefined) return refuse("not_found", "There is no such import.");
  if (cancelled.state === "opening" || cancelled.state === "finished")
    return refuse("import_finished", "Its codes are on sale: void their batch, or freeze it, to take them back.");
  // An earlier call may have died here, and the address may have been used since.
  if (cancelled.state === "cancelled") await deleteFile(deps, importId);
  return askAgain(deps, cancelled);
}
