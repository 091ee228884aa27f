import * as z from "zod";
import { Listed } from "../../../shared/catalog/kinds.ts";
import { NewProduct } from "../../../shared/catalog/new-product.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { RestockFields } from "../../../shared/restock/model.ts";
import { Time } from "../../fields.ts";
import { Change } from "../shown.ts";

const product = {
  id: z.string(),
  version: z.int().meta({ description: "Rises with each change. Orders keep the version that they bought." }),
  ...NewProduct.shape,
  listing: Listed.optional().meta({
    description:
      "`draft`: not yet on sale · `listed` · `paused`: not on sale for now · `ended`: never again. Absent: listed.",
  }),
};

export const Product = z.object(product).meta({
  id: "Product",
  description: "A product with its rules, as operators see it.",
  examples: [{ id: `prod_${"0".repeat(26)}`, version: 1, kind: "code", name: "Music, one month", price: price(1500) }],
});

export const ChangedProduct = z
  .object({ ...product, changes: z.array(Change).meta({ description: "What was before, and what is after." }) })
  .meta({ id: "ChangedProduct" });

const tierPrice = {
  tier: z.string(),
  productId: z.string(),
  version: z.int().meta({ description: "Rises with each change." }),
  currency: z.string(),
  windows: z
    .array(
      z.object({
        amount: z.int(),
        from: Time.optional().meta({ description: "From this moment on. Absent: since ever." }),
        until: Time.optional().meta({ description: "Before this moment. Absent: for ever." }),
        belowCost: z.literal(true).optional().meta({ description: "It may be less than it costs us." }),
      }),
    )
    .meta({ description: "What one piece costs, and when. At any other moment it costs what it costs everybody." }),
};

export const TierPrice = z
  .object(tierPrice)
  .meta({ id: "TierPrice", description: "What the channels of a tier pay for a product." });

export const ChangedTierPrice = z.object({ ...tierPrice, changes: z.array(Change) }).meta({ id: "ChangedTierPrice" });

function price(amount: number): Money {
  return { amount, currency: "CNY" };
}

const Purchase = z
  .object({
    reference: z.string().meta({ description: "Its name at the supplier. A repeat brings the same goods." }),
    supplierId: z.string(),
    supplierProductId: z.string(),
    quantity: z.int(),
    cost: Money.meta({ description: "The expected cost of one piece." }),
    charged: Money.optional().meta({ description: "What the supplier charged for all of it, as it says." }),
    placedAt: Time,
    againAt: Time.optional().meta({ description: "When it was placed again last." }),
    state: z.enum(["placing", "accepted", "stuck"]).meta({
      description:
        "`placing`: the supplier may be hearing of it · `accepted`: it works on it · `stuck`: ask the supplier, then close it.",
    }),
    supplierOrderId: z.string().optional(),
    reason: z.string().optional(),
    incompleteSince: Time.optional().meta({
      description: "Since when the supplier says that it is delivered, without handing over all of it.",
    }),
    shortfall: z.int().optional().meta({ description: "So many pieces were paid for and are not in stock." }),
  })
  .meta({ id: "PurchaseAhead" });

const restock = {
  productId: z.string(),
  rule: RestockFields,
  version: z.int(),
  begun: z.int().meta({ description: "How many purchases were ever begun." }),
  open: Purchase.optional().meta({ description: "The purchase that is under way." }),
  spent: z
    .array(z.object({ day: z.string(), amount: z.int(), currency: z.string() }))
    .optional()
    .meta({ description: "What was spent on the last day on which something was, by currency, in minor units." }),
  news: z
    .array(z.string())
    .optional()
    .meta({ description: "References of purchases about which their suppliers have called." }),
  stopped: z
    .object({
      reason: z.enum(["cost_unknown", "cost_above_limit", "cost_of_zero", "budget_spent", "purchase_stuck"]),
      at: Time,
      told: z.boolean(),
    })
    .optional()
    .meta({ description: "Why it does not buy although it should." }),
  last: z
    .object({
      reference: z.string(),
      at: Time,
      outcome: z.enum(["stocked", "refused", "closed"]),
      imported: z.int().optional(),
      charged: Money.optional(),
      shortfall: z.int().optional(),
      reason: z.string().optional(),
    })
    .optional()
    .meta({ description: "What became of the purchase before." }),
};

export const Restock = z
  .object(restock)
  .meta({ id: "Restock", description: "When and how a product's stock is bought ahead, and what came of it." });

export const ChangedRestock = z.object({ ...restock, changes: z.array(Change) }).meta({ id: "ChangedRestock" });

export const Rate = z
  .object({
    from: z.string(),
    to: z.string(),
    rate: z.string().meta({ description: "What one unit of `from` costs in `to`." }),
    at: Time,
  })
  .meta({ id: "Rate", examples: [{ from: "USD", to: "CNY", rate: "7.1234", at: "2026-01-31T08:00:00.000Z" }] });
