import { operations } from "../../functions/operator/operations.ts";
import type { Operation } from "../../functions/runtime/operation.ts";
import type { Words } from "../../functions/runtime/words.ts";
import { buyerCommands } from "./buyer-commands.ts";
import { clockCommands } from "./clock-commands.ts";
import type { Command } from "./command.ts";
import { completionFor } from "./completion.ts";
import { describedCommand } from "./described.ts";
import { eventCommands } from "./event-commands.ts";
import { importCommands } from "./import-commands.ts";
import { ledgerCommands } from "./ledger-commands.ts";
import { migrateCommands } from "./migrate-commands.ts";
import { orderCommands } from "./order-commands.ts";
import { productCommands } from "./product-commands.ts";
import { reviewCommands } from "./review-commands.ts";
import { settingsCommands } from "./settings-commands.ts";
import { statementCommands } from "./statement-commands.ts";
import { stockCommands } from "./stock-commands.ts";
import { receiverCommands, webhookCommands } from "./webhook-commands.ts";

/** Those that take more than a call as it is described: a file, a loop, or a look at something first. */
export const ownCommands: Record<string, Command> = {
  ...productCommands,
  ...stockCommands,
  ...importCommands,
  ...eventCommands,
  ...buyerCommands,
  ...orderCommands,
  ...reviewCommands,
  ...settingsCommands,
  ...ledgerCommands,
  ...statementCommands,
  ...migrateCommands,
  ...webhookCommands,
};

/** The words of an operation on the command line; none, if it is not called from there. */
export function wordsOf({ command = { none: "" } }: Operation): readonly Words[] {
  if ("none" in command) return [];
  return "is" in command ? [command] : command;
}

function* all(): Generator<[string, Command]> {
  for (const operation of Object.values<Operation>(operations))
    for (const words of wordsOf(operation)) {
      const own = ownCommands[words.is];
      if (own === undefined) yield [words.is, describedCommand(operation, words)];
      else yield [words.is, { summary: words.summary ?? operation.summary, ...own }];
    }
  yield* Object.entries(clockCommands);
  yield* Object.entries(receiverCommands);
  for (const shell of ["bash", "zsh"] as const) yield [`completion ${shell}`, completionIn(shell)];
}

const completionIn = (shell: "bash" | "zsh"): Command => ({
  summary: `Print what has ${shell} complete commands, options and values with the Tab key`,
  options: {},
  print: (known) => completionFor(shell, known),
});

const nounOf = (words: string): string => words.split(" ")[0] ?? "";

/** Every command of the operator's command line, those of one noun together. */
export const commands: Record<string, Command> = Object.fromEntries(
  [...Map.groupBy(all(), ([words]) => nounOf(words)).values()].flat(),
);
