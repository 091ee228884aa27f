import * as z from "zod";
import { Scope } from "../../../shared/channels/table.ts";
import { Money } from "../../../shared/kernel/money.ts";
import type { UsageLimits } from "../../../shared/usage/model.ts";
import { Account } from "../../account.ts";
import { Time } from "../../fields.ts";

const PerDay = z.int().optional();

const Limits = z
  .object({
    requests: z
      .object({ quota: z.int(), windowSeconds: z.int() })
      .nullable()
      .optional()
      .meta({ description: "So many requests in so many seconds. Null: nobody counts them." }),
    ordersPerDay: PerDay,
    codesPerDay: PerDay.meta({ description: "Pieces that may be ordered in a day." }),
    revealsPerDay: PerDay.meta({ description: "Codes that may be shown again in a day." }),
    amountPerDay: z.array(Money).optional().meta({ description: "What orders may cost in a day." }),
    products: z
      .array(z.object({ productId: z.string(), codesPerDay: z.int() }))
      .optional()
      .meta({ description: "Codes of single products that may be ordered in a day." }),
  })
  .meta({ id: "Limits", description: "How much the API may be used. What is absent has no limit of its own." });

export const ChannelLimits = z.object({ channelId: z.string(), limits: Limits }).meta({ id: "ChannelLimits" });
export const KeyLimits = z.object({ keyId: z.string(), limits: Limits }).meta({ id: "KeyLimits" });

const Signing = z
  .object({ publicKey: z.string(), accepts: z.enum(["signed", "any"]) })
  .meta({ description: "The public key that its requests are signed by, in Base64url, and whether it takes others." });
export const KeySigning = z.object({ keyId: z.string(), signing: Signing.optional() }).meta({ id: "KeySigning" });

/** Limits as operators see them. */
export function shownLimits({ amountPerDay, productPerDay, ...rest }: UsageLimits): z.input<typeof Limits> {
  const amounts = Object.entries(amountPerDay ?? {}).map(([currency, amount]) => ({ amount, currency }));
  const products = Object.entries(productPerDay ?? {}).map(([productId, codesPerDay]) => ({ productId, codesPerDay }));
  return {
    ...rest,
    ...(amounts.length === 0 ? {} : { amountPerDay: amounts }),
    ...(products.length === 0 ? {} : { products }),
  };
}

const channel = {
  id: z.string(),
  name: z.string(),
  createdAt: Time.optional(),
  returnHosts: z
    .array(z.string())
    .optional()
    .meta({ description: "The hosts to which its buyers may be sent back after they have paid." }),
  unpaidLimit: z.int().nullable().optional().meta({
    description: "How many unpaid orders it may have at a time. Absent: 1,000; null: as many as come.",
  }),
  tiers: z.array(z.string()).optional().meta({ description: "Whose prices it pays, and whose products it sees." }),
  frozen: z.boolean().optional().meta({ description: "Whether its keys open nothing for now. Absent: they work." }),
  limits: Limits.optional().meta({ description: "Those of all its keys together. Absent: 6,000 requests a minute." }),
};

export const Channel = z.object(channel).meta({ id: "Channel" });

export const ChannelWithMoney = z.object({ ...channel, account: Account }).meta({ id: "ChannelWithMoney" });

export const Key = z
  .object({
    keyId: z.string(),
    scopes: z.array(Scope),
    addresses: z.array(z.string()).optional().meta({ description: "Where it may be used. Absent, or none: anywhere." }),
    limits: Limits.optional().meta({ description: "Its own, beside those of its channel." }),
    signing: Signing.optional(),
    createdAt: Time.optional(),
    endsAt: Time.optional().meta({ description: "When it stops working, because another one has taken its place." }),
    revokedAt: Time.optional().meta({ description: "Since when it opens nothing." }),
    usedAt: Time.optional().meta({ description: "When it was last used; may be five minutes behind." }),
    usedFrom: z.string().optional().meta({ description: "From which address, then." }),
  })
  .meta({ id: "Key", description: "An API key by its name. The key itself is kept nowhere." });

export const NewChannel = z
  .object({
    id: z.string(),
    name: z.string(),
    keyId: z.string().optional(),
    apiKey: z.string().optional().meta({ description: "Told this once; a repeat does not tell it." }),
  })
  .meta({ id: "NewChannel" });

export const NewKey = z
  .object({
    keyId: z.string(),
    apiKey: z.string().optional().meta({ description: "Told this once; a repeat does not tell it." }),
  })
  .meta({ id: "NewKey" });

export const RotatedKey = z
  .object({
    keyId: z.string(),
    apiKey: z.string().optional().meta({ description: "Told this once; a repeat does not tell it." }),
    replaces: z.string().meta({ description: "The key whose place it takes." }),
    endsAt: Time.meta({ description: "Until when that one works." }),
  })
  .meta({ id: "RotatedKey" });

export const KeyAddresses = z
  .object({ keyId: z.string(), addresses: z.array(z.string()) })
  .meta({ id: "KeyAddresses" });

export const ReturnHosts = z.object({ channelId: z.string(), hosts: z.array(z.string()) }).meta({ id: "ReturnHosts" });

export const UnpaidLimit = z.object({ channelId: z.string(), limit: z.int().nullable() }).meta({ id: "UnpaidLimit" });
export const Tiers = z.object({ channelId: z.string(), tiers: z.array(z.string()) }).meta({ id: "Tiers" });

export const Frozen = z.object({ channelId: z.string(), frozen: z.boolean() }).meta({ id: "Frozen" });

export const Lanes = z.object({ channelId: z.string(), currency: z.string(), lanes: z.int() }).meta({ id: "Lanes" });

export const DepositReversal = z
  .object({
    channelId: z.string(),
    reference: z.string(),
    money: Money,
    state: z.enum(["proposed", "reversed"]).meta({
      description: "`proposed`: somebody else must say the same · `reversed`: the money has left the account.",
    }),
  })
  .meta({ id: "DepositReversal" });
