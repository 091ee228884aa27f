import type { OperatorAnswer, Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { sumOfSteps } from "./paged.ts";

/** Erases step after step. The answer says how many orders were looked at, and how many held something again. */
async function replayErasures({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const { cursor, since } = options;
  const query = cursor === undefined ? {} : { cursor };
  const call = { method: "POST", path: "/admin/v1/buyers/erasure-replays", query, json: { since } } as const;
  return sumOfSteps(send, call, ["looked", "erased"]);
}

/** What operators do with what is known of people. */
export const buyerCommands: Record<string, Command> = {
  "buyers replay-erasures": {
    options: {
      since: { required: true, about: "the moment that the table was restored to, as in 2026-11-25T19:20:00Z" },
      cursor: { about: "where a replay that was broken off goes on" },
    },
    run: replayErasures,
  },
};
