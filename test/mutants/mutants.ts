/**
 * `npm run mutants`: takes the rules out of a copy of the source, one at a time, and runs the tests that are about each: they
 * pass before, and must fail then. `npm run mutants -- restore` tries those whose rule, file or test says so. Each takes some ten seconds.
 */
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../infra/local/places.ts";
import { hasSecondEngine } from "../support/engine/has-second-engine.ts";
import type { Rule } from "./rule.ts";
import { rules } from "./rules.ts";

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** What the tests need; the packages are the checkout's own. */
const COPIED = ["functions", "infra", "shared", "test", "cdk.json", "package.json", "tsconfig.json"];

/** A test that never ends is stopped by its own time limit long before. */
const RUN_MS = 10 * 60_000;

function copyOfTheSource(): string {
  const copy = mkdtempSync(join(tmpdir(), "vouchsafe-mutants-"));
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

/** Whether a rule is missed must not be luck. */
const SEED_OF_THE_MODEL = "1";

/** What became of the tests, by name, and why. `isCutOff`: they ran too long and were stopped, so nobody knows. */
type Ran = { passed: string[]; failed: string[]; why: string; isCutOff: boolean };

/** The part of Vitest's report that we read. */
type Report = {
  testResults: {
    message?: string;
    assertionResults: { status: string; title: string; failureMessages?: string[] }[];
  }[];
};

function run(copy: string, file: string, tests: string): Ran {
  const report = join(copy, "report.json");
  rmSync(report, { force: true });
  const words = ["vitest", "run", "--config", "test/mutants/vitest.config.ts", file, "-t", tests];
  const reporter = ["--reporter=json", `--outputFile=${report}`];
  const env = { ...process.env, SEED: SEED_OF_THE_MODEL };
  const { signal } = spawnSync("npx", [...words, ...reporter], { cwd: copy, env, timeout: RUN_MS });
  const isCutOff = signal !== null;
  if (!existsSync(report)) return { passed: [], failed: [], why: "", isCutOff };
  const { testResults } = JSON.parse(readFileSync(report, "utf8")) as Report;
  const results = testResults.flatMap(({ assertionResults }) => assertionResults);
  const titles = (status: string): string[] => results.filter((one) => one.status === status).map(({ title }) => title);
  const why = [
    ...testResults.map(({ message = "" }) => message),
    ...results.flatMap((one) => one.failureMessages ?? []),
  ];
  return { passed: titles("passed"), failed: titles("failed"), why: why.join("\n"), isCutOff };
}

/** An expression that no table takes proves nothing, nor does code that does not run. */
const NOT_THE_RULE = /ValidationException|ReferenceError|SyntaxError|TypeError/;

/**
 * What became of a rule: `killed` is what we want. `cut off`: its tests were stopped after `RUN_MS`, with the rule or without it, so they say
 * nothing · `no tests`: none has the name that the rule gives, or none could be loaded.
 */
type Outcome = "killed" | "survived" | "not applied" | "no tests" | "cut off" | "invalid" | "red before";

function tryOne(copy: string, { file, from, to, red: [test, tests] }: Rule): [Outcome, string?] {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) return ["not applied"];
  const asItIs = outcomeBefore(copy, test, tests);
  if (asItIs !== "survived") return [asItIs];
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    const { passed, failed, why, isCutOff } = run(copy, test, tests);
    if (NOT_THE_RULE.test(why)) return ["invalid", NOT_THE_RULE.exec(why)?.[0] ?? ""];
    if (failed.length > 0) return ["killed", failed.join("; ")];
    return [isCutOff ? "cut off" : passed.length > 0 ? "survived" : "no tests"];
  } finally {
    writeFileSync(path, source);
  }
}

/** Several rules may have the same tests. */
const before = new Map<string, Outcome>();

/** The tests must pass while the rule is there, or their failing says nothing about it. */
function outcomeBefore(copy: string, test: string, tests: string): Outcome {
  const name = `${test} ${tests}`;
  const known = before.get(name);
  if (known !== undefined) return known;
  const { passed, failed, isCutOff } = run(copy, test, tests);
  const outcome = failed.length > 0 ? "red before" : passed.length > 0 ? "survived" : isCutOff ? "cut off" : "no tests";
  before.set(name, outcome);
  return outcome;
}

function tryAll(chosen: readonly Rule[]): Outcome[] {
  const copy = copyOfTheSource();
  try {
    return chosen.map((rule) => {
      const [outcome, detail] = tryOne(copy, rule);
      say(`${outcome.padEnd(11)}  ${rule.rule}${detail === undefined ? "" : `\n${" ".repeat(13)}${detail}`}`);
      return outcome;
    });
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

if (!hasSecondEngine) say("The second engine exists for Linux on x64 only, and nothing can be tried without it.");
const [filter = ""] = process.argv.slice(2);
const chosen = rules.filter(({ rule, file, red: [test] }) => [rule, file, test].some((it) => it.includes(filter)));
const outcomes = hasSecondEngine ? tryAll(chosen) : [];
const killed = outcomes.filter((outcome) => outcome === "killed").length;
say(`\n${killed} rules were missed when they were taken out, ${outcomes.length - killed} were not.`);
process.exitCode = killed === outcomes.length && killed > 0 ? 0 : 1;
