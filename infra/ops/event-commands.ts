import { eventConsumers } from "../../shared/dead-letters/catalogue.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { answersOf, stoppedAfter } from "./paged.ts";

/** Sends step after step. The answer says how many messages that were; also if a step failed, and from where to go on. */
async function replayEvents({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const { cursor, ...json } = options;
  const from = cursor === undefined ? {} : { cursor };
  let sent = 0;
  for await (const { answer, query } of answersOf(send, { method: "POST", path: REPLAYS, query: from, json })) {
    if (!answer.ok) return stoppedAfter(answer, { sent, ...query });
    sent += (answer.body as { sent: number }).sent;
  }
  return { ok: true, status: 200, body: { sent, nextCursor: null } };
}

const REPLAYS = "/admin/v1/events/replays";

/** What operators do with events that were told. */
export const eventCommands: Record<string, Command> = {
  "events replay": {
    options: {
      consumer: { required: true, about: "whose queue they go to", choices: eventConsumers },
      from: { required: true, about: "time of the first event, as in 2026-11-25T19:20:00Z" },
      to: { required: true, about: "events of this time and later are left out" },
      again: { about: "a name for this replay: the consumer takes each event once more under it" },
      cursor: { about: "where a replay that was broken off goes on" },
    },
    run: replayEvents,
  },
};
