import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { EXIT } from "./exit.ts";

const EVERYWHERE = "[--json] [--output json|table|csv] [--stack FILE|dev|prod]";

/** What somebody is shown who asks for help, of a command if one is named; undefined: nobody asks. */
export function helpFor(argv: readonly string[]): string | undefined {
  const isAlone = argv.length === 1 && isNoun(argv[0] ?? "");
  const isAsked = argv.length === 0 || argv[0] === "help" || argv.includes("--help") || argv.includes("-h");
  if (!isAlone && !isAsked) return undefined;
  const [noun = "", verb = ""] = argv.filter((word) => word !== "help" && !word.startsWith("-"));
  const words = `${noun} ${verb}`;
  const command = Object.hasOwn(commands, words) ? commands[words] : undefined;
  return command === undefined
    ? usage(noun)
    : `npm run ops -- ${synopsis(words, command)} ${EVERYWHERE}\n${summaryOf(command)}${about(command)}`;
}

const isNoun = (word: string): boolean => Object.keys(commands).some((words) => words.startsWith(`${word} `));

/** Every command, or those about one thing, with what they do. */
export function usage(noun = ""): string {
  const all = Object.entries(commands);
  const some = all.filter(([words]) => words.startsWith(`${noun} `));
  const lines =
    some.length === 0
      ? all.map(([words, command]) => `  ${synopsis(words, command)}`)
      : some.map(([words, command]) => `  ${synopsis(words, command)}\n      ${summaryOf(command)}`);
  const more = "What the options of one mean: npm run ops -- <noun> <verb> --help";
  return `npm run ops -- <noun> <verb> ${EVERYWHERE}\n${lines.join("\n")}\n${more}`;
}

function synopsis(words: string, { argument, options, takesKey, asks, amounts }: Command): string {
  const more = [takesKey === true ? "[--key …]" : undefined, (asks ?? amounts) === undefined ? undefined : "[--yes]"];
  const described = Object.entries(options).map(([name, { required, flag }]) => {
    const option = flag === true ? `--${name}` : `--${name} …`;
    return required === true ? option : `[${option}]`;
  });
  return [words, argument, ...described, ...more].filter((word) => word !== undefined).join(" ");
}

/** What a command does, in a sentence. What is a status of the API is an exit code here. */
const summaryOf = ({ summary = "" }: Command): string =>
  `${summary.replaceAll("`", "").replace("; 202 when", `; exit code ${EXIT.waits} when`)}.`;

const KEY = "the Idempotency-Key of a run that is to be repeated: what it has done is not done again";
const YES = "don't ask";

function about(command: Command): string {
  const options = {
    ...command.options,
    ...(command.takesKey === true ? { key: { about: KEY } } : {}),
    ...((command.asks ?? command.amounts) === undefined ? {} : { yes: { about: YES } }),
  };
  const width = Math.max(...Object.keys(options).map((name) => name.length));
  return Object.entries(options)
    .map(([name, option]) => `\n  --${name.padEnd(width)}  ${option.about}`)
    .join("");
}
