import { Problem } from "../local/problems.ts";
import { accessTo, localStack } from "./access.ts";
import { type Asked, readArguments } from "./arguments.ts";
import { checkCall, checkedSender, WrongFields } from "./checked.ts";
import { type OperatorAnswer, operatorClient } from "./client.ts";
import { commands } from "./commands.ts";
import { areAmountsMeant, isConfirmed } from "./confirm.ts";
import { EXIT, exitOf } from "./exit.ts";
import { helpFor } from "./help.ts";
import { keyedSender } from "./keyed.ts";
import { named, withOptions } from "./named-errors.ts";
import { written, wrongIn } from "./output.ts";
import { callAllPages } from "./paged.ts";
import { WrongUsage } from "./wrong-usage.ts";

const notConfirmed = { code: "not_confirmed", detail: "Nothing was done." };

/** What is wrong with the words is said before anybody is called. */
async function carryOut(asked: Asked): Promise<OperatorAnswer> {
  const { command, given, stack, key, yes } = asked;
  if (command.print !== undefined) return { ok: true, status: 200, body: command.print(commands) };
  if (command.onLocalStack !== undefined) return command.onLocalStack(given, await localStack(stack));
  const first = command.run === undefined ? await command.call(given) : undefined;
  if (first !== undefined) checkCall(first);
  const access = await accessTo(stack);
  const call = checkedSender(operatorClient(access));
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
  const { command, given, output } = asked;
  const answer = await carryOut(asked).catch((error: unknown) => {
    throw error instanceof WrongFields ? new WrongFields(named(command, given.options, error.errors)) : error;
  });
  const text = written(withOptions(command, given.options, answer), output, process.stdout.isTTY, command.columns);
  process.stdout.write(`${text}\n`);
  process.exitCode = exitOf(command, answer);
}

/** Whether an error must be JSON too, also when the command line could not be read. */
const wantsJson = (argv: readonly string[]): boolean =>
  argv.includes("--json") || argv.includes("--output=json") || argv[argv.indexOf("--output") + 1] === "json";

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
  const errors = error instanceof WrongFields ? { errors: error.errors } : {};
  const problem = { code: isUsage ? "wrong_usage" : "not_reached", detail, ...errors };
  if (wantsJson(argv)) process.stdout.write(`${JSON.stringify(problem)}\n`);
  else process.stderr.write(`${isUsage ? [detail, ...wrongIn(problem)].join("\n") : detail}\n`);
  process.exitCode = isUsage ? EXIT.wrongUsage : EXIT.refused;
}
