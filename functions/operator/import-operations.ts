import * as z from "zod";
import { Generation } from "../../shared/imports/generate.ts";
import { Layout } from "../../shared/stock-files/layout.ts";
import type { Operation } from "../runtime/operation.ts";

const Anything = z.looseObject({});
const ofImport = z.strictObject({ importId: z.string().max(40) });

/** Imports of large files: make one, put the file at its address, start it, watch it. A key is the function that answers. */
export const importOperations = {
  createImport: {
    method: "POST",
    path: "/admin/v1/products/{productId}/imports",
    summary: "Make an import of a file of up to a million codes; put the file at `uploadUrl`, which is told this once",
    idempotent: "remembered",
    params: z.strictObject({ productId: z.string().max(40) }),
    body: z.strictObject({
      layout: Layout.prefault({}),
      dryRun: z.boolean().default(false),
      /** The file is one that the command line has sealed; its answer has the `tagKey` for that, told this once. */
      sealed: z.boolean().default(false),
    }),
    answer: { status: 201, description: "The import and its upload address", schema: Anything },
    refusals: ["not_found", "wrong_kind", "idempotency_key_reused"],
  },
  generateCodes: {
    method: "POST",
    path: "/admin/v1/products/{productId}/generations",
    summary: "Make our own codes and put them into stock: an import that needs no file",
    idempotent: "remembered",
    params: z.strictObject({ productId: z.string().max(40) }),
    body: Generation,
    answer: { status: 202, description: "The import", schema: Anything },
    refusals: ["not_found", "wrong_kind", "idempotency_key_reused"],
  },
  startImport: {
    method: "POST",
    path: "/admin/v1/imports/{importId}/start",
    summary: "The file is there: import it. Codes go on sale when all of them are in",
    params: ofImport,
    answer: { status: 202, description: "The import", schema: Anything },
    refusals: ["not_found", "file_missing"],
  },
  showImport: {
    method: "GET",
    path: "/admin/v1/imports/{importId}",
    summary: "How far an import is: percent, rate, seconds that remain",
    params: ofImport,
    answer: { status: 200, description: "The import", schema: Anything },
    refusals: ["not_found"],
  },
  listRefusals: {
    method: "GET",
    path: "/admin/v1/imports/{importId}/refusals",
    summary: "Every refused line with its reason, by segments of the file",
    params: ofImport,
    query: z.strictObject({ cursor: z.string().max(100).optional() }),
    answer: { status: 200, description: "A page of refused lines", schema: Anything },
    refusals: ["not_found"],
  },
  cancelImport: {
    method: "POST",
    path: "/admin/v1/imports/{importId}/cancel",
    summary: "Undo an import that is not finished: all that it has put in is taken out",
    params: ofImport,
    answer: { status: 202, description: "The import", schema: Anything },
    refusals: ["not_found", "import_finished"],
  },
} as const satisfies Record<string, Operation>;
