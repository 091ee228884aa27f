import type { Command } from "./command.ts";
import { wholeNumber } from "./whole-number.ts";

/** What an operator does about messages and records that could not be processed. */
export const deadLetterCommands: Record<string, Command> = {
  "dead-letters list": {
    options: { queue: { about: "only this one: callbacks, watch, start-fulfilment, …" } },
    call: ({ options: { queue } }) => ({
      method: "GET",
      path: "/admin/v1/dead-letters",
      query: queue === undefined ? {} : { queue },
    }),
  },
  "dead-letters replay": {
    options: {
      queue: { required: true, about: "callbacks, watch, start-fulfilment, …" },
      max: { about: "letters at most, 100 unless said" },
    },
    call: ({ options }) => ({
      method: "POST",
      path: `/admin/v1/dead-letters/${encodeURIComponent(options["queue"] ?? "")}/replays`,
      json: { max: wholeNumber("max", options["max"]) },
    }),
  },
};
