import * as z from "zod";

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

export const Lanes = z.object({ channelId: z.string(), currency: z.string(), lanes: z.int() }).meta({ id: "Lanes" });
