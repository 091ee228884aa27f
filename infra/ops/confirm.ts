import { createInterface } from "node:readline/promises";
import type { Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { WrongUsage } from "./wrong-usage.ts";

/**
 * Asks before something is done that can't be undone. On a terminal it names the effect and waits for a yes. Elsewhere a command
 * about one thing goes on, and one about many wants `--yes`.
 */
export async function isConfirmed({ asks }: Command, given: Given, send: Send): Promise<boolean> {
  if (asks === undefined || asks.isDue?.(given) === false) return true;
  const isTerminal = process.stdin.isTTY;
  if (!isTerminal && asks.isBulk?.(given) !== true) return true;
  const effect = await asks.effect(given, send);
  if (!isTerminal) throw new WrongUsage(`${effect} Say --yes to do it.`);
  return saysYes(`${effect} It can't be undone. Go on? [y/N] `);
}

/** Asked on standard error: standard output is for the answer. */
async function saysYes(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } finally {
    terminal.close();
  }
}
