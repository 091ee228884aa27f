import * as z from "zod";
import { ProductKind } from "../../../shared/catalog/model.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Time } from "../../fields.ts";

export const Deliverable = z
  .object({
    codeId: z.string(),
    number: z.string().optional(),
    secret: z.string(),
    expiresAt: Time.optional().meta({ description: "Until when it can be redeemed. Absent: it does not expire." }),
  })
  .meta({ id: "Deliverable", description: "One code, in the clear." });

const LineState = z.enum(["fulfilling", "review", "fulfilled", "refunding", "refunded", "cancelled"]);

export const OrderLine = z
  .object({
    id: z.string(),
    productId: z.string(),
    productVersion: z.int().meta({ description: "The immutable version that was bought." }),
    name: z.string(),
    kind: ProductKind,
    quantity: z.int(),
    requested: z.int().optional().meta({ description: "How many were asked for, where there are fewer." }),
    unitPrice: Money,
    state: LineState,
    deliverables: z.array(Deliverable).optional(),
  })
  .meta({ id: "OrderLine" });

export const OrderState = z.enum([
  "awaiting_payment",
  "expired",
  "fulfilling",
  "review",
  "fulfilled",
  "partly_fulfilled",
  "cancelled",
  "refunding",
  "refunded",
]);

export const Order = z
  .object({
    id: z.string(),
    state: OrderState,
    placedAt: Time,
    total: Money,
    refunded: Money,
    expiresAt: Time.optional().meta({ description: "Until when it can be paid, while it waits for that." }),
    reference: z.string().optional(),
    metadata: z.record(z.string(), z.string()).optional(),
    lines: z.array(OrderLine),
  })
  .meta({ id: "Order" });

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
