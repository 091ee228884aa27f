import { sendMessage } from "../../../shared/aws/send-message.ts";
import { sweepMessages } from "../../../shared/messages/sweep.ts";
import { sweepTold } from "../../../shared/messages/sweep-told.ts";
import { dependenciesOfJobs, s3Client, sqsClient } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { measure } from "../../runtime/metrics.ts";
import { scheduleFunction } from "../../runtime/schedule.ts";
import { workers } from "./workers.ts";

const { jobs } = workers.messagesSchedule;
const { env, deps: given } = dependenciesOfJobs(jobs);
const sqs = sqsClient();
const deps = {
  ...given,
  s3: s3Client(),
  eventArchive: env.EVENT_ARCHIVE,
  wake: (orderId: string) => sendMessage(sqs, env.MESSAGE_QUEUE_URL, JSON.stringify({ orderId })),
};

export const handler = scheduleFunction(jobs, {
  /** Has sent what is due, and measures how late the oldest of it is. */
  sweepMessages: async () => measure("MessagesLateSeconds", await sweepMessages(deps)),

  /** Has told what no message was made of: its event was lost, or a call gave up. */
  sweepTold: async () => {
    const orders = await sweepTold(deps);
    if (orders > 0) log("messages_missing", { orders });
  },
});
