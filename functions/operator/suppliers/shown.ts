import * as z from "zod";
import { protocolNames } from "../../../shared/suppliers/registry.ts";
import { Time } from "../../fields.ts";

const supplier = {
  id: z.string(),
  name: z.string(),
  protocol: z.enum(protocolNames),
  baseUrl: z.string(),
  callbackUrl: z.string().optional(),
  timeoutMs: z.int(),
  answerWithinSeconds: z.int(),
  unknownSeconds: z.int(),
  inFlightSeconds: z.int().optional(),
};

export const Supplier = z
  .object(supplier)
  .meta({ id: "Supplier", description: "A supplier, without its credentials." });

export const NewlyMade = z
  .object({ ...supplier, warnings: z.array(z.enum(["baseUrl_is_a_sandbox"])).optional() })
  .meta({ id: "NewSupplier", description: "A supplier, without its credentials." });

/** An amount as a supplier says it, in a currency that we may not sell in. */
const Amount = z.object({ amount: z.int(), currency: z.string() });

const Offer = z
  .object({
    supplierId: z.string(),
    supplierProductId: z.string(),
    name: z.string().optional(),
    cost: Amount.optional(),
    stock: z.number().optional(),
    onSale: z.boolean(),
    unread: z
      .string()
      .optional()
      .meta({ description: "This field could not be read; nothing else is known of it now." }),
    at: Time.meta({ description: "When the supplier said so." }),
  })
  .meta({ id: "Offer", description: "What a supplier said last of one thing that it sells." });

const OfferChange = z
  .object({ at: Time, supplierProductId: z.string(), before: Offer.optional(), after: Offer })
  .meta({ id: "OfferChange", description: "Without `before` it is new." });

export const SyncAsked = z
  .object({
    supplierId: z.string(),
    askedAt: Time.meta({
      description: "What was read after that is in the list of changes, and then `completedAt` is later.",
    }),
  })
  .meta({ id: "SyncAsked", description: "A supplier's catalogue will be read." });

export const Sync = z
  .object({
    supplierId: z.string().optional().meta({ description: "Absent: the catalogue was never read." }),
    startedAt: Time.optional(),
    askedAt: Time.optional(),
    completedAt: Time.optional().meta({ description: "When the last complete reading began." }),
    failedAt: Time.optional(),
    reason: z.string().optional(),
    items: z.int().optional(),
    changed: z.int().optional(),
    leftOut: z
      .object({ count: z.int(), first: z.array(z.object({ name: z.string(), field: z.string() })) })
      .optional()
      .meta({ description: "Products that could not be read: how many, and the first of them." }),
    balances: z.array(Amount).optional().meta({ description: "What we could spend there." }),
    balancesReadAt: Time.optional(),
    data: z.array(OfferChange).meta({ description: "What changed, newest first." }),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: "Sync", description: "How a supplier's catalogue was read last, and what changed." });
