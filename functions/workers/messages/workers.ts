import { TELLING_EVENTS } from "../../../shared/messages/model.ts";
import { reachSenders, read } from "../../needs.ts";
import type { Workers } from "../../runtime/worker.ts";

export const workers = {
  sendMessages: {
    failing: "Buyers are not told what happens to their orders.",
    trigger: "queue",
    queue: "send-messages",
    hears: { reachable: true, types: TELLING_EVENTS },
    // A call waits for a sender: so many slow ones leave room for sales.
    maxConcurrency: 20,
    needs: {
      ordersTable: ["GetItem"],
      messages: ["Query", "GetItem", "PutItem", "UpdateItem"],
      ...reachSenders,
      // Contacts are opened here, to be written to.
      personalKey: ["Decrypt"],
      recognitionKey: ["GenerateMac"],
      // Messages carry the link to the order's page.
      linkKey: ["GenerateMac"],
    },
  },
  messagesSchedule: {
    failing: "Messages to buyers that could not be sent are not sent again.",
    trigger: "schedule",
    jobs: {
      sweepMessages: {
        everyMinutes: 1,
        needs: { messages: read, listedIndex: ["Query"], messageQueue: ["SendMessage"] },
      },
      sweepTold: {
        everyMinutes: 5,
        needs: {
          ordersTable: ["GetItem"],
          messages: ["GetItem", "PutItem", "Query"],
          senders: ["GetItem"],
          eventArchive: ["GetObject"],
          eventArchiveNames: ["ListBucket"],
          messageQueue: ["SendMessage"],
        },
      },
    },
  },
} as const satisfies Workers;
