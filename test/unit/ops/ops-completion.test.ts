import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { commands } from "../../../infra/ops/commands.ts";
import { completionFor } from "../../../infra/ops/completion.ts";

// What a real bash completes with the script that `completion bash` prints.

let script = "";
beforeAll(() => {
  script = join(mkdtempSync(join(tmpdir(), "vouchsafe-completion-")), "ops.sh");
  writeFileSync(script, completionFor("bash", commands));
});

/** What bash proposes for the last of some words. */
function proposed(...words: string[]): string[] {
  const asks = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ops; printf "%s\\n" "${COMPREPLY[@]}"';
  const said = execFileSync("bash", ["-c", asks, "bash", script, "ops", ...words], { encoding: "utf8" });
  return said.split("\n").filter((line) => line !== "");
}

test.each([
  ["a noun", ["prod"], ["products"]],
  ["all verbs of a noun", ["pools", ""], ["list", "create", "set"]],
  ["a verb", ["stock", "void"], ["void", "void-expired", "void-code"]],
  ["an option", ["orders", "list", "--sta"], ["--state", "--stack"]],
  ["a value", ["products", "create", "--kind", "to"], ["topup"]],
  ["an output", ["rates", "list", "--output", "c"], ["csv"]],
  ["a shell", ["completion", ""], ["bash", "zsh"]],
])("%s", (_what, words, expected) => {
  expect(proposed(...words)).toEqual(expected);
});

test("a file, where an option takes one", () => {
  expect(proposed("stock", "upload", "--file", script.slice(0, -1))).toEqual([script]);
});

test("every option of every command", () => {
  for (const [words, { options }] of Object.entries(commands))
    for (const name of Object.keys(options))
      expect(completionFor("zsh", commands)).toMatch(new RegExp(`"${words}"\\) words="[^"]*--${name}[ "]`));
});
