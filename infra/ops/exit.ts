import type { OperatorAnswer } from "./client.ts";
import type { Command } from "./command.ts";

/** What a command ends with. `parted`: done in part. `waits`: somebody else must say the same. */
export const EXIT = { done: 0, refused: 1, wrongUsage: 2, parted: 3, waits: 4 } as const;
type Exit = (typeof EXIT)[keyof typeof EXIT];

/** What a page of results, or a report by lines, says of each. */
type Body = {
  results?: { result: string }[];
  imported?: number;
  present?: number;
  refused?: readonly unknown[] | number;
  differences?: readonly unknown[];
} | null;

/** How a command ended: where many things were asked for, by what became of each. */
export function exitOf({ answers }: Pick<Command, "answers">, { ok, status, body, parted }: OperatorAnswer): Exit {
  if (parted === true) return EXIT.parted;
  if (!ok) return EXIT.refused;
  const { results, refused = 0, imported = 0, present = 0, differences = [] } = (body ?? {}) as NonNullable<Body>;
  if (results !== undefined) return ofResults(results.map(({ result }) => result));
  if (answers === "by line") return ofLines(typeof refused === "number" ? refused : refused.length, imported + present);
  if (answers === "by a second person" && status === 202) return EXIT.waits;
  return differences.length > 0 ? EXIT.refused : EXIT.done;
}

function ofLines(refused: number, taken: number): Exit {
  if (refused === 0) return EXIT.done;
  return taken === 0 ? EXIT.refused : EXIT.parted;
}

/** What was done, for one of many. All other words are refusals, and `proposed` waits for a second person. */
const DONE = ["done", "noted", "replayed"];

function ofResults(results: readonly string[]): Exit {
  const [done, waiting] = [
    results.filter((result) => DONE.includes(result)).length,
    results.filter((result) => result === "proposed").length,
  ];
  if (done === results.length) return EXIT.done;
  if (waiting === results.length) return EXIT.waits;
  return done + waiting === 0 ? EXIT.refused : EXIT.parted;
}
