import * as z from "zod";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { hasUnseen, trimmed } from "../../../shared/kernel/one-name.ts";
import { listOf, Page } from "../../fields.ts";
import { changeStock, moveStock, read, readAll } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id, Step } from "../fields.ts";
import { Batch, Closed, Counts, Pool, Released, Restored, Transferred, Verification, Whereabouts } from "./shown.ts";

const product = { productId: Id };
const ofProduct = z.strictObject(product);
const PoolName = z.string().regex(/^(total|[0-9a-z]{12})$/, "must be total or the name of a pool");
const Code = z.strictObject({
  number: z.string().min(1).max(LIMITS.codeBytes).optional(),
  secret: z.string().min(1).max(LIMITS.codeBytes),
});

/** Spelt as an order spells its campaign: what nobody can see must not make another of it. */
const PoolSubject = z
  .string()
  .max(100)
  .overwrite(trimmed)
  .min(1)
  .refine((subject) => !hasUnseen(subject), "has characters that nobody can see");

const WHEN_EMPTY = "stop: it is sold out, or borrow: the total is sold from";

const operatorStock = {
  countStock: {
    method: "GET",
    path: "/admin/v1/products/{productId}/stock",
    pages: /^[\w.]{0,60}:\d{1,10}$/,
    summary: "Count a page of a product's codes; over all pages imported = available + frozen + held + sold + void",
    params: ofProduct,
    query: Step,
    command: {
      is: "stock count",
      summary: "Count a product's codes: imported = available + frozen + held + sold + void; also by pool and batch",
      options: { cursor: false },
      own: "no page alone is the truth: it adds up all of them",
    },
    answer: { status: 200, description: "The count, also by pool and batch", schema: Counts },
    refusals: ["not_found", "wrong_kind"],
    needs: { catalogTable: read, inventoryTable: readAll },
  },
  verifyStock: {
    method: "GET",
    path: "/admin/v1/products/{productId}/stock/verification",
    pages: /^[\w.]{1,60}$/,
    summary: "Recount a page of a product's slots, and name what they and the counters disagree about",
    params: ofProduct,
    query: Step,
    command: {
      is: "stock verify",
      summary: "Recount a product's slots, and name what they and the counters disagree about; exit code 1 if they do",
      options: { cursor: false },
      own: "it reads all pages, and compares them with the batches",
    },
    answer: { status: 200, description: "The differences", schema: Verification },
    refusals: ["not_found", "wrong_kind"],
    needs: { catalogTable: read, inventoryTable: readAll },
  },
  listPools: {
    method: "GET",
    path: "/admin/v1/products/{productId}/pools",
    pages: /^[0-9a-z]{0,12}$/,
    summary: "The pools of a product, the total first, with what is left in each",
    params: ofProduct,
    query: Page,
    command: {
      is: "pools list",
      columns: ["name", "owner.kind", "owner.subject", "whenEmpty", "left", "leftFrozen", "level", "frozen", "lanes"],
    },
    answer: { status: 200, description: "A page of pools", schema: listOf(Pool) },
    refusals: ["not_found", "wrong_kind"],
    needs: { catalogTable: read, inventoryTable: readAll },
  },
  createPool: {
    method: "POST",
    path: "/admin/v1/products/{productId}/pools",
    summary: "Set stock aside for a channel or a campaign; the pool is empty until something is moved into it",
    idempotent: "remembered",
    params: ofProduct,
    body: z.strictObject({
      owner: z.strictObject({ kind: z.enum(["channel", "campaign"]), subject: PoolSubject }),
      whenEmpty: z.enum(["stop", "borrow"]),
    }),
    command: {
      is: "pools create",
      options: {
        "owner.kind": { about: "for whom: channel or campaign" },
        "owner.subject": { about: "the channel's id, or the campaign as orders name it" },
        whenEmpty: { about: WHEN_EMPTY },
      },
    },
    answer: { status: 200, description: "The pool", schema: Pool },
    refusals: ["not_found", "wrong_kind"],
    needs: { ...changeStock, identityTable: ["GetItem"] },
    audit: { action: "pool_created", subject: "{productId}" },
  },
  changePool: {
    method: "POST",
    path: "/admin/v1/products/{productId}/pools/{pool}",
    summary: "Freeze or thaw a pool, cut it into lanes, or say below how many codes it is low",
    params: z.strictObject({ ...product, pool: PoolName }),
    body: z
      .strictObject({
        frozen: z.boolean(),
        lanes: z.int().min(1).max(LIMITS.lanes),
        lowBelow: z.int().min(0).max(1_000_000_000),
        whenEmpty: z.enum(["stop", "borrow"]),
      })
      .partial()
      .refine((change) => Object.keys(change).length > 0, "must say what to change"),
    command: {
      is: "pools set",
      options: {
        pool: { pool: true },
        lanes: { about: "ranges for each expiry, so that many may buy at once" },
        frozen: { about: "whether nothing is sold from it" },
        lowBelow: { about: "fewer codes than this are told as low" },
        whenEmpty: { about: WHEN_EMPTY },
      },
    },
    answer: { status: 200, description: "The pool", schema: Pool },
    refusals: ["not_found", "wrong_kind", "too_scattered"],
    needs: changeStock,
    audit: { action: "pool_changed", subject: "{productId}" },
  },
  transferStock: {
    method: "POST",
    path: "/admin/v1/products/{productId}/transfers",
    summary: "Move codes from one pool to another: a quantity in one write or not at all",
    idempotent: "by_itself",
    params: ofProduct,
    body: z.strictObject({
      from: PoolName,
      to: PoolName,
      quantity: z.union([z.literal("all"), z.int().min(1).max(1_000_000_000)], "must be a whole number, or all"),
    }),
    command: {
      is: "stock transfer",
      options: {
        from: { pool: true },
        to: { pool: true },
        quantity: { about: "how many codes, or all" },
      },
    },
    answer: { status: 200, description: "How many codes moved, in how many ranges", schema: Transferred },
    refusals: ["not_found", "wrong_kind", "sold_out", "too_scattered", "idempotency_key_reused"],
    needs: changeStock,
    audit: { action: "stock_transferred", subject: "{productId}" },
  },
  listBatches: {
    method: "GET",
    path: "/admin/v1/products/{productId}/batches",
    pages: /^\w{1,60}$/,
    summary: "What was imported into a product, by name",
    params: ofProduct,
    query: Step,
    command: { is: "stock batches" },
    answer: { status: 200, description: "A page of batches", schema: listOf(Batch) },
    refusals: ["not_found", "wrong_kind"],
    needs: { catalogTable: read, inventoryTable: readAll },
  },
  closeBatch: {
    method: "POST",
    path: "/admin/v1/products/{productId}/batches/{batchId}/state",
    summary: "Freeze, thaw or void what is left of a batch; void is for good",
    params: z.strictObject({ ...product, batchId: z.string().max(60) }),
    body: z.strictObject({ state: z.enum(["open", "frozen", "void"]) }),
    command: [
      {
        is: "stock freeze",
        summary: "Take what is left of a batch off sale, until it is thawed",
        fixed: { state: "frozen" },
      },
      { is: "stock thaw", summary: "Put what is left of a frozen batch on sale again", fixed: { state: "open" } },
      {
        is: "stock void",
        summary: "Take what is left of a batch out of stock for good",
        fixed: { state: "void" },
        own: "it asks with the number of codes that it would void",
      },
    ],
    answer: { status: 200, description: "How many ranges and codes it concerned", schema: Closed },
    refusals: ["not_found", "wrong_kind", "batch_void"],
    needs: { ...changeStock, ledgerTable: ["PutItem"] },
    audit: { action: "batch_{state}", subject: "{productId}" },
  },
  voidExpired: {
    method: "POST",
    path: "/admin/v1/products/{productId}/void-expired",
    summary: "Void all codes whose expiry has passed",
    params: ofProduct,
    command: { is: "stock void-expired", own: "it asks with the number of codes that it would void" },
    answer: { status: 200, description: "How many ranges and codes it concerned", schema: Closed },
    refusals: ["not_found", "wrong_kind"],
    needs: { ...changeStock, ledgerTable: ["PutItem"] },
    audit: { action: "expired_voided", subject: "{productId}" },
  },
  releaseWithheld: {
    method: "POST",
    path: "/admin/v1/products/{productId}/withheld-codes/releases",
    pages: /^[\w.]{0,60}$/,
    summary: "Put the codes that a restore has withheld back on sale, as many as one call has time for",
    params: ofProduct,
    query: Step,
    command: {
      is: "stock release-withheld",
      summary: "Put the codes that a restore has withheld back on sale",
      options: { cursor: false },
      own: "it goes on until all pages are done",
    },
    answer: { status: 200, description: "How many; `nextCursor` is null after the last", schema: Released },
    refusals: ["not_found", "wrong_kind"],
    needs: { catalogTable: read, inventoryTable: moveStock },
    audit: { action: "withheld_released", subject: "{productId}" },
  },
} as const satisfies Operations;

const operatorCodes = {
  findCode: {
    method: "POST",
    path: "/admin/v1/products/{productId}/codes/searches",
    summary: "Find one code by itself: where it lies, and which order has it",
    params: ofProduct,
    body: Code,
    command: {
      is: "stock find",
      own: "a code is read from a file or from standard input, never from the command line",
    },
    answer: { status: 200, description: "Its whereabouts, never the code", schema: Whereabouts },
    refusals: ["not_found", "wrong_kind"],
    needs: { catalogTable: read, inventoryTable: read, fingerprintKey: ["GenerateMac"] },
    audit: { action: "code_looked_up", subject: "{productId}" },
  },
  voidCode: {
    method: "POST",
    path: "/admin/v1/products/{productId}/codes/voids",
    summary: "Take one code out of stock for good",
    params: ofProduct,
    body: Code,
    command: {
      is: "stock void-code",
      own: "a code is read from a file or from standard input, never from the command line",
    },
    answer: { status: 200, description: "Its whereabouts, never the code", schema: Whereabouts },
    refusals: ["not_found", "wrong_kind", "code_taken"],
    needs: { ...changeStock, ledgerTable: ["PutItem"], fingerprintKey: ["GenerateMac"] },
    audit: { action: "code_voided", subject: "{productId}" },
  },
} as const satisfies Operations;

const restoreStock = {
  restoreStock: {
    method: "POST",
    path: "/admin/v1/stock-restorations",
    // In the log, behind an object and so many places of the one after it; then in a product's ranges.
    pages: /^(log [\w:.-]+ \d+|stock prod_[0-9a-z]{20,26} [\w.]*)$/,
    summary:
      "A step of making stock true after a point-in-time restore, with sales closed: replay the log of sales, withhold what is in doubt",
    query: Step,
    body: z.strictObject({
      since: z.iso.datetime().meta({ description: "The moment to which the inventory table was restored." }),
      margin: z.int().min(0).max(100_000).default(20).meta({
        description:
          "Codes behind the last known sale of each range that may have been sold unknown to the log: sales a second × seconds that the log was behind.",
      }),
    }),
    command: {
      is: "stock restore",
      summary:
        "Make stock true after a point-in-time restore, with sales closed: replay the log of sales, and withhold what is in doubt",
      options: { cursor: false },
      own: "it goes on until all steps are done",
    },
    answer: {
      status: 200,
      description: "What this step did, in codes; `nextCursor` is null after the last",
      schema: Restored,
    },
    refusals: ["busy"],
    needs: {
      ordersTable: ["BatchGetItem"],
      catalogTable: ["Query"],
      inventoryTable: moveStock,
      salesLog: ["GetObject"],
      salesLogNames: ["ListBucket"],
    },
    audit: { action: "stock_restored", subject: "since {since}" },
  },
} as const satisfies Operations;

/** What operators call about what is in stock, by the functions that answer. */
export const functions = { operatorStock, operatorCodes, restoreStock } as const;
