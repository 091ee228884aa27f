import { root } from "../local/places.ts";
import type { Command, Options } from "./command.ts";
import { OUTPUTS } from "./output.ts";

/** What every command takes. */
const EVERYWHERE = ["--json", "--output", "--stack", "--help"];

/**
 * A script for a shell: `ops`, which calls the command line from any folder, and the completion of its nouns, verbs, options, values and
 * files. All of it is written down in the script, for a question to a program at each key would be slow.
 */
export function completionFor(shell: "bash" | "zsh", commands: Readonly<Record<string, Command>>): string {
  const names = Object.keys(commands).map((words) => words.split(" ") as [string, string]);
  const byNoun = Map.groupBy(names, ([noun]) => noun);
  const verbs = [...byNoun].map(([noun, of]) => `${noun}) words="${of.map(([, verb]) => verb).join(" ")}" ;;`);
  const options = Object.entries(commands).map(
    ([words, command]) => `"${words}") words="${optionsOf(command).join(" ")}" ;;`,
  );
  const values = Object.entries(commands).flatMap(([words, command]) => valuesOf(words, command.options));
  return [
    `# Completion of Vouchsafe's operator command line: source <(npm run --silent ops -- completion ${shell})`,
    ...(shell === "zsh" ? ["autoload -U +X compinit bashcompinit && compinit && bashcompinit"] : []),
    `ops() { npm run --silent --prefix "${root.replace(/\/$/, "")}" ops -- "$@"; }`,
    "_ops() {",
    '  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" noun="${COMP_WORDS[1]}" verb="${COMP_WORDS[2]}" words=""',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    words="${[...byNoun.keys()].join(" ")}"`,
    '  elif [ "$COMP_CWORD" -eq 2 ]; then',
    ...indented(['case "$noun" in', ...verbs, "esac"], 4),
    "  else",
    ...indented(['case "$noun $verb $prev" in', ...values], 4),
    `      *" --output") words="${OUTPUTS.join(" ")}" ;;`,
    `      *" --file"|*" --secret-file"|*" --credentials"|*" --people"|*" --stack")`,
    '        COMPREPLY=($(compgen -f -- "$cur")); return ;;',
    ...indented(['*) case "$noun $verb" in', ...options, "esac ;;"], 6),
    "    esac",
    "  fi",
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    "}",
    "complete -F _ops ops",
  ].join("\n");
}

const indented = (lines: readonly string[], by: number): string[] => lines.map((line) => `${" ".repeat(by)}${line}`);

function optionsOf({ options, takesKey, asks, amounts }: Command): string[] {
  return [
    ...Object.keys(options).map((name) => `--${name}`),
    ...(takesKey === true ? ["--key"] : []),
    ...((asks ?? amounts) === undefined ? [] : ["--yes"]),
    ...EVERYWHERE,
  ];
}

/** The values of the options that have a few. A colon would part a word in the shell's eyes, so those with one are left out. */
const valuesOf = (words: string, options: Options): string[] =>
  Object.entries(options).flatMap(([name, { choices, usual }]) => {
    const known = (choices ?? usual ?? []).filter((one) => !one.includes(":"));
    return known.length === 0 ? [] : [`"${words} --${name}") words="${known.join(" ")}" ;;`];
  });
