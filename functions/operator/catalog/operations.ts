import * as z from "zod";
import { ProductChange } from "../../../shared/catalog/change.ts";
import { Listed } from "../../../shared/catalog/kinds.ts";
import { NewProduct } from "../../../shared/catalog/new-product.ts";
import { RATE } from "../../../shared/kernel/convert.ts";
import { Currency } from "../../../shared/kernel/money.ts";
import { RestockChange } from "../../../shared/restock/model.ts";
import { listOf, Page } from "../../fields.ts";
import { read, readMarket } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Id } from "../fields.ts";
import { priceOperations } from "./price-operations.ts";
import { ChangedProduct, ChangedRestock, Product, Rate, Restock } from "./shown.ts";

const operatorCatalog = {
  createProduct: {
    method: "POST",
    path: "/admin/v1/products",
    summary: "Create a product",
    idempotent: "remembered",
    body: NewProduct,
    command: {
      is: "products create",
      own: "sources and limits are lists and pairs, put together from several options",
    },
    answer: { status: 201, description: "The product", schema: Product, location: "/admin/v1/products/{id}" },
    needs: {
      catalogTable: ["GetItem", "PutItem"],
      ...readMarket,
      eventBus: ["PutEvents"],
    },
    audit: { action: "product_created", subject: "{id}" },
  },
  listAllProducts: {
    method: "GET",
    path: "/admin/v1/products",
    pages: /^prod_[0-9a-z]{20,26}$/,
    summary: "All products, also those that are not on sale",
    query: Page.extend({
      productId: Id.optional().meta({ description: "Only this one; refused if there is none." }),
    }),
    command: {
      is: "products list",
      options: { productId: false },
      columns: ["id", "name", "kind", "price", "retailPrice", "listing"],
    },
    answer: { status: 200, description: "A page of products", schema: listOf(Product) },
    refusals: ["not_found"],
    needs: { catalogTable: ["GetItem", "Query"] },
  },
  getAnyProduct: {
    method: "GET",
    path: "/admin/v1/products/{productId}",
    summary: "One product with its rules, also if it is not on sale",
    params: z.strictObject({ productId: Id }),
    command: { is: "products show", argument: "productId" },
    answer: { status: 200, description: "The product", schema: Product },
    refusals: ["not_found"],
    needs: { catalogTable: ["GetItem"] },
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
    command: {
      is: "products change",
      argument: "productId",
      own: "it reads the product first, for the version that it changes",
    },
    answer: {
      status: 201,
      description: "The product, and `changes`: what was before and is after",
      schema: ChangedProduct,
      location: "/admin/v1/products/{id}",
      or: { status: 200, description: "It was that already, or this key has made it so" },
    },
    refusals: ["not_found", "wrong_kind", "changed_meanwhile", "idempotency_key_reused"],
    needs: { catalogTable: ["GetItem", "PutItem"], ...readMarket, eventBus: ["PutEvents"] },
    audit: { action: "product_version_{version}", subject: "{productId}" },
  },
  changeListing: {
    method: "POST",
    path: "/admin/v1/products/{productId}/listing",
    summary: "Put a product on sale, or take it off; what is paid is delivered all the same",
    params: z.strictObject({ productId: Id }),
    body: z.strictObject({ listing: Listed }),
    command: { is: "products listing", argument: "productId", options: { listing: { as: "is" } } },
    answer: { status: 200, description: "The product", schema: Product },
    refusals: ["not_found", "product_ended"],
    needs: { catalogTable: ["GetItem", "UpdateItem"], eventBus: ["PutEvents"] },
    audit: { action: "product_{listing}", subject: "{productId}" },
  },
  ...priceOperations,
  setRestock: {
    method: "POST",
    path: "/admin/v1/products/{productId}/restock",
    summary:
      "Have stock bought ahead when it is low, within a price and a budget for each day; fields that are left out stay as they are",
    params: z.strictObject({ productId: Id }),
    body: RestockChange,
    command: {
      is: "restock set",
      argument: "productId",
      options: {
        below: { about: "fewer codes than this left, and it buys" },
        quantity: { about: "so many at a time" },
        supplierProductId: { about: "what the supplier calls it" },
        maxCost: { about: "it stops while a piece costs more" },
        dailyBudget: { about: "it spends no more than this in one day, UTC" },
        isOn: { as: "on", opposite: "off", about: "buy again" },
        closes: { about: "the reference of a stuck purchase that you have settled with the supplier" },
      },
    },
    answer: { status: 200, description: "The rule and what came of it", schema: ChangedRestock },
    refusals: ["not_found", "wrong_kind"],
    needs: {
      catalogTable: read,
      suppliers: read,
      offers: read,
      restocks: ["GetItem", "PutItem"],
    },
    audit: { action: "restock_set", subject: "{productId}" },
  },
  showRestock: {
    method: "GET",
    path: "/admin/v1/products/{productId}/restock",
    summary: "The rule, the purchase that is under way, what is spent today, and why it stopped if it did",
    params: z.strictObject({ productId: Id }),
    command: { is: "restock show", argument: "productId" },
    answer: { status: 200, description: "The rule and what came of it", schema: Restock },
    refusals: ["not_found"],
    needs: { restocks: ["GetItem"] },
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
    command: {
      is: "rates set",
      options: {
        from: { about: "what suppliers ask" },
        to: { about: "what we sell in" },
        rate: { about: "what one unit costs, as in 7.1234" },
      },
    },
    answer: { status: 200, description: "The rate", schema: Rate },
    needs: { rates: ["GetItem", "PutItem"] },
    audit: { action: "rate_set", subject: "rates" },
  },
  listRates: {
    method: "GET",
    path: "/admin/v1/rates",
    summary: "The rates as they were set, with their age",
    command: { is: "rates list" },
    answer: { status: 200, description: "The rates", schema: z.object({ data: z.array(Rate), nextCursor: z.null() }) },
    needs: { rates: ["Query"] },
  },
} as const satisfies Operations;

/** What operators call about products, what is bought ahead, and the rates between currencies, by the functions that answer. */
export const functions = { operatorCatalog } as const;
