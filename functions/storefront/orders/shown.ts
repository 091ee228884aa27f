import * as z from "zod";
import { ProductKind } from "../../../shared/catalog/kinds.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { PAYMENT_STATES } from "../../../shared/payments/model.ts";
import { PHASES } from "../../../shared/pricing/promotion.ts";
import { Time } from "../../fields.ts";

export const Deliverable = z
  .object({
    codeId: z.string(),
    number: z.string().optional(),
    secret: z.string(),
    expiresAt: Time.optional().meta({ description: "Until when it can be redeemed. Absent: it does not expire." }),
  })
  .meta({ id: "Deliverable", description: "One code, in the clear." });

const LineState = z.enum(["fulfilling", "review", "fulfilled", "refunding", "refunded", "cancelled"]).meta({
  description:
    "`fulfilling`: on its way · `review`: a person decides about it · `fulfilled`: delivered; of a top-up: it is on the account · " +
    "`refunding`, `refunded`: its money is on its way back, or came back · `cancelled`: taken back with its order.",
});

const Adjustment = z
  .object({
    promotionId: z.string(),
    version: z.int(),
    name: z.string(),
    phase: z.enum(PHASES).meta({
      description:
        "`price`: another price for each piece · `line`, `order`, `coupon`: taken off · `tender`: paid by somebody else.",
    }),
    amount: Money,
    payer: z.string().optional().meta({ description: "Who pays it instead. Absent: nobody, the goods cost less." }),
  })
  .meta({ id: "Adjustment", description: "What a promotion took off a line, or paid of it." });

export const PricedLine = z.object({
  id: z.string(),
  productId: z.string(),
  productVersion: z.int().meta({ description: "The immutable version that was bought." }),
  name: z.string(),
  kind: ProductKind,
  quantity: z.int(),
  unitPrice: Money.meta({ description: "The list price of one piece: what the channel pays." }),
  retailPrice: Money.meta({
    description: "What a buyer pays for one piece at checkout, before anything is taken off.",
  }),
  net: Money.meta({ description: "What all its pieces cost, after everything that was taken off." }),
  adjustments: z.array(Adjustment).optional().meta({ description: "What was taken off, in that order." }),
});

export const Quote = z
  .object({
    total: Money.meta({ description: "What the order would cost the channel." }),
    retailTotal: Money.meta({ description: "What its buyer would pay at checkout." }),
    validUntil: Time.optional().meta({
      description:
        "When one of these prices ends or changes, as far as that is known by now. It informs: `maxTotal` of the order protects.",
    }),
    lines: z.array(PricedLine.meta({ id: "QuotedLine", description: "One product, priced." })),
  })
  .meta({ id: "Quote", description: "What lines would cost now." });

export const OrderLine = PricedLine.extend({
  requested: z.int().optional().meta({ description: "How many were asked for, where there are fewer." }),
  state: LineState,
  refunded: z
    .object({ pieces: z.int(), amount: Money })
    .optional()
    .meta({ description: "How many of its pieces were refunded, and for how much of the total. Absent: none." }),
  deliverables: z.array(Deliverable).optional(),
}).meta({ id: "OrderLine", description: "One product of an order." });

export const OrderState = z
  .enum([
    "awaiting_payment",
    "expired",
    "fulfilling",
    "review",
    "fulfilled",
    "partly_fulfilled",
    "cancelled",
    "refunding",
    "refunded",
  ])
  .meta({
    description:
      "`awaiting_payment`: pay before `expiresAt` · `expired`: nobody did, and nothing was charged · `fulfilling`: paid, delivery is on its " +
      "way · `review`: paid, a person decides · `fulfilled`: everything is delivered, though some pieces of it may be refunded · " +
      "`partly_fulfilled`: the rest was refunded · `refunding`, `refunded`: the money is on its way back, or all of it came back · `cancelled`: nothing was charged, or " +
      "all was given back.",
  });

export const OrderPayment = z
  .object({
    id: z.string(),
    provider: z.string(),
    state: z.enum(PAYMENT_STATES).meta({
      description:
        "`created`: the provider may not know of it yet; repeat the request · `pending`: pay at `url`, `qr` or by `parameters` · `succeeded`: paid · " +
        "`failed`: the provider refused it · `closed`: nobody can pay it any more.",
    }),
    amount: Money,
    refunded: Money.meta({ description: "What the provider has given back." }),
    expiresAt: Time,
    url: z.string().optional().meta({ description: "The address at which the buyer pays." }),
    qr: z.string().optional().meta({ description: "The text that the buyer scans to pay." }),
    parameters: z
      .record(z.string(), z.string())
      .optional()
      .meta({ description: "What your page gives to the provider's client, which asks the buyer to pay." }),
  })
  .meta({ id: "OrderPayment", description: "The payment by which a buyer pays an order at a payment provider." });

export const Order = z
  .object({
    id: z.string(),
    state: OrderState,
    placedAt: Time,
    total: Money.meta({ description: "What it costs the channel." }),
    retailTotal: Money.meta({
      description: "What its buyer pays at checkout. What that is more than `total` is the channel's margin.",
    }),
    refunded: Money.meta({ description: "What went back of `total`." }),
    hasContact: z.boolean().meta({ description: "Whether it is known how to reach the buyer. It is shown to nobody." }),
    expiresAt: Time.optional().meta({ description: "Until when it can be paid, while it waits for that." }),
    payment: OrderPayment.optional().meta({
      description:
        "Where one order is answered that its buyer pays at a provider: the payment that counts, or the one to pay.",
    }),
    deliveryUrl: z.string().optional().meta({
      description:
        "The address of your buyer's page, for keys with `links:write`, where an order is placed. Who has it can see the codes: give it to your buyer alone.",
    }),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    lines: z.array(OrderLine),
  })
  .meta({
    id: "Order",
    description: "What one Idempotency-Key has bought.",
    examples: [
      {
        id: `ord_${"0".repeat(26)}`,
        state: "fulfilled",
        placedAt: "2026-11-23T21:03:39.878Z",
        total: { amount: 1500, currency: "CNY" },
        retailTotal: { amount: 1800, currency: "CNY" },
        refunded: { amount: 0, currency: "CNY" },
        hasContact: false,
        reference: "your-order-1",
        lines: [
          {
            id: "1",
            productId: `prod_${"0".repeat(26)}`,
            productVersion: 1,
            name: "Music, one month",
            kind: "code",
            quantity: 1,
            unitPrice: { amount: 1500, currency: "CNY" },
            retailPrice: { amount: 1800, currency: "CNY" },
            net: { amount: 1500, currency: "CNY" },
            state: "fulfilled",
            deliverables: [{ codeId: `code_${"0".repeat(26)}`, secret: "ABCD-EFGH" }],
          },
        ],
      },
    ],
  });

export const DeliveryLink = z
  .object({
    deliveryUrl: z.string().meta({ description: "The buyer's page. Who has it can see the codes." }),
    expiresAt: Time,
  })
  .meta({ id: "DeliveryLink", description: "A link to the buyer's page of an order." });

export const GoodsFile = z
  .object({
    url: z.string().meta({ description: "The file: a line of JSON for each piece, as in a page of goods, encrypted." }),
    expiresAt: Time,
    pieces: z.int(),
    unreadable: z
      .int()
      .meta({ description: "So many more are named in the file, by `codeId`, and nobody can open them." }),
  })
  .meta({ id: "GoodsFile" });
