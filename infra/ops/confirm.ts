import { createInterface } from "node:readline/promises";
import type { Asked } from "./arguments.ts";
import type { Send } from "./client.ts";
import type { Command, Given } from "./command.ts";
import { isBelowOne, moneyBothWays, moneyText } from "./money.ts";
import { WrongUsage } from "./wrong-usage.ts";

/**
 * Echoes the amounts that a command line names, in both ways of writing them. On a terminal it asks about those below one of their
 * currency, unless the command asks about its effect anyway.
 */
export async function areAmountsMeant(command: Command, { given, yes, output }: Asked, send: Send): Promise<boolean> {
  const named = (await command.amounts?.(given, send)) ?? [];
  const amounts = named.filter(({ amount, currency }) => amount !== undefined && currency !== undefined);
  if (output !== "json") for (const money of amounts) process.stderr.write(`${moneyBothWays(money)}\n`);
  const isAskedAnyway = command.asks !== undefined && command.asks.isDue?.(given) !== false;
  const small = amounts.filter(isBelowOne);
  if (small.length === 0 || yes || isAskedAnyway || !process.stdin.isTTY) return true;
  return saysYes(`That is only ${small.map(moneyText).join(" and ")}. Go on? [y/N] `);
}

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
