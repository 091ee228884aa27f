import { LIMITS } from "../kernel/limits.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import type { ImportLine } from "./code-line.ts";
import type { Layout } from "./layout.ts";
import { type Place, readLines, type Unreadable } from "./read-lines.ts";
import type { RefusedLine } from "./refusals.ts";

/** Reads the codes in the text of a request. A wrong line refuses that line only; a wrong header refuses the file. */
export async function readCodes(
  text: string,
  layout: Layout,
  now: Date,
): Promise<Result<{ lines: ImportLine[]; refused: RefusedLine[] }>> {
  const content = new TextEncoder().encode(text.replace(/^\uFEFF+/, ""));
  if (isMostlyZeros(text))
    return refuse("invalid_request", "The text has zero bytes, as if it were UTF-16 or UTF-32: send it as UTF-8.");
  const read = async (from: number, length: number) => content.subarray(from, from + length);
  const found: (ImportLine | RefusedLine)[] = [];
  let place: Place = { bytes: content.length, bytesDone: 0, linesDone: 0, encoding: "utf-8" };
  do {
    const segment = await readLines(read, layout, place, now);
    if ("reason" in segment) return unreadable(segment, layout);
    const { found: some, lines, ...progress } = segment;
    found.push(...some);
    if (found.length > LIMITS.importLines)
      return refuse("invalid_request", `A file may have at most ${LIMITS.importLines} lines; split it.`);
    place = { bytes: content.length, linesDone: place.linesDone + lines, ...progress };
  } while (place.bytesDone < content.length);
  const { codes, refused } = ofFewExpiries(found);
  return ok({ lines: codes, refused });
}

/** Finds UTF-16 that was sent as UTF-8: it has a zero for each Latin letter. UTF-32 has three. */
const isMostlyZeros = (text: string): boolean => text.length > 3 && text.split("\0").length - 1 > 0.45 * text.length;

const headers: Partial<Record<Unreadable["reason"], string>> = {
  column_missing: "a column that was named is not there",
  column_twice: "is there twice, or is to be two things at once",
  column_unseen: "has a character in its name that nobody can see",
  column_not_named: "is not a column that was named: name it, or ignore it",
};

/**
 * Makes the refusal of a file. Columns are named by position only: a file without a header has a code where the name
 * should be.
 */
function unreadable({ reason, at = [] }: Unreadable, { columns }: Layout): Result<never> {
  const missing = `the column ${columns.secret === "secret" ? "secret" : "of the codes"} is missing`;
  const message = reason === "no_secret_column" ? missing : (headers[reason] ?? `can't be read: ${reason}`);
  const pointers = at.length === 0 ? ["/header"] : at.map((place) => `/header/${place}`);
  const errors = pointers.map((pointer): FieldError => ({ pointer, message }));
  return refuse("invalid_request", "The first line must name the columns, and each of them must be known.", errors);
}

/** Keeps the codes of the first few expiries, because each expiry is a slab of its own. The other lines are refused. */
export function ofFewExpiries<C extends { line: number; expiresAt: string }>(
  found: readonly (C | RefusedLine)[],
): { codes: C[]; expiries: string[]; refused: RefusedLine[] } {
  const codes: C[] = [];
  const refused: RefusedLine[] = [];
  const expiries = new Set<string>();
  for (const one of found) {
    if ("reason" in one) refused.push(one);
    else if (!expiries.has(one.expiresAt) && expiries.size === LIMITS.importExpiries)
      refused.push({ line: one.line, reason: "too_many_expiries" });
    else {
      expiries.add(one.expiresAt);
      codes.push(one);
    }
  }
  return { codes, expiries: [...expiries], refused };
}
