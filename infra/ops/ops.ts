import { Problem } from "../local/problems.ts";
import { accessTo, localStack } from "./access.ts";
import { type Asked, readArguments } from "./arguments.ts";
import { type OperatorAnswer, operatorClient } from "./client.ts";
import { areAmountsMeant, isConfirmed } from "./confirm.ts";
import { EXIT, exitOf } from "./exit.ts";
import { helpFor } from "./help.ts";
import { keyedSender } from "./keyed.ts";
import { withOptions } from "./named-errors.ts";
import { written } from "./output.ts";
import { callAllPages } from "./paged.ts";
import { WrongUsage } from "./wrong-usage.ts";

const notConfirmed = { code: "not_confirmed", detail: "Nothing was done." };

/** What is wrong with the words is said before anybody is called. */
async function carryOut(asked: Asked): Promise<OperatorAnswer> {
  const { command, given, stack, key, yes } = asked;
  if (command.onLocalStack !== undefined) return command.onLocalStack(given, await localStack(stack));
  const first = command.run === undefined ? await command.call(given) : undefined;
  const access = await accessTo(stack);
  const call = operatorClient(access);
  const isMeant = await areAmountsMeant(command, asked, call);
  if (!isMeant) return { ok: false, status: 0, body: notConfirmed };
  if (!yes && !(await isConfirmed(command, given, call))) return { ok: false, status: 0, body: notConfirmed };
  const send = command.takesKey === true ? keyedSender(call, key) : call;
  if (command.run !== undefined) return command.run(given, send, access);
  if (first === undefined) throw new Error("a command makes a call or runs");
  return callAllPages(command, first, send);
}

async function obey(argv: readonly string[]): Promise<void> {
  const asked = readArguments(argv);
  const answer = withOptions(asked.command, asked.given.options, await carryOut(asked));
  process.stdout.write(`${written(answer, asked.output, process.stdout.isTTY)}\n`);
  process.exitCode = exitOf(asked.command, answer);
}

// Exit 0: done; 1: refused, and the problem is printed, also when every line was; 2: wrong usage; 3: done in part; 4: waits for
// somebody else. With --json one JSON value on standard output and nothing else.
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
  process.exitCode = isUsage ? EXIT.wrongUsage : EXIT.refused;
}
