/**
 * `npm run mutants`: takes the rules out of a copy of the source, one at a time, and runs the tests that are about each: they
 * must fail. `npm run mutants -- restore` tries those whose rule says so. Each takes some ten to forty seconds.
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { localDir, root } from "../../infra/local/places.ts";
import { type Rule, rules } from "./rules.ts";

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

/** What the tests need; the packages and the engine's Python are the checkout's own. */
const COPIED = [
  "functions",
  "infra",
  "shared",
  "test",
  "cdk.json",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

function copyOfTheSource(): string {
  const copy = mkdtempSync(join(tmpdir(), "vouchsafe-mutants-"));
  for (const name of COPIED) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  symlinkSync(localDir, join(copy, ".local"));
  return copy;
}

/** What became of the tests: `killed` is what we want. */
type Outcome = "killed" | "survived" | "not applied" | "no tests" | "invalid";

function tryOne(copy: string, { file, from, to, red: [project, test, tests] }: Rule): Outcome {
  const path = join(copy, file);
  const source = readFileSync(path, "utf8");
  if (source.split(from).length !== 2) return "not applied";
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
  try {
    const words = ["vitest", "run", "--project", project, test, "-t", tests];
    const ran = spawnSync("npx", words, { cwd: copy, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
    // An expression that no table takes proves nothing.
    if (ran.stdout.includes("ValidationException")) return "invalid";
    if (/Tests +\d+ failed/.test(ran.stdout)) return "killed";
    return /Tests .*\d+ passed/.test(ran.stdout) ? "survived" : "no tests";
  } finally {
    writeFileSync(path, source);
  }
}

const [filter = ""] = process.argv.slice(2);
const copy = copyOfTheSource();
const outcomes = new Map<Outcome, number>();
try {
  for (const rule of rules.filter((one) => one.rule.includes(filter))) {
    const outcome = tryOne(copy, rule);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    say(`${outcome.padEnd(11)}  ${rule.rule}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const killed = outcomes.get("killed") ?? 0;
const others = [...outcomes.values()].reduce((sum, count) => sum + count, 0) - killed;
say(`\n${killed} rules were missed when they were taken out, ${others} were not.`);
process.exitCode = others === 0 && killed > 0 ? 0 : 1;
