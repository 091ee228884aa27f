import { LIMITS } from "../kernel/limits.ts";
import { cut, isUnclear } from "./cells.ts";
import { damageOf, hasQuotedFormula } from "./damage.ts";
import { type Dates, expiryOf } from "./dates.ts";
import { invisibleIn, isBlank } from "./invisible.ts";
import type { Layout, Places } from "./layout.ts";
import { type RefusalReason, type RefusedLine, refusalReasons } from "./refusals.ts";

/** A code read from a file, still in the clear: it goes no further than the importer, which seals it. */
export type ImportLine = { line: number; number: string | undefined; secret: string; expiresAt: string };

type Read = Omit<ImportLine, "line"> | Omit<RefusedLine, "line"> | undefined;
type Cells = { number: string; secret: string; expiresAt: string };

/** Reads lines one after the other, for a quote that one of them opens is still open on the next. */
export type LineReader = {
  /** A code, or why there is none; undefined: the line is empty. */
  read: (text: string, now: Date) => Read;
  isQuoted: () => boolean;
};

/** What reads the lines of a CSV file with its columns at these places. `isQuoted`: an earlier line has left a quote open. */
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
  // What stands behind the last column may be the rest of a code that has the delimiter in it.
  if (last >= cells.length || cells.slice(named).some((cell) => cell !== "")) return { reason: "wrong_columns" };
  const isKnown = (place: number): boolean => [secret, number, expiresAt].includes(place) || ignored.includes(place);
  if (cells.some((cell, place) => cell !== "" && !isKnown(place))) return { reason: "unnamed_column" };
  const cell = (place: number | undefined): string => (place === undefined ? "" : (cells[place] ?? ""));
  if (isHeaderAgain(layout, places, cell)) return { reason: "header_again" };
  if (cell(secret) !== "" && cell(number) === "" && mustHaveNumber(layout)) return { reason: "number_missing" };
  return checkCode({ secret: cell(secret), number: cell(number), expiresAt: cell(expiresAt) }, text, layout, now);
}

/** Are the cells just what their columns are called? Files that were joined have their header in the middle. */
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

/** A password without its account is no code. Only a column that is called as by default was perhaps not asked for. */
const mustHaveNumber = ({ columns: { number }, required = [], emptyNumbers = false }: Layout): boolean =>
  number !== undefined && (number !== "number" || required.includes("number")) && !emptyNumbers;

/** What reads the lines of a file that has one JSON object in each. */
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

/** A text, or "" where there is nothing; undefined: what is there is no text. */
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

/** How many fields the text of an object has; of two that have one name, an object has the last one alone. */
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

/** A code of twenty digits is none that a number could hold: numbers stay the texts that they were written as. */
function asWritten(_name: string, value: unknown, written?: { source?: string }): unknown {
  return typeof value === "number" ? written?.source : value;
}

/** One code, from wherever it was read; `text` is the line it stood in. */
function checkCode(
  { number, secret, expiresAt: expiry }: Cells,
  text: string,
  { literal, ...dates }: Dates & { literal: boolean },
  now: Date,
): Read {
  if (secret === "") return { reason: "secret_missing" };
  if (Buffer.byteLength(secret) + Buffer.byteLength(number) > LIMITS.codeBytes) return { reason: "secret_too_long" };
  // What a gateway or editor leaves of bytes that are no UTF-8, or JSON of half a character: the code itself is gone.
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
