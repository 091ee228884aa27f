import type { OperatorAnswer, OperatorCall } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { readJson } from "./read-file.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

type Send = (call: OperatorCall) => Promise<OperatorAnswer>;

const path = "/admin/v1/settings/reviews";

/** The limits by currency, as in `CNY=100000,EUR=20000`. */
function amounts(name: string, text: string): Record<string, number | undefined> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [currency = "", amount] = pair.split("=");
      return [currency, wholeNumber(name, amount ?? "")];
    }),
  );
}

/** The API takes the settings as a whole: what is not said here stays, or one of them would loosen the other unseen. */
async function set({ options }: Given, send: Send): Promise<OperatorAnswer> {
  const from = options["two-people-from"];
  const said = {
    ...(from === undefined ? {} : { twoPeopleFrom: amounts("two-people-from", from) }),
    ...(options["decide-within"] === undefined
      ? {}
      : { decideWithinSeconds: wholeNumber("decide-within", options["decide-within"]) }),
    ...(options["people"] === undefined ? {} : { people: await readJson(options["people"]) }),
  };
  if (options["reset"] !== undefined) return send({ method: "POST", path, json: said });
  if (Object.keys(said).length === 0) throw new WrongUsage("Say what to set, or --reset.");
  const now = await send({ method: "GET", path });
  return now.ok ? send({ method: "POST", path, json: { ...(now.body as object), ...said } }) : now;
}

/** How reviews are decided. */
export const settingsCommands: Record<string, Command> = {
  "settings show": { options: {}, call: () => ({ method: "GET", path }) },
  "settings set": {
    options: {
      "two-people-from": { about: "minor units by currency, all of them: CNY=100000,EUR=20000" },
      "decide-within": { about: "seconds until what nobody decided is refunded by rule" },
      people: { about: "JSON file: which principal is which person, all of them" },
      reset: { flag: true, about: "what is not said goes back to what the platform comes with" },
    },
    run: set,
  },
};
