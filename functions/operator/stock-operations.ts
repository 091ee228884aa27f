import * as z from "zod";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { hasUnseen, trimmed } from "../../shared/kernel/one-name.ts";
import type { Operation } from "../runtime/operation.ts";

const Anything = z.looseObject({});
const product = { productId: z.string().max(40) };
const ofProduct = z.strictObject(product);
const page = z.strictObject({ cursor: z.string().max(1000).optional() });
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

/** What operators do with stock that is there. A key is the name of the function that answers. */
export const stockOperations = {
  countStock: {
    method: "GET",
    path: "/admin/v1/products/{productId}/stock",
    summary: "Count a page of a product's codes; over all pages imported = available + frozen + held + sold + void",
    params: ofProduct,
    query: page,
    answer: { status: 200, description: "The count, also by pool and batch", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
  verifyStock: {
    method: "GET",
    path: "/admin/v1/products/{productId}/stock/verification",
    summary: "Recount a page of a product's slots, and name what they and the counters disagree about",
    params: ofProduct,
    query: page,
    answer: { status: 200, description: "The differences", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
  listPools: {
    method: "GET",
    path: "/admin/v1/products/{productId}/pools",
    summary: "The pools of a product, the total first, with what is left in each",
    params: ofProduct,
    query: page.extend({ limit: z.coerce.number().int().min(1).max(LIMITS.largestPage).default(LIMITS.pageSize) }),
    answer: { status: 200, description: "A page of pools", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
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
    answer: { status: 200, description: "The pool", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
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
      .refine((change) => Object.keys(change).length > 0, "says what to change"),
    answer: { status: 200, description: "The pool", schema: Anything },
    refusals: ["not_found", "wrong_kind", "too_scattered"],
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
      quantity: z.union([z.literal("all"), z.int().min(1).max(1_000_000_000)]),
    }),
    answer: { status: 200, description: "How many codes moved, in how many ranges", schema: Anything },
    refusals: ["not_found", "wrong_kind", "sold_out", "too_scattered", "idempotency_key_reused"],
  },
  listBatches: {
    method: "GET",
    path: "/admin/v1/products/{productId}/batches",
    summary: "What was imported into a product, by name",
    params: ofProduct,
    query: page,
    answer: { status: 200, description: "A page of batches", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
  closeBatch: {
    method: "POST",
    path: "/admin/v1/products/{productId}/batches/{batchId}/state",
    summary: "Freeze, thaw or void what is left of a batch; void is for good",
    params: z.strictObject({ ...product, batchId: z.string().max(60) }),
    body: z.strictObject({ state: z.enum(["open", "frozen", "void"]) }),
    answer: { status: 200, description: "How many ranges and codes it concerned", schema: Anything },
    refusals: ["not_found", "wrong_kind", "batch_void"],
  },
  voidExpired: {
    method: "POST",
    path: "/admin/v1/products/{productId}/void-expired",
    summary: "Void all codes whose expiry has passed",
    params: ofProduct,
    answer: { status: 200, description: "How many ranges and codes it concerned", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
  findCode: {
    method: "POST",
    path: "/admin/v1/products/{productId}/codes/searches",
    summary: "Find one code by itself: where it lies, and which order has it",
    params: ofProduct,
    body: Code,
    answer: { status: 200, description: "Its whereabouts, never the code", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
  voidCode: {
    method: "POST",
    path: "/admin/v1/products/{productId}/codes/voids",
    summary: "Take one code out of stock for good",
    params: ofProduct,
    body: Code,
    answer: { status: 200, description: "Its whereabouts, never the code", schema: Anything },
    refusals: ["not_found", "wrong_kind", "code_taken"],
  },
  restoreStock: {
    method: "POST",
    path: "/admin/v1/stock-restorations",
    summary:
      "A step of making stock true after a point-in-time restore, with sales closed: replay the log of sales, withhold what is in doubt",
    query: page,
    body: z.strictObject({
      since: z.iso.datetime().meta({ description: "The moment to which the inventory table was restored." }),
      margin: z.int().min(0).max(100_000).default(20).meta({
        description:
          "Codes behind the last known sale of each range that may have been sold unknown to the log: sales a second × seconds that the log was behind.",
      }),
    }),
    answer: {
      status: 200,
      description: "What this step did, in codes; `nextCursor` is null after the last",
      schema: Anything,
    },
    refusals: ["busy"],
  },
  releaseWithheld: {
    method: "POST",
    path: "/admin/v1/products/{productId}/withheld-codes/releases",
    summary: "Put the codes that a restore has withheld back on sale, as many as one call has time for",
    params: ofProduct,
    query: page,
    answer: { status: 200, description: "How many; `nextCursor` is null after the last", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
} as const satisfies Record<string, Operation>;
