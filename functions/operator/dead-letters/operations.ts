import * as z from "zod";
import { deadLetterQueues } from "../../../shared/dead-letters/catalogue.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { settleMoney, wake } from "../../needs.ts";
import type { Operations } from "../../runtime/operation.ts";
import { Letter, Replays } from "./shown.ts";

const operatorDeadLetters = {
  listDeadLetters: {
    method: "GET",
    path: "/admin/v1/dead-letters",
    summary: "What could not be processed, with the reason: a sample of each queue",
    query: z.strictObject({ queue: z.enum(deadLetterQueues).optional() }),
    command: { is: "dead-letters list" },
    answer: {
      status: 200,
      description: "The letters",
      schema: z.object({ data: z.array(Letter), nextCursor: z.null() }),
    },
    needs: { deadLetters: ["GetQueueUrl", "ReceiveMessage"], failures: ["GetItem"] },
  },
  replayDeadLetters: {
    method: "POST",
    path: "/admin/v1/dead-letters/{queue}/replays",
    summary: "Do again what dead letters were about, and delete those that it was done for; safe to repeat",
    params: z.strictObject({ queue: z.enum(deadLetterQueues) }),
    body: z.strictObject({ max: z.int().min(1).max(LIMITS.lettersPerReplay).default(LIMITS.lettersPerReplay) }),
    command: { is: "dead-letters replay", options: { max: { about: "letters at most, 100 unless said" } } },
    answer: { status: 200, description: "What came of each", schema: Replays },
    needs: {
      deadLetters: ["GetQueueUrl", "ReceiveMessage", "DeleteMessage"],
      deadLetterSources: ["GetQueueUrl", "SendMessage"],
      ordersTable: [...wake, "GetItem", "UpdateItem"],
      unfinishedIndex: ["Query"],
      ledgerTable: settleMoney,
      salesLog: ["PutObject"],
      failures: ["GetItem"],
      watchQueue: ["SendMessage"],
      eventBus: ["PutEvents"],
      eventArchive: ["PutObject"],
    },
    audit: { action: "dead_letters_replayed", subject: "{queue}" },
  },
} as const satisfies Operations;

/** What operators call about messages that could not be processed, by the functions that answer. */
export const functions = { operatorDeadLetters } as const;
