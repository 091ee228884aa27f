import { parse } from "csv-parse/sync";
import { LIMITS } from "../kernel/limits.ts";
import { type FieldError, ok, type Result, refuse } from "../kernel/problem.ts";
import { NEVER } from "./model.ts";

/** A code read from a file, still in the clear: it goes no further than the importer, which seals it. */
export type ImportLine = { line: number; number: string | undefined; secret: string; expiresAt: string };
export type RefusedLine = { line: number; reason: RefusalReason };
export const refusalReasons = [
  "empty",
  "wrong_columns",
  "bad_quotes",
  "bad_json",
  "secret_missing",
  "secret_too_long",
  "control_characters",
  "not_utf8",
  "bad_date",
  "expired",
  "too_many_expiries",
  "duplicate_in_file",
  "duplicate",
  "after_import",
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

const COLUMNS = ["number", "secret", "expiresAt"];

/**
 * Reads `number?, secret, expiresAt?` (RFC 4180, UTF-8 with or without a byte order mark, header first). What is wrong
 * with one line refuses that line only; what is wrong with the header refuses the file. Each line is parsed by itself, for
 * a code never spans lines and one stray quote must not swallow the rest of the file.
 */
export function readCodes(text: string, now: Date): Result<{ lines: ImportLine[]; refused: RefusedLine[] }> {
  const [first = "", ...rest] = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  if (rest.at(-1) === "") rest.pop();
  const header = readHeader(first);
  if (!header.ok) return header;
  const columns = header.value;
  if (rest.length > LIMITS.importLines)
    return refuse("invalid_request", `A file may have at most ${LIMITS.importLines} lines; split it.`);

  const lines: ImportLine[] = [];
  const refused: RefusedLine[] = [];
  const expiries = new Set<string>();
  rest.forEach((text, index) => {
    const line = index + 2;
    const read = readLine(text, columns, now);
    if ("reason" in read) refused.push({ line, reason: read.reason });
    else if (!expiries.has(read.expiresAt) && expiries.size === LIMITS.importExpiries)
      refused.push({ line, reason: "too_many_expiries" });
    else {
      expiries.add(read.expiresAt);
      lines.push({ line, ...read });
    }
  });
  return ok({ lines, refused });
}

/** The cells of one line, or undefined when its quotes don't close. */
export function cellsOf(text: string, delimiter = ","): string[] | undefined {
  try {
    return parse(text, { trim: true, delimiter })[0] ?? [];
  } catch {
    return undefined;
  }
}

function readHeader(text: string): Result<string[]> {
  const names = cellsOf(text) ?? [];
  // By its place only: a file without a header has a code where the name should be.
  const errors: FieldError[] = names.flatMap((name, index) =>
    COLUMNS.includes(name) && names.indexOf(name) === index
      ? []
      : [{ pointer: `/header/${index}`, message: "is not a known column, or is there twice" }],
  );
  if (!names.includes("secret")) errors.push({ pointer: "/header", message: "the column secret is missing" });
  if (errors.length > 0)
    return refuse(
      "invalid_request",
      "The first line must name the columns: number (optional), secret, expiresAt (optional).",
      errors,
    );
  return ok(names);
}

function readLine(text: string, columns: string[], now: Date): Omit<ImportLine, "line"> | { reason: RefusalReason } {
  const row = cellsOf(text);
  if (row === undefined) return { reason: "bad_quotes" };
  if (row.every((cell) => cell === "")) return { reason: "empty" };
  if (row.length !== columns.length) return { reason: "wrong_columns" };
  const cell = (name: string): string => row[columns.indexOf(name)] ?? "";
  return checkCode({ number: cell("number"), secret: cell("secret"), expiresAt: cell("expiresAt") }, text, now);
}

/** One code, from wherever it was read; `text` is the line it stood in. */
export function checkCode(
  { number, secret, expiresAt: expiry }: { number: string; secret: string; expiresAt: string },
  text: string,
  now: Date,
): Omit<ImportLine, "line"> | { reason: RefusalReason } {
  if (secret === "") return { reason: "secret_missing" };
  if (Buffer.byteLength(secret) + Buffer.byteLength(number) > LIMITS.codeBytes) return { reason: "secret_too_long" };
  // What a gateway or editor leaves of bytes that are no UTF-8, or JSON of half a character: the code itself is gone.
  if (text.includes("\uFFFD") || !(secret + number).isWellFormed()) return { reason: "not_utf8" };
  if (/\p{Cc}/u.test(secret + number)) return { reason: "control_characters" };
  const expiresAt = expiryOf(expiry);
  if (expiresAt === undefined) return { reason: "bad_date" };
  if (expiresAt <= now.toISOString()) return { reason: "expired" };
  return { number: number === "" ? undefined : number, secret, expiresAt };
}

/** A date is good to its last moment in UTC; a date-time (RFC 3339) until then; nothing means for ever. */
function expiryOf(text: string): string | undefined {
  if (text === "") return NEVER;
  const isDate = /^\d{4}-\d\d-\d\d$/.test(text);
  if (!isDate && !/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = new Date(isDate ? `${text}T23:59:59.999Z` : text.toUpperCase());
  if (Number.isNaN(at.getTime())) return undefined;
  // The engine rolls the 30th of February over into March; the file meant something else.
  const day = text.slice(0, 10);
  if (new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
  return at.toISOString();
}
