import { refuseOtherCurrency } from "./choices.ts";
import type { OperatorCall } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { DURATION, secondsOf } from "./duration.ts";
import { amountOf, type Said } from "./money.ts";
import { readJson } from "./read-file.ts";
import { WrongUsage } from "./wrong-usage.ts";

const path = "/admin/v1/settings/reviews";

/** The limits by currency, as in `CNY=100000,EUR=20000`; `EUR=none` takes one away. */
function amounts(name: string, text: string): Record<string, number | null | undefined> {
  const pairs = text.split(",").map((pair) => {
    const [currency = "", amount, ...more] = pair.split("=");
    if (more.length > 0) throw new WrongUsage(`--${name} is CURRENCY=AMOUNT, and not ${pair}.`);
    refuseOtherCurrency(name, currency);
    return [currency, amount === "none" ? null : amountOf(name, amount ?? "", currency)] as const;
  });
  const limits = Object.fromEntries(pairs);
  if (Object.keys(limits).length < pairs.length) throw new WrongUsage(`--${name} names a currency twice.`);
  return limits;
}

function limitsSaid({ options: { "two-people-from": from } }: Given): Said[] {
  if (from === undefined) return [];
  return Object.entries(amounts("two-people-from", from)).map(([currency, amount]) => ({
    amount: amount ?? undefined,
    currency,
  }));
}

async function set({ options }: Given): Promise<OperatorCall> {
  const from = options["two-people-from"];
  const said = {
    ...(from === undefined ? {} : { twoPeopleFrom: amounts("two-people-from", from) }),
    ...(options["decide-within"] === undefined
      ? {}
      : { decideWithinSeconds: secondsOf("decide-within", options["decide-within"]) }),
    ...(options["people"] === undefined ? {} : { people: await readJson(options["people"]) }),
    ...(options["reset"] === undefined ? {} : { reset: true }),
  };
  if (Object.keys(said).length === 0) throw new WrongUsage("Say what to set, or --reset.");
  return { method: "POST", path, json: said };
}

/** The rule refunds at its next look what waits for longer. */
const decidesWithin = ({ options }: Given): string =>
  `It refunds by rule all that nobody decides within ${secondsOf("decide-within", options["decide-within"])} s, also what waits now.`;

/** How reviews are decided. */
export const settingsCommands: Record<string, Command> = {
  "settings set": {
    amounts: limitsSaid,
    asks: { isDue: ({ options }) => options["decide-within"] !== undefined, effect: decidesWithin },
    options: {
      "two-people-from": { about: "amounts by currency: CNY=1000.00,EUR=20000; EUR=none for the platform's" },
      "decide-within": {
        about: `until what nobody decided is refunded by rule, ${DURATION}`,
        fields: ["/decideWithinSeconds"],
      },
      people: { about: "JSON file: which principal is which person; null for nobody" },
      reset: { flag: true, about: "what is not said goes back to what the platform comes with" },
    },
    call: set,
  },
};
