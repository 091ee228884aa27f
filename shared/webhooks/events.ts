import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of an endpoint of webhooks. */
export const webhookEvents = {
  /** It is called no more until somebody enables it: nothing was taken for three days, or it said that it is gone. */
  "webhook.disabled": z.object({
    channelId: z.string(),
    endpointId: z.string(),
    reason: z.enum(["failing", "gone"]),
  }),
} as const;

export type WebhookEvent = EventsOf<typeof webhookEvents>;
