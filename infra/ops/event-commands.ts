import { eventConsumers } from "../../shared/dead-letters/catalogue.ts";
import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { sumOfSteps } from "./paged.ts";

/** Sends step after step. The answer says how many messages that were. */
async function replayEvents({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const { cursor, ...json } = options;
  const query = cursor === undefined ? {} : { cursor };
  return sumOfSteps(send, { method: "POST", path: "/admin/v1/events/replays", query, json }, ["sent"]);
}

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
