import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../../infra/ops/commands.ts";

// What the documents tell people to type.

const EVERYWHERE = ["json", "output", "stack", "help", "key", "yes"];
const nouns = [...new Set(Object.keys(commands).map((words) => words.split(" ")[0] ?? ""))];

/** The command lines of a document: behind `npm run ops --`, or in a code span that begins with a noun and a verb. */
function linesIn(text: string): string[] {
  const typed = [...text.matchAll(/npm run (?:--silent )?ops -- ([a-z-]+ [^`\n]*)/g)].map(([, line = ""]) => line);
  const spans = [...text.matchAll(/`((?:[a-z-]+) [a-z-]+(?: [^`\n]*)?)`/g)].map(([, span = ""]) => span);
  return [...typed, ...spans.filter((span) => nouns.includes(span.split(" ")[0] ?? "") && isLikeOne(span))];
}

/** Words of prose begin like a command too; those with options or arguments behind a verb are meant as one. */
const isLikeOne = (span: string): boolean => / --|[A-Z]{3}/.test(span) || Object.hasOwn(commands, span);

function wrongIn(line: string): string[] {
  const [noun = "", verb = ""] = line.split(/[\s|;)]+/);
  if (!nouns.includes(noun)) return [];
  const command = commands[`${noun} ${verb}`];
  if (command === undefined) return [`${line}: no such command`];
  const said = [...(line.split(/ # | {2}#|;/)[0]?.matchAll(/(?<=\s|\[)--([a-z][a-z-]*)/g) ?? [])].map(
    ([, name = ""]) => name,
  );
  const known = [...Object.keys(command.options), ...EVERYWHERE];
  return said.filter((name) => !known.includes(name)).map((name) => `${line}: no option --${name}`);
}

const documents = globSync("{*.md,{infra,functions,shared,test}/**/*.md}").filter((file) => file !== "CHANGELOG.md");

test.each(documents)("%s names only commands and options that there are", (file) => {
  expect(linesIn(readFileSync(file, "utf8")).flatMap(wrongIn)).toEqual([]);
});

test("it sees a command and an option that there isn't", () => {
  const text = "`npm run ops -- stock cuont --product P` and `products list --limt 3`, but not `stock of ours`";
  expect(linesIn(text).flatMap(wrongIn)).toEqual([
    "stock cuont --product P: no such command",
    "products list --limt 3: no option --limt",
  ]);
});
