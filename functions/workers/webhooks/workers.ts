import { read } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  hearWebhooks: {
    failing: "Channels are not told what happens to their orders and deposits, until the events are replayed.",
    trigger: "events",
    queue: "hear-webhooks",
    of: ["order", "product", "channel", "dispute", "deposit", "webhook"],
    maxConcurrency: 10,
    needs: {
      // Events of products go to all channels.
      webhooks: ["Query", "BatchGetItem"],
      listedIndex: ["Query"],
      webhookDeliveries: ["PutItem", "UpdateItem"],
      webhookQueue: ["SendMessage"],
    },
  },
  sendWebhooks: {
    failing: "Webhooks are not sent: channels don't know what happens to their orders.",
    trigger: "queue",
    queue: "send-webhooks",
    // Each call serves one endpoint: so many slow ones leave room for the others.
    maxConcurrency: 50,
    batchSize: 1,
    needs: {
      webhooks: ["GetItem", "UpdateItem"],
      webhookDeliveries: [...read, "UpdateItem"],
      listedIndex: ["Query"],
      // What the channel itself calls its order or deposit.
      ordersTable: ["GetItem"],
      webhookKey: ["Decrypt"],
      webhookQueue: ["SendMessage"],
      eventBus: ["PutEvents"],
    },
  },
  webhooksSchedule: {
    failing: "Webhooks that were not taken are not sent again.",
    trigger: "schedule",
    jobs: {
      sweepWebhooks: {
        everyMinutes: 1,
        needs: { webhooks: read, listedIndex: ["Query"], webhookQueue: ["SendMessage"] },
      },
    },
  },
} as const satisfies Workers;
