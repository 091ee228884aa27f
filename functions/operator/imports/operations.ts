import * as z from "zod";
import { Generation } from "../../../shared/imports/generate.ts";
import { IMPORT_STATES } from "../../../shared/imports/model.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Layout, LayoutText } from "../../../shared/stock-files/layout.ts";
import { listOf, Page } from "../../fields.ts";
import { moveStock, read } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id, MoneyText, Step } from "../fields.ts";
import { Import, ImportProgress, ImportReport, NewImport, Refusals } from "./shown.ts";

const ofImport = z.strictObject({ importId: Id });

const operatorImports = {
  generateCodes: {
    method: "POST",
    path: "/admin/v1/products/{productId}/generations",
    summary: "Make our own codes and put them into stock: an import that needs no file",
    idempotent: "remembered",
    params: z.strictObject({ productId: Id }),
    body: Generation,
    command: { is: "stock generate", own: "it watches the import until it is over" },
    answer: { status: 202, description: "The import", schema: Import },
    refusals: ["not_found", "wrong_kind", "idempotency_key_reused"],
    needs: {
      catalogTable: read,
      imports: ["PutItem"],
      suppliers: ["GetItem"],
      importQueue: ["SendMessage"],
    },
    audit: { action: "codes_generated", subject: "{productId}" },
  },
  startImport: {
    method: "POST",
    path: "/admin/v1/imports/{importId}/start",
    summary: "The file is there: import it. Codes go on sale when all of them are in",
    params: ofImport,
    command: { is: "imports start", argument: "importId" },
    answer: { status: 202, description: "The import", schema: Import },
    refusals: ["not_found", "file_missing"],
    needs: {
      imports: ["GetItem", "UpdateItem"],
      uploads: ["GetObject"],
      importQueue: ["SendMessage"],
    },
    audit: { action: "import_started", subject: "{productId}" },
  },
  listImports: {
    method: "GET",
    path: "/admin/v1/imports",
    pages: /^\d{4}-[\dT:.-]+Z#imp_[0-9a-z]{20,26}$/,
    summary: "Imports, newest first, by product and state",
    description:
      "Product and state are compared after reading: a page may be short, even empty, and still have a `nextCursor`.",
    query: Page.extend({ productId: Id.optional(), state: z.enum(IMPORT_STATES).optional() }),
    command: {
      is: "imports list",
      columns: ["importId", "productId", "state", "createdAt", "imported", "refused", "dryRun"],
    },
    answer: { status: 200, description: "A page of imports", schema: listOf(Import) },
    needs: { imports: ["BatchGetItem"], listedIndex: ["Query"] },
  },
  showImport: {
    method: "GET",
    path: "/admin/v1/imports/{importId}",
    summary: "How far an import is: percent, rate, seconds that remain",
    params: ofImport,
    command: { is: "imports show", argument: "importId" },
    answer: { status: 200, description: "The import", schema: ImportProgress },
    refusals: ["not_found"],
    needs: { imports: ["GetItem"] },
  },
  listRefusals: {
    method: "GET",
    path: "/admin/v1/imports/{importId}/refusals",
    pages: /^\d{1,6}$/,
    summary: "Every refused line with its reason, by segments of the file",
    params: ofImport,
    query: Step,
    command: { is: "imports refusals", argument: "importId" },
    answer: { status: 200, description: "A page of refused lines", schema: Refusals },
    refusals: ["not_found"],
    needs: { imports: ["GetItem", "Query"] },
  },
  cancelImport: {
    method: "POST",
    path: "/admin/v1/imports/{importId}/cancel",
    summary: "Undo an import that is not finished: all that it has put in is taken out",
    params: ofImport,
    command: {
      is: "imports cancel",
      argument: "importId",
      effect: "It takes out of stock all that the import {importId} has put in.",
    },
    answer: { status: 202, description: "The import", schema: Import },
    refusals: ["not_found", "import_finished"],
    needs: {
      imports: ["GetItem", "UpdateItem"],
      uploads: ["DeleteObject"],
      importQueue: ["SendMessage"],
    },
    audit: { action: "import_cancelled", subject: "{productId}" },
  },
} as const satisfies Operations;

const CREDITOR = { description: "The supplier that is owed their cost; only with `unitCost`." };

const importStock = {
  importStock: {
    method: "POST",
    path: "/admin/v1/products/{productId}/stock-imports",
    summary: "Import codes from a CSV file: number (optional), secret, expiresAt (optional); or as its `layout` says",
    description: "`layout` and `unitCost` (a Money: what each code has cost us) are JSON.",
    params: z.strictObject({ productId: Id }),
    query: z.strictObject({
      dryRun: z.enum(["true", "false"]).default("false"),
      layout: LayoutText.optional(),
      unitCost: MoneyText.optional(),
      supplierId: Id.optional().meta(CREDITOR),
    }),
    text: { contentType: "text/csv", limit: LIMITS.importBytes },
    command: { is: "stock import", own: "it reads a file" },
    answer: { status: 200, description: "What was imported and what was refused, by line", schema: ImportReport },
    refusals: ["not_found", "wrong_kind", "too_scattered"],
    needs: {
      catalogTable: read,
      inventoryTable: moveStock,
      ledgerTable: ["PutItem"],
      codesKey: ["GenerateDataKey"],
      fingerprintKey: ["GenerateMac"],
      suppliers: ["GetItem"],
    },
    audit: { action: "stock_imported", subject: "{productId}" },
  },
  createImport: {
    method: "POST",
    path: "/admin/v1/products/{productId}/imports",
    summary: "Make an import of a file of up to a million codes; put the file at `uploadUrl`, which is told this once",
    idempotent: "remembered",
    params: z.strictObject({ productId: Id }),
    body: z.strictObject({
      layout: Layout.prefault({}),
      dryRun: z.boolean().default(false),
      unitCost: Money.optional().meta({ description: "What each code has cost us." }),
      supplierId: Id.optional().meta(CREDITOR),
      /** The file is one that the command line has sealed; its answer has the `tagKey` for that, told this once. */
      sealed: z.boolean().default(false),
    }),
    command: {
      is: "stock upload",
      summary: "Import a file of up to a million codes, and show how far it is until it is over",
      own: "it uploads a file, seals it if that is wanted, and watches the import until it is over",
    },
    answer: {
      status: 201,
      description: "The import and its upload address",
      schema: NewImport,
      location: "/admin/v1/imports/{importId}",
    },
    refusals: ["not_found", "wrong_kind", "idempotency_key_reused"],
    needs: {
      catalogTable: read,
      imports: ["PutItem"],
      // The address that is given out can do what its maker may.
      uploads: ["PutObject"],
      // Who seals codes elsewhere is told the key of their tags.
      fingerprintKey: ["GenerateMac"],
    },
    audit: { action: "{kind}_created", subject: "{productId}" },
  },
} as const satisfies Operations;

/** What operators call about imports of files and codes of our own making, by the functions that answer. */
export const functions = { operatorImports, importStock } as const;
