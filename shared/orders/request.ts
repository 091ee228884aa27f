import * as z from "zod";
import { LIMITS } from "../kernel/limits.ts";
import { Money } from "../kernel/money.ts";
import { hasUnseen, isName, oneName, trimmed } from "../kernel/one-name.ts";
import { ByCheckout } from "../payments/by-checkout.ts";
import { Contact } from "./contact.ts";

const UNSEEN = "has characters that nobody can see";

const NewLine = z.strictObject({
  productId: z.string().regex(/^prod_[0-9a-z]{20,26}$/, "must be a product id"),
  quantity: z.int().min(1).max(LIMITS.codesPerLargeOrder),
  recipient: z
    .strictObject({
      account: z
        .string()
        .max(200)
        .overwrite(trimmed)
        .min(1)
        .refine((account) => !hasUnseen(account), UNSEEN)
        .meta({ description: "The account to top up: a phone number, a player id. Kept encrypted." }),
    })
    .optional(),
});

const fewEnough = ({ lines }: { lines: readonly { quantity: number }[] }): boolean =>
  piecesOf({ lines }) <= LIMITS.codesPerLargeOrder;
const TOO_MANY = {
  path: ["lines"],
  message: `all lines together may have at most ${LIMITS.codesPerLargeOrder} pieces`,
};

/** A channel's own name for its customer, in the form that names are compared by. */
export const Buyer = z
  .string()
  .min(1)
  .max(100)
  .refine(isName, "must have visible characters, and no control characters")
  .overwrite(oneName);

/** The body of a request that places an order. */
export const NewOrder = z
  .strictObject({
    lines: z.array(NewLine).min(1).max(LIMITS.linesPerOrder),
    payment: z
      .discriminatedUnion("method", [
        z.strictObject({ method: z.literal("balance") }),
        z.strictObject({ method: z.literal("deferred") }),
        ByCheckout,
      ])
      .meta({
        description:
          "`balance`: from the channel's balance, at once · `deferred`: the goods are kept for a while, and paid by " +
          "`POST /v1/orders/{orderId}/payments` · `checkout`: the same, and the buyer pays at a payment provider; the answer says where.",
      }),
    buyer: Buyer.optional().meta({
      description:
        "The channel's own name for its customer: needed where a product may be bought so often by each, and to list " +
        "the customer's orders. Spaces, capitals and invisible characters make no difference. Kept as a hash.",
    }),
    contact: Contact.optional().meta({
      description:
        "How the customer can be reached about the order. Kept encrypted, shown to nobody, and erased by " +
        "`DELETE /v1/orders/{orderId}/contact`.",
    }),
    campaign: z
      .string()
      .max(100)
      .overwrite(trimmed)
      .min(1)
      .refine((campaign) => !hasUnseen(campaign), UNSEEN)
      .optional()
      .meta({ description: "The campaign whose stock to sell from, where a product has some set aside for it." }),
    acceptLess: z.boolean().optional().meta({
      description:
        "When there are fewer codes than asked for: sell those, instead of none. `requested` then tells the difference.",
    }),
    reference: z.string().min(1).max(100).optional().meta({ description: "The channel's own number for the order." }),
    maxTotal: Money.optional().meta({ description: "Refuse with `price_changed` rather than charge more." }),
    metadata: z.record(z.string().min(1).max(40), z.string().max(500)).optional(),
  })
  .refine(fewEnough, TOO_MANY)
  .refine((order) => Object.keys(order.metadata ?? {}).length <= 20, {
    path: ["metadata"],
    message: "at most 20 entries",
  })
  .meta({
    examples: [
      {
        lines: [{ productId: `prod_${"0".repeat(26)}`, quantity: 1 }],
        payment: { method: "balance" },
        reference: "your-order-1",
      },
    ],
  });
export type NewOrder = z.infer<typeof NewOrder>;

/** The body of a request for a quote: what an order says of its goods and its buyer. A recipient may come later. */
export const NewQuote = z
  .strictObject({
    lines: z.array(NewLine).min(1).max(LIMITS.linesPerOrder),
    buyer: Buyer.optional().meta({ description: "Who would buy, as in an order. No price depends on it yet." }),
  })
  .refine(fewEnough, TOO_MANY)
  .meta({ examples: [{ lines: [{ productId: `prod_${"0".repeat(26)}`, quantity: 2 }] }] });
export type NewQuote = z.infer<typeof NewQuote>;

function piecesOf({ lines }: { lines: readonly { quantity: number }[] }): number {
  return lines.reduce((total, line) => total + line.quantity, 0);
}

/**
 * Tells whether an order is large: a workflow sells it, and its codes are cut off from stock as whole runs. That is so
 * for more pieces than one request has time for, and for `acceptLess`, because only then all that there is can be taken
 * in one write.
 */
export function isLarge(order: NewOrder): boolean {
  return order.acceptLess === true || piecesOf(order) > LIMITS.codesPerOrder;
}
