import type { Operation } from "../../functions/runtime/operation.ts";
import type { OptionWords, Words } from "../../functions/runtime/words.ts";
import type { OperatorCall } from "./client.ts";
import type { Given, OneCall, Option, Options } from "./command.ts";
import { moneyOf, moneyText, type Said } from "./money.ts";
import { CURRENCY_OF, optionOf, type Reading, readingOf } from "./readings.ts";
import { type Field, fieldsOf, isMoney } from "./schema-fields.ts";
import { WrongUsage } from "./wrong-usage.ts";

type Part = "path" | "query" | "body";

/** An option, the field that it fills, and how its text is read. */
type Filled = Field & { part: Part; option: string; words: OptionWords; reading: Reading };

/** Makes the command of an operation: its options from the schemas, the call from the options. */
export function describedCommand(operation: Operation, words: Words): OneCall {
  // Schemas are looked at when the command is: most runs are about one of sixty.
  let made: Filled[] | undefined;
  const filled = (): Filled[] => {
    made ??= filledOf(operation, words);
    return made;
  };
  const moneys = () => filled().filter(({ schema }) => isMoney(schema));
  return {
    get options() {
      return optionsOf(filled(), words);
    },
    get amounts() {
      const some = moneys();
      return some.length === 0 ? undefined : (given: Given) => saidIn(given, some);
    },
    summary: words.summary ?? operation.summary,
    ...(words.argument === undefined ? {} : { argument: argumentName(words.argument) }),
    ...(words.columns === undefined ? {} : { columns: words.columns }),
    // An answer that is not the usual one says that somebody else must say the same.
    ...(operation.answer.or?.status === 202 ? { answers: "by a second person" as const } : {}),
    ...(operation.idempotent === undefined ? {} : { takesKey: true as const }),
    ...(words.effect === undefined
      ? {}
      : { asks: { effect: (given) => effectOf(words.effect ?? "", given, moneys()) } }),
    call: async (given) => callOf(operation, words, filled(), given),
  };
}

/** `productId` is PRODUCT. */
const argumentName = (member: string): string => member.replace(/Id$/, "").toUpperCase();

function filledOf({ params, query, body }: Operation, { argument, options = {}, fixed = {} }: Words): Filled[] {
  const parts = [["path", params] as const, ["query", query] as const, ["body", body] as const];
  return parts.flatMap(([part, schema]) => {
    const fields = schema === undefined ? [] : fieldsOf(schema);
    return fields.flatMap((field): Filled[] => {
      const name = field.path.join(".");
      const words = options[name] ?? {};
      if (words === false || name === argument || name in fixed) return [];
      return [{ ...field, part, words, option: words.as ?? optionName(field), reading: readingOf(field, words) }];
    });
  });
}

/** `whenEmpty` is --when-empty, `productId` is --product, and `holdSeconds` is --hold. */
function optionName({ path }: Field): string {
  const kebab = (path.at(-1) ?? "").replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return kebab.replace(/-(id|seconds)$/, "");
}

function optionsOf(filled: readonly Filled[], { fixed = {} }: Words): Options {
  const named = filled.flatMap((one): [string, Options[string]][] => {
    const { option, words } = one;
    const own = optionOf(one, one.part, words);
    const { opposite } = words;
    if (one.isNullable)
      return [
        [option, own],
        [`no-${option}`, takesAway(option, own)],
      ];
    if (opposite === undefined) return [[option, own]];
    return [
      [option, { ...own, flag: true }],
      [opposite, { flag: true, about: `not --${option}`, fields: own.fields ?? [] }],
    ];
  });
  const moneys = filled.filter(({ schema, path }) => isMoney(schema) && !(`${path.join(".")}.currency` in fixed));
  const currency = moneys.length === 0 ? [] : [["currency", CURRENCY_OF(moneys)] as [string, Options[string]]];
  return Object.fromEntries([...named, ...currency].toSorted((a, b) => placeOf(a) - placeOf(b)));
}

/** The flag that says null. */
const takesAway = (option: string, { fields = [] }: Option): Option => ({
  flag: true,
  about: `take away what --${option} has set`,
  fields,
});

/** Options that must be said come first, and those of a page last. */
const placeOf = ([name, option]: readonly [string, Options[string]]): number =>
  option?.required === true ? 0 : name === "limit" || name === "cursor" ? 2 : 1;

async function callOf(
  { method, path, query, body }: Operation,
  { argument = "", fixed = {} }: Words,
  filled: readonly Filled[],
  given: Given,
): Promise<OperatorCall> {
  const asked = query?.shape[argument] === undefined ? {} : { [argument]: given.argument };
  const values = { path: { [argument]: given.argument }, query: asked, body: structuredClone(fixed) };
  for (const one of filled) {
    const value = await valueOf(one, given);
    if (value !== undefined) setAt(values[one.part], one.path, value);
  }
  return {
    method,
    path: path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values.path[name] ?? "")),
    ...(query === undefined ? {} : { query: values.query }),
    ...(body === undefined ? {} : { json: values.body }),
  };
}

/** What an option says. In a query all is text. */
async function valueOf({ option, words, part, reading, isNullable }: Filled, given: Given): Promise<unknown> {
  const { opposite } = words;
  if (opposite !== undefined) {
    const [isOn, isOff] = [given.options[option] !== undefined, given.options[opposite] !== undefined];
    if (isOn && isOff) throw new WrongUsage(`--${option} and --${opposite} contradict each other.`);
    return isOn || isOff ? isOn : undefined;
  }
  const text = given.options[option];
  if (isNullable && given.options[`no-${option}`] !== undefined) {
    if (text !== undefined) throw new WrongUsage(`--${option} and --no-${option} contradict each other.`);
    return null;
  }
  if (text === undefined) return undefined;
  const value = await reading(option, text, given);
  return part === "query" ? String(value) : value;
}

function setAt(target: Record<string, unknown>, [name = "", ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[name] = value;
  else setAt((target[name] ??= {}) as Record<string, unknown>, rest, value);
}

const saidIn = (given: Given, moneys: readonly Filled[]): Said[] =>
  moneys.flatMap(({ option }) => (given.options[option] === undefined ? [] : [moneyOf(given, option)]));

/** The effect in a sentence, with what was said in place of the names in braces. */
function effectOf(effect: string, given: Given, moneys: readonly Filled[]): string {
  return effect.replaceAll(/\{([\w-]+)\}/g, (_, name: string) => {
    if (moneys.some(({ option }) => option === name)) return moneyText(moneyOf(given, name));
    return given.options[name] ?? given.argument;
  });
}
