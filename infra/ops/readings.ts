import type { OptionWords } from "../../functions/runtime/words.ts";
import { poolIdOf } from "../../shared/inventory/model.ts";
import { CURRENCIES } from "../../shared/kernel/currencies.ts";
import { CURRENCY } from "./choices.ts";
import type { Given, Option } from "./command.ts";
import { DURATION, durationOf, secondsOf } from "./duration.ts";
import { MONEY, moneyOf } from "./money.ts";
import { readJson } from "./read-file.ts";
import { type Field, isMoney, type Schema } from "./schema-fields.ts";
import { wholeNumber } from "./whole-number.ts";
import { WrongUsage } from "./wrong-usage.ts";
import { yesOrNo } from "./yes-or-no.ts";

/** Reads what was typed behind an option as the value of its field. */
export type Reading = (name: string, text: string, given: Given) => unknown;

/** What kind of value a field has, and so how it is typed. */
type Kind =
  | "money"
  | "currency"
  | "duration"
  | "number"
  | "word or number"
  | "yes or no"
  | "list"
  | "file"
  | "pool"
  | "time"
  | "text";

function kindOf({ path, schema }: Field, { pool }: OptionWords): Kind {
  if (pool === true) return "pool";
  if (isMoney(schema)) return "money";
  if (schema.description === "ISO 4217 code.") return "currency";
  if (schema.type === "integer") return path.at(-1)?.endsWith("Seconds") === true ? "duration" : "number";
  if (schema.type === "boolean") return "yes or no";
  if (schema.type === "array") return "list";
  if (schema.type === "object") return "file";
  if (schema.format === "date-time") return "time";
  return schema.anyOf?.some(({ type }) => type === "integer") === true ? "word or number" : "text";
}

const READINGS: Readonly<Record<Kind, Reading>> = {
  money: (name, _text, given) => {
    const money = moneyOf(given, name);
    if (money.currency === undefined) throw new WrongUsage("Missing: --currency, of the amount.");
    return money;
  },
  currency: (_name, text) => text,
  duration: (name, text) => secondsOf(name, text),
  number: (name, text) => wholeNumber(name, text),
  "word or number": (name, text) => (/^[a-z]/i.test(text) ? text : wholeNumber(name, text)),
  "yes or no": (name, text) => yesOrNo(name, text),
  list: (_name, text) => (text === "" ? [] : text.split(",")),
  file: (_name, text) => readJson(text),
  pool: (name, text, given) => poolNamed(name, text, given),
  // The API says what is wrong with one that is neither.
  time: (name, text) => (/^\d+[smhd]$/.test(text) ? ago(durationOf(name, text)) : text),
  text: (_name, text) => text,
};

const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();

export const readingOf = (field: Field, words: OptionWords): Reading => READINGS[kindOf(field, words)];

/** How each kind is typed, for help. */
const TYPED: Partial<Record<Kind, string>> = {
  money: MONEY,
  currency: CURRENCY.about,
  duration: DURATION,
  "yes or no": "yes or no",
  file: "a JSON file",
  time: "RFC 3339, or how long ago, as 7d",
  pool: "total, channel:ID, campaign:NAME, or the pool's own name",
};

/** An option, as its field and its words describe it. */
export function optionOf(field: Field, part: string, words: OptionWords): Option {
  const { path, schema, isRequired } = field;
  const kind = kindOf(field, words);
  const choices = choicesOf(kind, schema);
  // What money is needs no words: how it is typed says so.
  const about = words.about ?? (kind === "money" ? undefined : told(schema.description)) ?? idOf(path);
  const isListed = words.about === undefined || kind === "list";
  const listed = isListed ? choices?.join(", ") : undefined;
  const typed = kind === "list" ? "with commas between" : TYPED[kind];
  const parts = {
    what: kind === "currency" ? words.about : about,
    how:
      typed !== undefined && words.about?.includes(typed) !== true && words.opposite === undefined ? typed : undefined,
    which: kind === "currency" ? undefined : listed,
  };
  return {
    ...(isRequired ? { required: true } : {}),
    about:
      Object.values(parts)
        .filter((part) => part !== undefined)
        .join("; ") ||
      (path.at(-1) ?? ""),
    fields: [`${part === "body" ? "" : `/${part}`}/${path.join("/")}`],
    ...(choices === undefined ? {} : { choices }),
    ...(kind === "list" ? { many: true as const } : {}),
    ...(words.usual === undefined ? {} : { usual: words.usual }),
  };
}

function choicesOf(kind: Kind, { enum: words, items }: Schema): readonly string[] | undefined {
  if (kind === "currency") return CURRENCIES;
  const known = kind === "list" ? items?.enum : words;
  return known?.every((one) => typeof one === "string") === true ? known : undefined;
}

/** A description begins small in a line of help, and has no quotes of code and no full stop. */
function told(description: string | undefined): string | undefined {
  const text = description?.replaceAll("`", "").replace(/\.$/, "");
  return text === undefined ? undefined : text.charAt(0).toLowerCase() + text.slice(1);
}

/** What an id is the id of. */
function idOf(path: readonly string[]): string | undefined {
  const [, of] = /^([a-z]+)Id$/.exec(path.at(-1) ?? "") ?? [];
  return of === undefined ? undefined : `the ${of}'s id`;
}

/** The currency beside one or more amounts. */
export const CURRENCY_OF = (moneys: readonly Field[]): Option => ({
  ...CURRENCY,
  ...(moneys.some(({ isRequired }) => isRequired) ? { required: true } : {}),
  about: moneys.length > 1 ? "ISO 4217, of all amounts" : CURRENCY.about,
  fields: moneys.map(({ path }) => `/${path.join("/")}/currency`),
});

/** A pool by its own name, or by its owner: a channel or a campaign has one pool of each product. */
function poolNamed(name: string, text: string, { options, argument }: Given): string {
  const said = text.startsWith("chan_") ? `channel:${text}` : text;
  const [, kind, subject = ""] = /^(channel|campaign):(.+)$/s.exec(said) ?? [];
  if (kind === "channel" || kind === "campaign")
    return poolIdOf(options["product"] ?? argument, { kind, subject: subject.trim() });
  if (text.includes(":")) throw new WrongUsage(`--${name} is total, channel:ID, campaign:NAME, or a pool's name.`);
  return text;
}
