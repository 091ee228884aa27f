import { appendFile } from "node:fs/promises";
import type { LocalStack } from "../local/stack-file.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { answersOf, stoppedAfter } from "./paged.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** Sends step after step. The answer says how many deliveries that were; also if a step failed, and from where to go on. */
async function replay({ argument, options }: Given, send: Send): Promise<OperatorAnswer> {
  const { channel = "", cursor, ...json } = options;
  const path = `/admin/v1/channels/${encodeURIComponent(channel)}/webhook-endpoints/${encodeURIComponent(argument)}/replays`;
  const from = cursor === undefined ? {} : { cursor };
  let sent = 0;
  for await (const { answer, query } of answersOf(send, { method: "POST", path, query: from, json })) {
    if (!answer.ok) return stoppedAfter(answer, { sent, ...query });
    sent += (answer.body as { sent: number }).sent;
  }
  return { ok: true, status: 200, body: { sent, nextCursor: null } };
}

/** What operators do with webhooks that takes more than one call. */
export const webhookCommands: Record<string, Command> = {
  "webhooks replay": {
    argument: "ENDPOINT",
    options: {
      channel: { required: true, about: "whose endpoint it is", fields: ["/path/channelId"] },
      from: { required: true, about: "time of the first delivery, as in 2026-11-25T19:20:00Z" },
      to: { required: true, about: "deliveries of this time and later are left out" },
      cursor: { about: "where a replay that was broken off goes on", fields: ["/query/cursor"] },
    },
    run: replay,
  },
};

/** A receiver on this machine. The name must not lead elsewhere tomorrow, so only these are known. */
const RECEIVER = /^(localhost|127(\.\d{1,3}){3}|\[::1\]):\d{1,5}$/;

/** Lets a local stack call a receiver of webhooks on this machine, by its exact host and port. */
async function allow({ argument }: Given, { receiversFile }: LocalStack): Promise<OperatorAnswer> {
  if (receiversFile === undefined)
    throw new WrongUsage("Receivers are allowed on a local stack that `npm start` keeps up, and on no other.");
  if (!RECEIVER.test(argument))
    throw new WrongUsage("A receiver is an address of this machine and its port, as 127.0.0.1:3000.");
  await allowReceiver(receiversFile, argument);
  return { ok: true, status: 200, body: { allowed: argument } };
}

/** Adds a receiver to the file that names those which a local stack may call. */
export async function allowReceiver(file: string, receiver: string): Promise<void> {
  await appendFile(file, `${receiver}\n`);
}

/** What concerns a local stack alone. */
export const receiverCommands: Record<string, Command> = {
  "webhooks allow": {
    summary: "Let the local stack post webhooks to a receiver on this machine, as 127.0.0.1:3000",
    argument: "RECEIVER",
    options: {},
    onLocalStack: allow,
  },
};
