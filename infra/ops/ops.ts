import { Problem } from "../local/problems.ts";
import { accessTo } from "./access.ts";
import { readArguments, WrongUsage } from "./arguments.ts";
import { operatorClient } from "./client.ts";

// Exit 0: done; 1: refused, and the problem is printed; 2: wrong usage. With --json one JSON value and nothing else.
try {
  const { command, given, json, stack } = readArguments(process.argv.slice(2));
  const send = operatorClient(await accessTo(stack));
  const answer = await send(await command.call(given));
  process.stdout.write(`${JSON.stringify(answer.body, null, json ? undefined : 2)}\n`);
  process.exitCode = answer.ok ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof WrongUsage || error instanceof Problem ? 2 : 1;
}
