import { constants, createReadStream } from "node:fs";
import { access, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { isAtWork } from "../../shared/imports/model.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import type { Unreadable } from "../../shared/stock-files/read-lines.ts";
import type { Access } from "./access.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { costOf, costOptions } from "./cost-options.ts";
import { onInterrupt } from "./interrupted.ts";
import { layoutOf, layoutOptions } from "./layout-options.ts";
import { fromShell, STANDARD_INPUT } from "./named-file.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

type Progress = { state: string; percent: number; linesPerSecond: number; remainingSeconds: number | null };
const ofImport = (id: string, rest = ""): string => `/admin/v1/imports/${encodeURIComponent(id)}${rest}`;

/** How long the file is. Whether it can be read is known before an import is made for it. */
async function sizeOf(path: string): Promise<number> {
  const found = await access(path, constants.R_OK)
    .then(() => stat(path))
    .catch((error: NodeJS.ErrnoException) => {
      throw new WrongUsage(`The file ${path} can't be read: ${error.code}.`);
    });
  if (!found.isFile()) throw new WrongUsage(`The file ${path} can't be read: it is not a file.`);
  if (found.size > LIMITS.uploadBytes)
    throw new WrongUsage(`The file ${path} may have ${LIMITS.uploadBytes} bytes: split it.`);
  return found.size;
}

type Made = { importId: string; state: string; uploadUrl: string; productId: string; batchId: string; tagKey: string };

/**
 * Makes the import, puts the file at its address as a stream, starts it, and says on standard error how far it is. To be
 * sealed, the file is sealed first: then no code leaves this machine in the clear.
 */
async function upload(given: Given, send: Send, stack: Access): Promise<OperatorAnswer> {
  const { file = "", supplier: supplierId } = given.options;
  if (file === STANDARD_INPUT) throw new WrongUsage("--file must be a file: its length is said before it is sent.");
  const path = fromShell(file);
  const bytes = await sizeOf(path);
  const product = encodeURIComponent(given.options["product"] ?? "");
  const layout = layoutOf(given);
  const isSealed = given.options["seal"] !== undefined;
  const made = await send({
    method: "POST",
    path: `/admin/v1/products/${product}/imports`,
    json: {
      layout,
      dryRun: given.options["dry-run"] !== undefined,
      sealed: isSealed,
      unitCost: costOf(given),
      supplierId,
    },
  });
  if (!made.ok) return made;
  const { importId, uploadUrl, state, ...sealed } = made.body as Made;
  const isTold = given.options["quiet"] === undefined;
  if (isTold) process.stderr.write(`import ${importId}\n`);
  // A repeat finds it at work, or done: another file would not be the one that was begun.
  if (state !== "awaiting_file") return untilOver(importId, send, isTold);
  const heard = onInterrupt(() => `The import ${importId} waits for its file; nothing is in stock.${how(importId)}`);
  const put = (from: string, size: number) => putFile(uploadUrl, from, size);
  if (!isSealed) await put(path, bytes);
  else {
    // KMS's client takes longer to load than most commands run.
    const { sealFile, sealingWith } = await import("./seal-file.ts");
    const reason = await sealFile(sealingWith(stack), sealed, { path, bytes, layout }, put);
    if (reason !== undefined) return unreadable(importId, reason, send);
  }
  heard();
  const started = await send({ method: "POST", path: ofImport(importId, "/start") });
  return started.ok ? untilOver(importId, send, isTold) : started;
}

async function putFile(uploadUrl: string, path: string, bytes: number): Promise<void> {
  const request = {
    method: "PUT",
    headers: { "Content-Length": String(bytes) },
    body: Readable.toWeb(createReadStream(path)),
    duplex: "half",
  };
  // Node's `fetch` takes Node's streams. The type is that of browsers, for which buyers' pages are written.
  const put = await fetch(uploadUrl, request as unknown as RequestInit);
  if (!put.ok) throw new Error(`The file was not taken: ${put.status}.`);
}

/** Nothing was uploaded: what the importer would say of the file is said here, and the import that waits for it is over. */
async function unreadable(importId: string, { reason, at }: Unreadable, send: Send): Promise<OperatorAnswer> {
  await send({ method: "POST", path: ofImport(importId, "/cancel") });
  return { ok: false, status: 400, body: { code: "file_unreadable", importId, reason, at } };
}

/** Has codes made, and says on standard error how far that is. */
async function generate({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const { product = "", template } = options;
  const asked = await send({
    method: "POST",
    path: `/admin/v1/products/${encodeURIComponent(product)}/generations`,
    json: { count: wholeNumber("count", options["count"]), template },
  });
  if (!asked.ok) return asked;
  const { importId } = asked.body as { importId: string };
  return untilOver(importId, send, options["quiet"] === undefined);
}

/** So many looks in a row may go unanswered: the import goes on whether anybody looks or not. */
const UNANSWERED_LOOKS = 5;

const how = (importId: string): string =>
  `\nHow far it is: npm run ops -- imports show ${importId}\nTo undo it:   npm run ops -- imports cancel ${importId}`;

/** Done is what is finished: one that failed, or that somebody cancelled, is refused. */
async function untilOver(importId: string, send: Send, isTold: boolean): Promise<OperatorAnswer> {
  onInterrupt(() => `The import ${importId} goes on without this command.${how(importId)}`);
  for (let unanswered = 0; ; await wait(1000)) {
    const shown = await look(importId, send);
    unanswered = shown.status < 500 ? 0 : unanswered + 1;
    if (unanswered > 0 && unanswered <= UNANSWERED_LOOKS) continue;
    if (!shown.ok) return shown;
    const { state, percent, linesPerSecond, remainingSeconds } = shown.body as Progress;
    if (!isAtWork(state)) return { ...shown, ok: state === "finished" };
    if (isTold)
      process.stderr.write(`${percent} %, ${linesPerSecond} lines a second, ${remainingSeconds ?? "?"} s left\n`);
  }
}

/** Whoever could not ask names the import, for it is there. */
async function look(importId: string, send: Send): Promise<OperatorAnswer> {
  return send({ method: "GET", path: ofImport(importId) }).catch((error: unknown) => {
    const detail = error instanceof Error ? error.message : String(error);
    return { ok: false, status: 503, body: { code: "not_reached", importId, detail } };
  });
}

/** What an operator does with large files of codes: these watch what they have begun. */
export const importCommands: Record<string, Command> = {
  "stock upload": {
    takesKey: true,
    answers: "by line",
    options: {
      product: { required: true, about: "the product's id", fields: ["/path/productId"] },
      file: { required: true, local: true, about: "CSV or NDJSON, up to a million codes" },
      format: { about: "csv or ndjson", choices: ["csv", "ndjson"] },
      ...layoutOptions,
      ...costOptions,
      seal: { flag: true, fields: ["/sealed"], about: "encrypt the codes on this machine, with a key from KMS" },
      "dry-run": { flag: true, about: "only say what would happen" },
      quiet: { flag: true, local: true, about: "without progress" },
    },
    run: upload,
  },
  "stock generate": {
    takesKey: true,
    answers: "by line",
    options: {
      product: { required: true, about: "the product's id", fields: ["/path/productId"] },
      count: { required: true, about: "so many codes, up to a million" },
      template: { about: "X by chance, C at the end to check, as in XXXXX-XXXXX-XXXXX-XXXXXC" },
      quiet: { flag: true, local: true, about: "without progress" },
    },
    run: generate,
  },
};
