import * as z from "zod";
import { Scope } from "../../../shared/channels/table.ts";
import { Money } from "../../../shared/kernel/money.ts";
import { Account } from "../../account.ts";
import { Time } from "../../fields.ts";

const channel = {
  id: z.string(),
  name: z.string(),
  createdAt: Time.optional(),
  returnHosts: z
    .array(z.string())
    .optional()
    .meta({ description: "The hosts to which its buyers may be sent back after they have paid." }),
};

export const Channel = z.object(channel).meta({ id: "Channel" });

export const ChannelWithMoney = z.object({ ...channel, account: Account }).meta({ id: "ChannelWithMoney" });

export const Key = z
  .object({
    keyId: z.string(),
    scopes: z.array(Scope),
    createdAt: Time.optional(),
    revokedAt: Time.optional().meta({ description: "Since when it opens nothing." }),
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

export const ReturnHosts = z.object({ channelId: z.string(), hosts: z.array(z.string()) }).meta({ id: "ReturnHosts" });

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
