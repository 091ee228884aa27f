import * as z from "zod";
import { sendMessage } from "../../../shared/aws/send-message.ts";
import { answerSearch } from "../../../shared/deliveries/answer-search.ts";
import { linkTokens } from "../../../shared/secrecy/link-tokens.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { queueFunction } from "../../runtime/batch.ts";
import { dependenciesOfWorker, kmsClient, sqsClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.findOrders);
const kms = kmsClient();
const sqs = sqsClient();
const deps = {
  ...given,
  links: linkTokens(kms, env.LINK_KEY),
  recognise: recogniser(kms, env.RECOGNITION_KEY),
  write: (orderId: string, found: string) =>
    sendMessage(sqs, env.MESSAGE_QUEUE_URL, JSON.stringify({ orderId, found })),
};

/** What is looked for, by keyed hashes. */
const Search = z.strictObject({ person: z.string().max(60), reference: z.string().max(60) });

/** Looks for orders whose buyers have asked for them, and has them written a one-time link. */
export const handler = queueFunction("find-orders", "find-orders", Search, deps, async (search) => {
  for (const orderId of await answerSearch(deps, search)) log("order_found", { orderId });
});
