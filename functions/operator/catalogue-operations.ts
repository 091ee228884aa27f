import * as z from "zod";
import { ProductChange } from "../../shared/catalog/change.ts";
import { Listed, NewProduct } from "../../shared/catalog/model.ts";
import { RATE } from "../../shared/kernel/convert.ts";
import { LIMITS } from "../../shared/kernel/limits.ts";
import { Currency } from "../../shared/kernel/money.ts";
import { RestockChange } from "../../shared/restock/model.ts";
import type { Operation } from "../runtime/operation.ts";

const Id = z.string().max(40);
const Anything = z.looseObject({});
const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(LIMITS.largestPage).default(LIMITS.pageSize),
  cursor: z.string().max(1000).optional(),
});

/** What operators do with products, what suppliers sell, and the rates between. A key is the function that answers. */
export const catalogueOperations = {
  createProduct: {
    method: "POST",
    path: "/admin/v1/products",
    summary: "Create a product",
    idempotent: "remembered",
    body: NewProduct,
    answer: { status: 201, description: "The product", schema: Anything },
  },
  listAllProducts: {
    method: "GET",
    path: "/admin/v1/products",
    summary: "All products, also those that are not on sale",
    query: page.extend({
      productId: Id.optional().meta({ description: "Only this one; refused if there is none." }),
    }),
    answer: { status: 200, description: "A page of products", schema: Anything },
    refusals: ["not_found"],
  },
  createVersion: {
    method: "POST",
    path: "/admin/v1/products/{productId}/versions",
    summary: "Change what is named, and nothing else; orders keep what they bought",
    idempotent: "by_itself",
    params: z.strictObject({ productId: Id }),
    body: z.strictObject({
      base: z.int().min(1).meta({ description: "The version that the change is made to." }),
      change: ProductChange,
    }),
    answer: { status: 201, description: "The product, and `changes`: what was before and is after", schema: Anything },
    refusals: ["not_found", "wrong_kind", "changed_meanwhile", "idempotency_key_reused"],
  },
  changeListing: {
    method: "POST",
    path: "/admin/v1/products/{productId}/listing",
    summary: "Put a product on sale, or take it off; what is paid is delivered all the same",
    params: z.strictObject({ productId: Id }),
    body: z.strictObject({ listing: Listed }),
    answer: { status: 200, description: "The product", schema: Anything },
    refusals: ["not_found"],
  },
  setRestock: {
    method: "POST",
    path: "/admin/v1/products/{productId}/restock",
    summary:
      "Have stock bought ahead when it is low, within a price and a budget for each day; fields that are left out stay as they are",
    params: z.strictObject({ productId: Id }),
    body: RestockChange,
    answer: { status: 200, description: "The rule and what came of it", schema: Anything },
    refusals: ["not_found", "wrong_kind"],
  },
  showRestock: {
    method: "GET",
    path: "/admin/v1/products/{productId}/restock",
    summary: "The rule, the purchase that is under way, what is spent today, and why it stopped if it did",
    params: z.strictObject({ productId: Id }),
    answer: { status: 200, description: "The rule and what came of it", schema: Anything },
    refusals: ["not_found"],
  },
  setRate: {
    method: "POST",
    path: "/admin/v1/rates",
    summary: "Say what one unit of a currency costs in another; known for three days",
    body: z
      .strictObject({
        from: Currency,
        to: Currency,
        rate: z.string().regex(RATE, "must be a decimal above nothing, as in 7.1234"),
      })
      .refine(({ from, to }) => from !== to, { path: ["to"], message: "must be another currency" }),
    answer: { status: 200, description: "The rate", schema: Anything },
  },
  listRates: {
    method: "GET",
    path: "/admin/v1/rates",
    summary: "The rates as they were set, with their age",
    answer: { status: 200, description: "The rates", schema: Anything },
  },
  requestSync: {
    method: "POST",
    path: "/admin/v1/suppliers/{supplierId}/syncs",
    summary: "Have a supplier's catalogue read now",
    params: z.strictObject({ supplierId: Id }),
    answer: { status: 202, description: "It will be read", schema: Anything },
    refusals: ["not_found"],
  },
  showSync: {
    method: "GET",
    path: "/admin/v1/suppliers/{supplierId}/syncs",
    summary: "When a supplier's catalogue was read last, and what changed, newest first",
    params: z.strictObject({ supplierId: Id }),
    query: page,
    answer: { status: 200, description: "A page of changes", schema: Anything },
    refusals: ["not_found"],
  },
} as const satisfies Record<string, Operation>;
