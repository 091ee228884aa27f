import { LIMITS } from "../kernel/limits.ts";
import { cut, isUnclear } from "./cells.ts";
import { damageOf, hasQuotedFormula } from "./damage.ts";
import { type Dates, expiryOf } from "./dates.ts";
import { invisibleIn, isBlank } from "./invisible.ts";
import type { Layout, Places } from "./layout.ts";
import { type RefusalReason, type RefusedLine, refusalReasons } from "./refusals.ts";

/** A code that was read from a file, in the clear. It goes no further than the importer, which seals it. */
export type ImportLine = { line: number; number: string | undefined; secret: string; expiresAt: string };

type Read = Omit<ImportLine, "line"> | Omit<RefusedLine, "line"> | undefined;
type Cells = { number: string; secret: string; expiresAt: string };

/** Reads lines one after the other. A quote that one of them opens is still open on the next. */
export type LineReader = {
  /** Reads one line: a code, or why there is none. Undefined: the line is empty. */
  read: (text: string, now: Date) => Read;
  isQuoted: () => boolean;
};

/**
 * Makes a reader of the lines of a CSV file with its columns at these places. `isQuoted`: an earlier line has left a
 * quote open.
 */
export function csvReader(layout: Layout, places: Places, isQuoted: boolean): LineReader {
  let wasOpen = isQuoted;
  const read = (text: string, now: Date): Read => {
    const isWithin = wasOpen;
    const { cells, isOpen } = cut(text, layout, isWithin);
    wasOpen = isOpen;
    if (isWithin) return { reason: "within_quotes" };
    if (isOpen) return { reason: "quote_not_closed" };
    return readCells(cells, text, layout, places, now);
  };
  return { read, isQuoted: () => wasOpen };
}

function readCells(cells: string[] | undefined, text: string, layout: Layout, places: Places, now: Date): Read {
  if (cells === undefined)
    return { reason: !layout.literal && hasQuotedFormula(text, layout.delimiter) ? "formula" : "bad_quotes" };
  if (cells.every(isBlank)) return undefined;
  if (isUnclear(text, layout.delimiter)) return { reason: "unclear_separator" };
  const { secret, number, expiresAt, ignored = [], cells: named = cells.length } = places;
  const last = Math.max(secret, number ?? 0, expiresAt ?? 0);
  // Text behind the last column may be the rest of a code that contains the delimiter.
  if (last >= cells.length || cells.slice(named).some((cell) => cell !== "")) return { reason: "wrong_columns" };
  const isKnown = (place: number): boolean => [secret, number, expiresAt].includes(place) || ignored.includes(place);
  if (cells.some((cell, place) => cell !== "" && !isKnown(place))) return { reason: "unnamed_column" };
  const cell = (place: number | undefined): string => (place === undefined ? "" : (cells[place] ?? ""));
  if (isHeaderAgain(layout, places, cell)) return { reason: "header_again" };
  if (cell(secret) !== "" && cell(number) === "" && mustHaveNumber(layout)) return { reason: "number_missing" };
  return checkCode({ secret: cell(secret), number: cell(number), expiresAt: cell(expiresAt) }, text, layout, now);
}

/** Tells whether a line repeats the header. Files that were joined have one in the middle. */
function isHeaderAgain(
  { header, columns }: Layout,
  places: Places,
  cell: (place: number | undefined) => string,
): boolean {
  if (!header || typeof columns.secret !== "string") return false;
  return (["secret", "number", "expiresAt"] as const).every((field) => {
    const isNamed = places[field] !== undefined && typeof columns[field] === "string";
    return !isNamed || cell(places[field]) === columns[field];
  });
}

/**
 * Tells whether each code must have a number: a password without its account is no code. A column with the default name
 * was perhaps not asked for.
 */
const mustHaveNumber = ({ columns: { number }, required = [], emptyNumbers = false }: Layout): boolean =>
  number !== undefined && (number !== "number" || required.includes("number")) && !emptyNumbers;

/** Makes a reader of the lines of a file with one JSON object in each. */
export function jsonReader(layout: Layout): LineReader {
  return { read: (text, now) => readJson(text, layout, now), isQuoted: () => false };
}

function readJson(text: string, layout: Layout, now: Date): Read {
  const { columns, ignore } = layout;
  const row = parsed(text);
  if (row === undefined) return { reason: "bad_json" };
  if (fieldsIn(text) > Object.keys(row).length) return { reason: "field_twice" };
  const wanted = [columns.secret, columns.number, columns.expiresAt];
  const [secret, number, expiresAt] = wanted.map((column) => fieldOf(row, column));
  if (secret === undefined || number === undefined || expiresAt === undefined) return { reason: "bad_json" };
  const known = new Set([...wanted, ...ignore].map(String));
  if (Object.entries(row).some(([name, value]) => value !== null && value !== "" && !known.has(name)))
    return { reason: "unnamed_column" };
  return checkCode({ secret, number, expiresAt }, text, layout, now);
}

/** Gives a field's text; "" if it is missing; undefined if it is not a text. */
function fieldOf(row: Record<string, unknown>, column: string | number | undefined): string | undefined {
  const value = column !== undefined && Object.hasOwn(row, column) ? (row[column] ?? "") : "";
  return typeof value === "string" ? value.replace(/^[ \t\f\r\n]+|[ \t\f\r\n]+$/g, "") : undefined;
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text, asWritten);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Counts the fields in the text of an object. Of two fields with one name, the parsed object has only the last. */
function fieldsIn(json: string): number {
  let depth = 0;
  let fields = 0;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:?|[{}[\]]/g)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else if (depth === 1 && token.endsWith(":")) fields += 1;
  }
  return fields;
}

/** Keeps numbers as the texts that they were written as: a JavaScript number can't hold a code of twenty digits. */
function asWritten(_name: string, value: unknown, written?: { source?: string }): unknown {
  return typeof value === "number" ? written?.source : value;
}

/** Checks one code. `text` is the line that it stood in. */
function checkCode(
  { number, secret, expiresAt: expiry }: Cells,
  text: string,
  { literal, ...dates }: Dates & { literal: boolean },
  now: Date,
): Read {
  if (secret === "") return { reason: "secret_missing" };
  if (Buffer.byteLength(secret) + Buffer.byteLength(number) > LIMITS.codeBytes) return { reason: "secret_too_long" };
  // A gateway or an editor leaves this in place of bytes that are no UTF-8, and JSON may spell half a character. The
  // code itself is lost.
  if (text.includes("\uFFFD") || !(secret + number).isWellFormed()) return { reason: "not_utf8" };
  if (/\p{Cc}/u.test(secret + number)) return { reason: "control_characters" };
  const character = invisibleIn(secret + number);
  if (character !== undefined) return { reason: "invisible_character", character };
  const damage = literal ? undefined : (damageOf(secret) ?? damageOf(number));
  if (damage !== undefined) return { reason: damage };
  const expiresAt = expiryOf(expiry, dates);
  if (isReason(expiresAt)) return { reason: expiresAt };
  if (expiresAt <= now.toISOString()) return { reason: "expired" };
  return { number: number === "" ? undefined : number, secret, expiresAt };
}

const isReason = (text: string): text is RefusalReason => (refusalReasons as string[]).includes(text);
