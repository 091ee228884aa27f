import { Encoding } from "../../shared/stock-files/layout.ts";
import type { Given, Options } from "./command.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** How a file of codes is laid out, in the words of every command that reads one. */
export const layoutOptions: Options = {
  encoding: { choices: Encoding.options, about: "utf-8, gbk, utf-16le or utf-16be; a byte order mark counts more" },
  delimiter: { about: "what stands between columns: , ; | tab, or any other text, such as ----" },
  "no-quotes": { flag: true, about: "a quote is a character of its code" },
  "no-header": { flag: true, about: "the columns are named by their places, from 0" },
  secret: { about: "the column of the code", fields: ["/columns/secret"] },
  number: { about: "the column of the number that goes with it", fields: ["/columns/number"] },
  expires: { about: "the column of the expiry", fields: ["/columns/expiresAt"] },
  ignore: { about: "columns that say nothing about a code, with commas between; any other one refuses the file" },
  dates: { about: "how dates are written: ymd, dmy, mdy, serial or serial1904; RFC 3339 alone if not said" },
  "day-ends": { about: "the clock by which days end, as +08:00; UTC if not said" },
  "empty-numbers": { flag: true, about: "take codes without a number, also where --number names its column" },
  literal: { flag: true, about: "take codes as they stand, also such as 1.23E+15, #N/A or NULL" },
};

/** A column by its place if it is a number, else by its name. */
const column = (text: string): string | number => (/^\d+$/.test(text) ? Number(text) : text);

/** Without a header there are only the columns that are named, by their places. */
function columnsByPlace({ secret, number, expires }: Given["options"]): object {
  if (secret === undefined) throw new WrongUsage("Missing: --secret, the place of the code, from 0.");
  return {
    secret: wholeNumber("secret", secret),
    number: wholeNumber("number", number),
    expiresAt: wholeNumber("expires", expires),
  };
}

/** A column that has its usual name is read without being asked for, unless the operator ignores it. */
function columnsByName({ secret = "secret", number, expires, ignore }: Given["options"]): object {
  const ignored = ignoredBy(ignore);
  const named = (asked: string | undefined, usual: string) => {
    if (asked !== undefined) return column(asked);
    return ignored.includes(usual) ? undefined : usual;
  };
  return { secret: column(secret), number: named(number, "number"), expiresAt: named(expires, "expiresAt") };
}

const ignoredBy = (ignore: string | undefined): (string | number)[] =>
  ignore === undefined ? [] : ignore.split(",").map((one) => column(one.trim()));

/** Columns that the operator has asked for by the names that they have anyway. */
const requiredBy = ({ number, expires }: Given["options"]): string[] => [
  ...(number === "number" ? ["number"] : []),
  ...(expires === "expiresAt" ? ["expiresAt"] : []),
];

/** The layout as the API takes it. */
export function layoutOf({ options }: Given): object {
  const { format, encoding, delimiter, ignore, dates, "day-ends": dayEnds } = options;
  const isByPlace = options["no-header"] !== undefined;
  return {
    ...(format === undefined ? {} : { format }),
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter: delimiter === "tab" ? "\t" : delimiter }),
    ...(options["no-quotes"] === undefined ? {} : { quotes: false }),
    ...(isByPlace ? { header: false } : {}),
    columns: isByPlace ? columnsByPlace(options) : columnsByName(options),
    ...(requiredBy(options).length === 0 ? {} : { required: requiredBy(options) }),
    ...(ignore === undefined ? {} : { ignore: ignoredBy(ignore) }),
    ...(dates === undefined ? {} : { dates }),
    ...(dayEnds === undefined ? {} : { dayEnds }),
    ...(options["empty-numbers"] === undefined ? {} : { emptyNumbers: true }),
    ...(options["literal"] === undefined ? {} : { literal: true }),
  };
}

/** Is the file laid out as an import expects it by itself? Its encoding is known when it is read. */
export const isPlain = ({ options }: Given): boolean =>
  Object.keys(layoutOptions).every((name) => name === "encoding" || options[name] === undefined);
