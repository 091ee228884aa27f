import { Problem } from "../local/problems.ts";
import { accessTo } from "./access.ts";
import { readArguments } from "./arguments.ts";
import { type OperatorAnswer, operatorClient } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { helpFor } from "./help.ts";
import { callAllPages } from "./paged.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** What is wrong with the words is said before anybody is called. */
async function carryOut(command: Command, given: Given, stack: string | undefined): Promise<OperatorAnswer> {
  const first = command.run === undefined ? await command.call(given) : undefined;
  const access = await accessTo(stack);
  const send = operatorClient(access);
  if (command.run !== undefined) return command.run(given, send, access);
  if (first === undefined) throw new Error("a command makes a call or runs");
  return callAllPages(command, first, send);
}

async function obey(argv: readonly string[]): Promise<void> {
  const { command, given, json, stack } = readArguments(argv);
  const answer = await carryOut(command, given, stack);
  process.stdout.write(`${JSON.stringify(answer.body, null, json ? undefined : 2)}\n`);
  process.exitCode = answer.ok ? 0 : 1;
}

// Exit 0: done; 1: refused, and the problem is printed; 2: wrong usage. With --json one JSON value and nothing else.
const argv = process.argv.slice(2);
const help = helpFor(argv);
try {
  if (help === undefined) await obey(argv);
  else process.stdout.write(`${help}\n`);
} catch (error) {
  const isUsage = error instanceof WrongUsage || error instanceof Problem;
  const detail = error instanceof Error ? error.message : String(error);
  const problem = { code: isUsage ? "wrong_usage" : "not_reached", detail };
  if (argv.includes("--json")) process.stdout.write(`${JSON.stringify(problem)}\n`);
  else process.stderr.write(`${detail}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
