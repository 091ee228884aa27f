import * as z from "zod";
import { listOf, Page } from "../../fields.ts";
import { read, readMarket } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Product } from "./shown.ts";

const storefrontCatalog = {
  listProducts: {
    method: "GET",
    path: "/v1/products",
    pages: /^prod_[0-9a-z]{20,26}$/,
    summary: "What this channel may sell, at its price",
    scope: "catalog:read",
    query: Page,
    answer: { status: 200, description: "A page of products", schema: listOf(Product) },
    needs: { catalogTable: ["Query"], ...readMarket, inventoryTable: read },
  },
  getProduct: {
    method: "GET",
    path: "/v1/products/{productId}",
    summary: "One product",
    scope: "catalog:read",
    params: z.strictObject({ productId: z.string().max(40) }),
    answer: { status: 200, description: "The product", schema: Product },
    refusals: ["not_found"],
    needs: { catalogTable: read, ...readMarket, inventoryTable: read },
  },
} as const satisfies Operations;

/** What channels call about products, by the functions that answer. */
export const functions = { storefrontCatalog } as const;
