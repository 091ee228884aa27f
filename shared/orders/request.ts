import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";
import { Money } from "../kernel/money.ts";

const NewLine = z.strictObject({
  productId: z.string().regex(/^prod_[0-9a-z]{20,26}$/, "must be a product id"),
  quantity: z.int().min(1).max(LIMITS.codesPerOrder),
  recipient: z
    .strictObject({
      account: z
        .string()
        .trim()
        .min(1)
        .max(200)
        .meta({ description: "The account to top up: a phone number, a player id. Kept encrypted." }),
    })
    .optional(),
});

/** What a channel says to buy something. */
export const NewOrder = z
  .strictObject({
    lines: z.array(NewLine).min(1).max(LIMITS.linesPerOrder),
    payment: z.strictObject({
      method: z.enum(["balance", "deferred"]).meta({
        description: "`deferred`: the goods are kept for a while, and paid by `POST /v1/orders/{orderId}/payments`.",
      }),
    }),
    buyer: z.string().min(1).max(100).optional().meta({
      description:
        "The channel's own name for its customer, where a product may be bought so often by each. Kept as a hash.",
    }),
    campaign: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "The campaign whose stock to sell from, where a product has some set aside for it." }),
    reference: z.string().min(1).max(100).optional().meta({ description: "The channel's own number for the order." }),
    maxTotal: Money.optional().meta({ description: "Refuse with `price_changed` rather than charge more." }),
    metadata: z.record(z.string().min(1).max(40), z.string().max(500)).optional(),
  })
  .refine((order) => order.lines.reduce((total, line) => total + line.quantity, 0) <= LIMITS.codesPerOrder, {
    path: ["lines"],
    message: `all lines together may have at most ${LIMITS.codesPerOrder} pieces`,
  })
  .refine((order) => Object.keys(order.metadata ?? {}).length <= 20, {
    path: ["metadata"],
    message: "at most 20 entries",
  });
export type NewOrder = z.infer<typeof NewOrder>;
