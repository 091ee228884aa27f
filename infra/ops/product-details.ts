import { isObject } from "../../shared/kernel/merge.ts";
import type { Given, Options } from "./command.ts";
import { readText } from "./read-file.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** Fields of a product that no option has by itself. */
const DETAILED = [
  "names",
  "description",
  "redemption",
  "categories",
  "tags",
  "regions",
  "validity",
  "refundRule",
  "floor",
  "belowCost",
  "visibleTo",
  "priceRule",
];

export const details: Options = {
  details: {
    about: `more fields as JSON, or @FILE with that: ${DETAILED.join(", ")}`,
    fields: DETAILED.map((name) => `/${name}`),
  },
};

/** The fields that are said as JSON. Null takes one away. */
export async function detailsIn({ options: { details: said } }: Given): Promise<object> {
  if (said === undefined) return {};
  const parsed = parsedOf(said.startsWith("@") ? await readText(said.slice(1)) : said);
  if (!isObject(parsed)) throw new WrongUsage(`--details is an object of JSON, as in '{"tags": ["music"]}', or @FILE.`);
  const unknown = Object.keys(parsed).filter((name) => !DETAILED.includes(name));
  if (unknown.length > 0)
    throw new WrongUsage(`--details takes ${DETAILED.join(", ")}, and not ${unknown.join(", ")}.`);
  return parsed;
}

function parsedOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
