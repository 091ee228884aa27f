import { parseArgs } from "node:util";
import { refuseOtherChoices } from "./choices.ts";
import type { Command, Given } from "./command.ts";
import { commands } from "./commands.ts";
import { usage } from "./help.ts";
import { didYouMean } from "./nearest.ts";
import { OUTPUTS, type Output } from "./output.ts";
import { WrongUsage } from "./wrong-usage.ts";

export type Asked = {
  command: Command;
  given: Given;
  output: Output | undefined;
  stack: string | undefined;
  key: string | undefined;
  yes: boolean;
};

/** Reads `<noun> <verb> [ARGUMENT] [--option value] [--json] [--stack NAME]`. */
export function readArguments(argv: readonly string[]): Asked {
  const [noun = "", verb = "", ...rest] = argv;
  const words = verb.startsWith("-") ? noun : `${noun} ${verb}`;
  const command = Object.hasOwn(commands, words) ? commands[words] : undefined;
  if (command === undefined) throw noCommand(noun, verb);
  const { values, positionals } = parse(command, rest);
  const missing = Object.entries(command.options).filter(
    ([name, { required }]) => required === true && values[name] === undefined,
  );
  if (missing.length > 0) throw new WrongUsage(`Missing: ${missing.map(([name]) => `--${name}`).join(", ")}.`);
  const most = command.argument === undefined ? 0 : 1;
  const least = command.argument?.startsWith("[") === true ? 0 : most;
  if (positionals.length < least || positionals.length > most)
    throw new WrongUsage(`Expected ${command.argument ?? "no argument"} after "${noun} ${verb}".`);
  const options = Object.fromEntries(
    Object.keys(command.options).map((name) => [name, values[name] === undefined ? undefined : String(values[name])]),
  );
  refuseOtherChoices(command.options, options);
  const stack = typeof values["stack"] === "string" ? values["stack"] : undefined;
  const key = typeof values["key"] === "string" ? values["key"] : undefined;
  if (key !== undefined && !/^[\x20-\x7e]{1,200}$/.test(key))
    throw new WrongUsage("--key must be 1 to 200 printable ASCII characters.");
  const given = { options, argument: positionals[0] ?? "" };
  return { command, given, output: outputIn(values), stack, key, yes: values["yes"] === true };
}

function outputIn({ json, output }: { json?: unknown; output?: unknown }): Output | undefined {
  if (output === undefined) return json === true ? "json" : undefined;
  const found = OUTPUTS.find((one) => one === output);
  if (found === undefined) throw new WrongUsage(`--output must be one of ${OUTPUTS.join(", ")}.`);
  if (json === true && found !== "json") throw new WrongUsage(`--json and --output ${found} contradict each other.`);
  return found;
}

/** Proposes the nearest command, and shows those about the same thing; or else only what things there are. */
function noCommand(noun: string, verb: string): WrongUsage {
  const words = `${noun} ${verb.startsWith("-") ? "" : verb}`.trim();
  const known = Object.keys(commands);
  const nouns = [...new Set(known.map((one) => one.split(" ")[0] ?? ""))];
  const near = nouns.includes(noun) ? known.filter((one) => one.startsWith(`${noun} `)) : known;
  const question = didYouMean(words, near, (one) => `"${one}"`);
  const told = nouns.includes(noun) ? usage(noun) : `What there is: ${nouns.join(", ")}. All commands: npm run ops`;
  return new WrongUsage(`There is no command "${words}"${question || "."}\n\n${told}`);
}

/** A value may begin with a dash, as `--delimiter ----` and `--day-ends -05:00`: it is joined to its option, so that it is no other one. */
function withDashes(args: readonly string[], options: Record<string, { type: string }>): string[] {
  const isOption = (word: string): boolean => Object.hasOwn(options, word.slice(2).split("=")[0] ?? "");
  const joined: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const [word = "", next] = args.slice(at, at + 2);
    const takesValue = word.startsWith("--") && options[word.slice(2)]?.type === "string";
    const isValue = takesValue && next?.startsWith("-") === true && !isOption(next);
    joined.push(isValue ? `${word}=${next}` : word);
    if (isValue) at += 1;
  }
  return joined;
}

/** Only the last value would count, and the others would be dropped without a word. */
function refuseRepeated(tokens: readonly { kind: string; name?: string; value?: unknown }[]): void {
  const named = tokens.flatMap(({ kind, name = "", value }) =>
    kind === "option" && value !== undefined ? [name] : [],
  );
  const repeated = named.find((name, index) => named.indexOf(name) < index);
  if (repeated !== undefined) throw new WrongUsage(`--${repeated} is said twice.`);
}

function parse(command: Command, args: string[]) {
  const own = Object.entries(command.options).map(([name, { flag }]) => [
    name,
    { type: flag === true ? "boolean" : "string" },
  ]);
  const everywhere = { json: { type: "boolean" }, output: { type: "string" }, stack: { type: "string" } };
  const key = command.takesKey === true ? { key: { type: "string" } } : {};
  const yes = (command.asks ?? command.amounts) === undefined ? {} : { yes: { type: "boolean" } };
  const options = { ...Object.fromEntries(own), ...everywhere, ...key, ...yes } as Record<
    string,
    { type: "boolean" | "string" }
  >;
  try {
    const parsed = parseArgs({ args: withDashes(args, options), options, allowPositionals: true, tokens: true });
    refuseRepeated(parsed.tokens);
    return parsed;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const [, unknown] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
    if (code !== "ERR_PARSE_ARGS_UNKNOWN_OPTION" || unknown === undefined) throw new WrongUsage(message);
    const question = didYouMean(unknown, Object.keys(options), (one) => `--${one}`);
    throw new WrongUsage(`There is no option --${unknown} here${question || "."}`);
  }
}
