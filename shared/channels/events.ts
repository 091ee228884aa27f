import * as z from "zod";
import type { EventsOf } from "../events/event.ts";

/** Every event of a channel. */
export const channelEvents = {
  /** An operator made it; made, changed, rotated or revoked an API key of it; or said its return hosts, its limit of unpaid orders, its tiers, how much it may use the API, or whether it is frozen. */
  "channel.changed": z.object({
    channelId: z.string(),
    action: z.enum([
      "created",
      "key_created",
      "key_changed",
      "key_rotated",
      "key_revoked",
      "return_hosts_set",
      "unpaid_limit_set",
      "tiers_set",
      "limits_set",
      "frozen_set",
    ]),
  }),
} as const;

export type ChannelEvent = EventsOf<typeof channelEvents>;
