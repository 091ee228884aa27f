import * as z from "zod";
import { eventConsumers } from "../../../shared/dead-letters/catalogue.ts";
import { Time } from "../../fields.ts";
import type { Operations } from "../../runtime/operation.ts";

const operatorEvents = {
  replayEvents: {
    method: "POST",
    path: "/admin/v1/events/replays",
    // Where a step ends: the name of an object of the archive.
    pages: /^\d{4}-\d\d-\d\d\/\d\d\/[\w:.-]+$/,
    summary: "Send archived events to one consumer, a step at a time; it takes what it has not taken yet",
    query: z.strictObject({ cursor: z.string().max(500).optional() }),
    body: z.strictObject({
      consumer: z.enum(eventConsumers),
      from: Time.meta({ description: "The time of the first event." }),
      to: Time.meta({ description: "Events of this time and later are left out." }),
      again: z
        .string()
        .regex(/^[\w.-]{1,40}$/)
        .meta({ description: "A name for this replay: the consumer takes each event once more under it." })
        .optional(),
    }),
    command: {
      is: "events replay",
      summary: "Send archived events of a range of time to one consumer, which takes what it has not taken yet",
      own: "it sends step after step",
    },
    answer: {
      status: 200,
      description: "How many messages this step has sent; `nextCursor` is null after the last",
      schema: z.object({ sent: z.int(), nextCursor: z.string().nullable() }),
    },
    needs: {
      eventArchive: ["GetObject"],
      eventArchiveNames: ["ListBucket"],
      eventQueues: ["GetQueueUrl", "SendMessage"],
    },
    audit: { action: "events_replayed", subject: "{consumer}" },
  },
} as const satisfies Operations;

/** What operators call about events that were told. */
export const functions = { operatorEvents } as const;
