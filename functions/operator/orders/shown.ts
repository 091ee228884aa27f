import * as z from "zod";
import { ProductKind } from "../../../shared/catalog/kinds.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { FLOWS } from "../../../shared/payments/contract.ts";
import { PHASES } from "../../../shared/pricing/promotion.ts";
import { Time } from "../../fields.ts";
import { Entry } from "../ledger/shown.ts";
import { AuditRecord } from "../shown.ts";

export const Attempt = z
  .object({
    reference: z.string().meta({ description: "What we call it at the supplier. A repeat is recognised by it." }),
    supplierId: z.string(),
    supplierProductId: z.string(),
    supplierOrderId: z.string().optional(),
    cost: Money.optional().meta({ description: "The expected cost of one piece. Absent: nobody knew." }),
    rate: z
      .object({ to: z.string(), rate: z.string(), at: Time })
      .optional()
      .meta({ description: "The rate by which `cost` was compared with the price, and since when it was set." }),
    charged: Money.optional().meta({ description: "What the supplier charged for all pieces, as it says." }),
    booked: z
      .object({ cost: Money, at: Time, backAt: Time.optional() })
      .optional()
      .meta({ description: "The cost that was booked when the supplier delivered; `backAt`: it took that back." }),
    placedAt: Time,
    placed: z.int().meta({ description: "How often it was placed." }),
    deadline: Time.meta({ description: "When an answer must have come." }),
    unknownUntil: Time.meta({ description: "How long it may be unknown. After that a person decides." }),
    unknownSeconds: z.int(),
    asked: z.int().meta({ description: "Questions asked since it was placed." }),
    nextAskAt: Time.optional(),
    notSent: z.int().optional().meta({ description: "Calls in a row that certainly did nothing." }),
    retryAt: Time.optional(),
    outcome: z
      .enum(["fulfilled", "partly", "accepted", "rejected", "reversed", "unknown", "never_heard", "not_sent"])
      .optional()
      .meta({
        description:
          "The supplier's last answer. `rejected` and `reversed` are final; `never_heard`: it knows no such order, and a request may " +
          "still be on its way; `not_sent`: the last call certainly did nothing.",
      }),
    reason: z.string().optional(),
  })
  .meta({ id: "Attempt", description: "One attempt at one supplier." });

const Raised = z.object({ key: z.string(), quantity: z.int(), endsAt: Time.optional() });

const Review = z.object({
  reason: z.string(),
  since: Time,
  lineId: z.string().optional(),
  execution: z.string().optional().meta({ description: "The run of the workflow that broke." }),
  refundId: z.string().optional().meta({ description: "The refund that its payment provider can't make." }),
  proposal: z
    .object({
      action: z.enum(["retry", "replace", "refund"]),
      substance: z.string(),
      by: z.string(),
      person: z.string().optional(),
      at: Time,
    })
    .optional()
    .meta({ description: "A decision that takes two people, as the first one made it." }),
  escalatedAt: Time.optional().meta({ description: "Nobody decided in time, and the rule must not refund." }),
});

const Run = z.object({
  range: z.string(),
  from: z.string(),
  slab: z.string(),
  pool: z.string(),
  first: z.int(),
  quantity: z.int(),
});
const Costs = z.array(z.object({ amount: z.int(), currency: z.string(), pieces: z.int() }));
const Places = z.object({ tickets: z.array(z.string()).optional(), reserved: z.array(Run).optional() });

const LineInside = z
  .object({
    id: z.string(),
    productId: z.string(),
    productVersion: z.int(),
    kind: ProductKind,
    name: z.string(),
    quantity: z.int(),
    unitPrice: z.int().meta({ description: "The list price of one piece, in minor units of the order's currency." }),
    retailPrice: z
      .int()
      .optional()
      .meta({ description: "What a buyer pays for one piece at checkout. Absent: the list price." }),
    net: z.int().meta({ description: "What all its pieces cost, after everything that was taken off." }),
    adjustments: z
      .array(
        z.object({
          promotionId: z.string(),
          version: z.int(),
          name: z.string(),
          phase: z.enum(PHASES),
          amount: z.int(),
          payer: z.string().optional(),
        }),
      )
      .optional()
      .meta({ description: "What promotions took off, or paid." }),
    paid: z
      .record(z.string(), z.int())
      .optional()
      .meta({ description: "What each payer pays. Absent: the channel pays the net." }),
    state: z.enum(["open", "placing", "accepted", "unknown", "review", "fulfilled", "unwinding", "returned"]).meta({
      description:
        "`open`: nothing bought yet · `placing`: a supplier may be hearing of it right now · `accepted`: the supplier works on it · " +
        "`unknown`: nobody can say · `review`: a person decides · `fulfilled`: delivered · `unwinding`: on its way back · " +
        "`returned`: goods and money went back.",
    }),
    cost: Costs.optional().meta({
      description: "What its codes from our stock have cost us, and of how many that is known.",
    }),
    costAt: Time.optional().meta({ description: "When that was booked, if it was after the sale." }),
    tickets: z.array(z.string()).optional().meta({ description: "The places of its codes." }),
    reserved: z
      .array(Run)
      .optional()
      .meta({ description: "Large orders: the runs of codes that were cut off for it." }),
    requested: z.int().optional().meta({ description: "How many were asked for, where there are fewer." }),
    restOf: z.string().optional().meta({ description: "The line of which a supplier delivered a part." }),
    attempt: Attempt.optional().meta({ description: "The attempt under way or made last." }),
    history: z.array(Attempt).optional().meta({ description: "The attempts before it." }),
    forgiven: z
      .int()
      .optional()
      .meta({ description: "Attempts before this one don't count against their source: an operator retried since." }),
    waits: z.object({ since: Time, until: Time }).optional().meta({ description: "No source can be tried before." }),
    source: z
      .object({ supplierId: z.string(), supplierProductId: z.string() })
      .optional()
      .meta({ description: "Where an operator said to buy it." }),
    back: z
      .object({ pieces: z.int(), cost: Costs.optional(), void: Places.optional() })
      .optional()
      .meta({ description: "Of its delivered pieces, those that were refunded; which codes of them are void." }),
    leaving: z
      .object({
        pieces: z.int(),
        places: Places.optional(),
        cost: Costs.optional(),
        isSeen: z.literal(true).optional(),
      })
      .optional()
      .meta({ description: "Of its delivered pieces, those that are on their way back." }),
    replaced: z
      .array(z.object({ productId: z.string(), productVersion: z.int(), kind: ProductKind, name: z.string() }))
      .optional()
      .meta({ description: "What was ordered, if an operator replaced it." }),
  })
  .meta({ id: "LineInside" });

export const OrderInside = z
  .object({
    id: z.string(),
    channelId: z.string(),
    version: z.int(),
    epoch: z.int().meta({ description: "Rises when a refused order is placed again with the same key." }),
    run: z.int().meta({ description: "How many runs of the workflow it has had." }),
    state: z.enum(ORDER_STATES).meta({
      description: "As it is inside: a state in …ing is the first of two steps, `open` is an order without goods yet.",
    }),
    draft: z.string().optional(),
    placedAt: Time,
    correlationId: z
      .string()
      .optional()
      .meta({ description: "The id in every log line that comes from the request that placed it." }),
    total: Money,
    lines: z.array(LineInside),
    hasContact: z.boolean().meta({ description: "Whether it is known how to reach the buyer." }),
    expiresAt: Time.optional().meta({ description: "Until when its codes are held." }),
    heldAt: Time.optional(),
    holding: z.array(Raised).optional().meta({ description: "The counters of unpaid orders that it has raised." }),
    limited: z.array(Raised).optional().meta({ description: "The counters of limits that it has raised." }),
    acceptLess: z.literal(true).optional(),
    campaign: z.string().optional(),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    fundedBy: z.array(z.string()).optional().meta({ description: "What paid: one nonce for each payer." }),
    checkout: z
      .object({
        provider: z.string(),
        amount: z.int(),
        margin: z.int().optional().meta({ description: "How much of that the channel earns." }),
        flow: z.enum(FLOWS).optional(),
        payer: z.string().optional().meta({ description: "A short hash of what was said of who pays." }),
        paid: z.object({ id: z.string(), at: Time }).optional().meta({
          description: "The provider's name for what was paid, and when: of an order that was sold in one write by it.",
        }),
      })
      .optional()
      .meta({ description: "What its buyer pays at a payment provider, in minor units." }),
    alone: z
      .literal(true)
      .optional()
      .meta({ description: "It waits for its time to end: none of its payments can be made." }),
    payments: z.int().optional().meta({ description: "How many payments were begun for it." }),
    fundedLane: z.int().optional(),
    fundedAt: Time.optional(),
    revealed: z
      .object({ by: z.string(), at: Time, from: z.string(), requestId: z.string() })
      .optional()
      .meta({ description: "The first look at the goods: by which key, when, from which address." }),
    refusal: z.enum(["sold_out", "insufficient_funds", "payment_refused"]).optional(),
    refunded: z.int().meta({ description: "What went back so far, in minor units." }),
    refundedAt: z.array(Time).optional(),
    unwindingSince: Time.optional(),
    reopened: z
      .literal(true)
      .optional()
      .meta({ description: "Its delivery was over when the present round of refunds began." }),
    refunds: z
      .record(z.string(), z.object({ what: z.string(), round: z.int() }))
      .optional()
      .meta({ description: "The refunds of delivered pieces by their causes." }),
    stuck: z
      .array(z.object({ refundId: z.string(), paymentId: z.string(), reason: z.string(), since: Time }))
      .optional()
      .meta({ description: "Refunds that payment providers can't make." }),
    dropped: z.array(z.string()).optional(),
    review: Review.optional().meta({ description: "Why it waits for a person." }),
    promise: z.object({ withinSeconds: z.int(), whenLate: z.enum(["wait", "review"]) }).optional(),
    deliverBy: Time.optional(),
    overdue: z.literal(true).optional(),
    decided: z
      .object({ action: z.enum(["retry", "replace", "refund"]), by: z.enum(["operator", "rule"]), at: Time })
      .optional(),
    decidedWorth: z
      .record(z.string(), z.int())
      .optional()
      .meta({ description: "What operators gave away on it so far, by currency, in minor units." }),
  })
  .meta({ id: "OrderInside", description: "An order as operators see it: no recipient and no goods." });

export const OrderRow = z
  .object({
    id: z.string(),
    channelId: z.string(),
    state: z.enum(ORDER_STATES),
    placedAt: Time,
    total: Money,
    refunded: z.int().meta({ description: "In minor units." }),
    reference: z.string().optional(),
    campaign: z.string().optional(),
    overdue: z.literal(true).optional(),
  })
  .meta({ id: "OrderRow", description: "An order in a list." });

const Execution = z.object({
  execution: z.string(),
  status: z.string(),
  startedAt: Time.optional(),
  stoppedAt: Time.optional(),
});

export const Timeline = z
  .object({
    order: OrderInside,
    workflow: z.array(Execution).meta({ description: "The runs of its workflow that are still known." }),
    supplier: z.array(z.object({ lineId: z.string(), attempts: z.array(Attempt) })),
    money: z.object({
      pending: z
        .object({ amount: z.int(), at: Time })
        .optional()
        .meta({ description: "Set aside and not booked yet." }),
      entries: z.array(Entry),
    }),
    audit: z.array(AuditRecord),
  })
  .meta({ id: "Timeline", description: "An order's whole life." });

export const RotatedLink = z
  .object({
    id: z.string().meta({ description: "The order's." }),
    link: z.int().meta({ description: "Its number: 1 was the first." }),
    expiresAt: Time,
    isWritten: z.boolean().meta({ description: "Whether it is written to the buyer: there is a contact." }),
  })
  .meta({ id: "RotatedLink", description: "Which link to its buyer's page an order has. Never the link itself." });
