import * as z from "zod";
import { Tier } from "../../../shared/catalog/new-product.ts";
import { NewTierPrice } from "../../../shared/catalog/set-price.ts";
import { listOf, Page } from "../../fields.ts";
import { readMarket } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { ChangedTierPrice, TierPrice } from "./shown.ts";

const InTier = z.strictObject({ tier: Tier });

/** What operators call about the prices of tiers. */
export const priceOperations = {
  setTierPrice: {
    method: "POST",
    path: "/admin/v1/tiers/{tier}/prices",
    summary: "Say what a tier pays for a product, and from when to when; its prices of other times stay as they are",
    description:
      "Windows are half-open: a price counts from `from` on, and before `until`. No channel pays less than the product's floor. Of two changes at once the " +
      "second is refused.",
    params: InTier,
    body: NewTierPrice,
    command: {
      is: "prices set",
      options: {
        tier: { about: "the word for some channels, or the id of one" },
        price: { about: "what one piece costs the tier" },
        from: { about: "from this moment on, RFC 3339" },
        until: { about: "before this moment, RFC 3339" },
      },
    },
    answer: { status: 200, description: "All prices that the tier has for the product", schema: ChangedTierPrice },
    refusals: ["changed_meanwhile"],
    needs: { catalogTable: ["GetItem", "PutItem"], ...readMarket, eventBus: ["PutEvents"] },
    audit: { action: "price_set {tier}", subject: "{productId}" },
  },
  listTierPrices: {
    method: "GET",
    path: "/admin/v1/tiers/{tier}/prices",
    pages: /^prod_[0-9a-z]{20,26}$/,
    summary: "The prices of a tier, by product",
    params: InTier,
    query: Page,
    command: { is: "prices list", options: { tier: { about: "the word for some channels, or the id of one" } } },
    answer: { status: 200, description: "A page of prices", schema: listOf(TierPrice) },
    needs: { catalogTable: ["Query"] },
  },
} as const satisfies Operations;
