import * as z from "zod";
import { ProductKind } from "../../../shared/catalog/kinds.ts";
import { isName } from "../../../shared/kernel/one-name.ts";
import { listOf, Page } from "../../fields.ts";
import { read, readMarket } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Product } from "./shown.ts";

/** What is looked for; capitals, spaces and widths of letters make no difference. */
const Word = z.string().max(100).refine(isName, "must have visible characters, and no control characters");

const storefrontCatalog = {
  listProducts: {
    method: "GET",
    path: "/v1/products",
    pages: /^prod_[0-9a-z]{20,26}$/,
    summary: "What this channel may sell, at its price",
    scope: "catalog:read",
    description:
      "A page reads as many products as its `limit`, however many there are; with filters it may have fewer, even none, and still a " +
      "`nextCursor`: go on until that is null.",
    query: Page.extend({
      kind: ProductKind.optional(),
      category: Word.optional().meta({ description: "Only those on this shelf." }),
      tag: Word.optional(),
      region: z
        .string()
        .regex(/^[A-Z]{2}$/, "must be two capital letters, as in CN")
        .optional()
        .meta({ description: "Only what can be redeemed there." }),
      q: Word.optional().meta({ description: "A part of the name, in any language." }),
    }),
    answer: { status: 200, description: "A page of products", schema: listOf(Product) },
    needs: { catalogTable: [...read, "Query"], ...readMarket, inventoryTable: read },
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
