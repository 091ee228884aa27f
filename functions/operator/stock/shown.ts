import * as z from "zod";
import { Money } from "../../../shared/kernel/money.ts";
import { ORDER_STATES } from "../../../shared/orders/states.ts";
import { Time } from "../../fields.ts";

const counts = {
  available: z.int(),
  frozen: z.int().meta({ description: "Available, but their batch or pool is frozen." }),
  held: z.int(),
  sold: z.int(),
  void: z.int(),
  expired: z.int().meta({ description: "A part of `available`: codes whose expiry has passed." }),
  returning: z.int().meta({ description: "A part of `available`: codes that can't be bought just now." }),
};

export const Counts = z
  .object({
    imported: z.int(),
    ...counts,
    rows: z
      .array(z.object({ pool: z.string(), batchId: z.string(), ...counts }))
      .meta({ description: "The same by pool and batch." }),
    nextCursor: z.string().nullable(),
  })
  .meta({
    id: "StockCount",
    description: "A page of a count. Over all pages imported = available + frozen + held + sold + void.",
  });

const DifferenceKind = z
  .enum([
    "miscounted",
    "empty",
    "sold_ahead",
    "stranded",
    "overdue",
    "unlisted",
    "dangling",
    "uncatalogued",
    "lost",
    "missing",
    "surplus",
  ])
  .meta({
    id: "StockDifference",
    description: "How counters and slots contradict each other; the stock's README explains each.",
  });

export const Verification = z
  .object({
    slots: z.int(),
    codes: z.array(z.object({ batchId: z.string(), codes: z.int() })),
    differences: z.array(z.object({ at: z.string(), is: DifferenceKind, detail: z.string() })),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Verification" });

export const Pool = z
  .object({
    name: z.string().meta({ description: "`total` is the pool that everybody buys from." }),
    owner: z
      .object({ kind: z.enum(["channel", "campaign"]), subject: z.string() })
      .optional()
      .meta({ description: "Who buys from it." }),
    whenEmpty: z
      .enum(["stop", "borrow"])
      .optional()
      .meta({ description: "`stop`: sold out · `borrow`: codes of the total pool." }),
    lowBelow: z.int().optional(),
    left: z.int().meta({ description: "Can be bought." }),
    leftFrozen: z.int(),
    leftVoid: z.int(),
    frozen: z.boolean(),
    lanes: z.int(),
    level: z.enum(["ok", "low", "sold_out"]),
  })
  .meta({ id: "Pool" });

export const Batch = z
  .object({
    batchId: z.string(),
    productId: z.string(),
    imported: z.int(),
    slabs: z.array(z.object({ slab: z.string(), count: z.int() })),
    at: Time,
    unitCost: Money.optional().meta({ description: "What each of its codes has cost us." }),
    state: z.enum(["open", "frozen", "void", "mixed"]).meta({ description: "`mixed`: parts of it are in several." }),
    left: z.int().meta({ description: "Codes that nobody has drawn." }),
    leftFrozen: z.int(),
    leftVoid: z.int(),
  })
  .meta({ id: "Batch", description: "What one import has put into stock." });

export const Transferred = z.object({ quantity: z.int(), ranges: z.int() }).meta({ id: "Transferred" });

export const Closed = z
  .object({
    ranges: z.int(),
    codes: z.int(),
    kept: z.int().meta({ description: "Ranges of large orders, which stay as they are." }),
  })
  .meta({ id: "Closed", description: "How many ranges and codes it concerned." });

export const Released = z.object({ released: z.int(), nextCursor: z.string().nullable() }).meta({ id: "Released" });

export const Whereabouts = z
  .object({
    ticket: z.string().meta({ description: "The place where it lies." }),
    codeId: z.string(),
    batchId: z.string(),
    state: z.enum(["available", "held", "sold", "moved", "void"]),
    orderId: z.string().optional(),
    expiresAt: Time.optional(),
  })
  .meta({ id: "Whereabouts", description: "What is known of a code, without the code." });

const ToSettle = z
  .object({ orderId: z.string(), channelId: z.string(), state: z.enum(ORDER_STATES), total: Money })
  .meta({ id: "OrderToSettle", description: "An order that a person must look after." });

export const Restored = z
  .object({
    sold: z.int(),
    withheld: z.int(),
    moved: z.int(),
    lost: z.int(),
    lostOrders: z.array(ToSettle).meta({ description: "They took codes, and the orders table does not know that." }),
    ordersWithoutGoods: z.array(ToSettle).meta({ description: "Their codes are not where the orders look for them." }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Restored", description: "What one step did, in codes." });
