import type { Operation } from "./operation.ts";
import type { Commands, Words } from "./words.ts";

/**
 * Says what a caller of an operation must know: what it says itself, who may call it, how it is repeated and paged, and its command.
 * `isGuarded`: the caller must prove who they are.
 */
export function describedIn(operation: Operation, isGuarded: boolean): string {
  const { method, description, scope, idempotent, pages, command } = operation;
  const sentences = [
    description,
    scope === undefined ? undefined : `Needs an API key with the scope \`${scope}\`.`,
    isGuarded ? undefined : "Anybody may call it.",
    idempotent === undefined
      ? undefined
      : "Repeat it with the same `Idempotency-Key` and body until you have an answer; it is done once.",
    pages === undefined ? undefined : "Answers a page; send `nextCursor` as `cursor` until it is `null`.",
    ...(command === undefined ? [] : wordsIn(command)).map(({ is }) => `On the command line: \`${is}\`.`),
    method === "GET" ? "Changes nothing." : undefined,
  ];
  return sentences.filter((sentence) => sentence !== undefined).join(" ");
}

/** Gives the commands of an operation; none if it has none. */
function wordsIn(command: Commands): readonly Words[] {
  if ("none" in command) return [];
  return "is" in command ? [command] : command;
}
