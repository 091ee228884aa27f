import * as z from "zod";
import { cellsOf, checkCode, type ImportLine, type RefusalReason } from "../inventory/csv.ts";

const Column = z.union([z.string().min(1).max(100), z.int().min(0).max(99)]);

/** How a foreign file says its codes: the columns by the names in its header, or by their places, counted from nothing. */
export const Layout = z
  .strictObject({
    format: z.enum(["csv", "ndjson"]).default("csv"),
    /** GBK is what Chinese spreadsheets write. A byte order mark is skipped. */
    encoding: z.enum(["utf-8", "gbk"]).default("utf-8"),
    delimiter: z.enum([",", ";", "\t", "|"]).default(","),
    /** CSV: is the first line a header? */
    header: z.boolean().default(true),
    columns: z
      .strictObject({ secret: Column, number: Column.optional(), expiresAt: Column.optional() })
      .default({ secret: "secret", number: "number", expiresAt: "expiresAt" }),
  })
  .refine(({ format, header, columns }) => format !== "csv" || header || isByPlace(columns), {
    path: ["columns"],
    message: "must be places where there is no header",
  });
export type Layout = z.infer<typeof Layout>;

const isByPlace = (columns: object): boolean => Object.values(columns).every((column) => typeof column !== "string");

/**
 * Where in a line the columns are; absent: it has none such. `cells`: how many the header names. Of a header this is all that is
 * ever stored: a file without one has a code in its first line.
 */
export type Places = { secret: number; number?: number; expiresAt?: number; cells?: number };

const NOWHERE = -1;

/** Why a header says too little. */
export type BadHeader = "no_secret_column" | "column_missing" | "column_twice";

/**
 * Finds the columns by their names in the file's first line. A column that is called as it is by default may be missing; whoever
 * named another one has it, and an expiry that is not found would make codes good for ever.
 */
export function placesIn({ columns, delimiter, header }: Layout, firstLine: string): Places | BadHeader {
  const names = header ? (cellsOf(firstLine, delimiter) ?? []) : [];
  const places: Partial<Places> = header ? { cells: names.length } : {};
  for (const field of ["secret", "number", "expiresAt"] as const) {
    const column = columns[field];
    const place = typeof column === "string" ? names.indexOf(column) : (column ?? NOWHERE);
    if (place !== NOWHERE) places[field] = place;
    else if (field === "secret") return "no_secret_column";
    else if (column !== undefined && column !== field) return "column_missing";
    if (typeof column === "string" && names.lastIndexOf(column) !== place) return "column_twice";
  }
  return places as Places;
}

type Read = Omit<ImportLine, "line"> | { reason: RefusalReason };
export type ReadLine = (text: string, now: Date) => Read;

/** What reads the lines of a CSV file with its columns at these places. */
export function cellReader({ delimiter }: Layout, places: Places): ReadLine {
  return (text, now) => readCells(cellsOf(text, delimiter), places, text, now);
}

function readCells(cells: string[] | undefined, places: Places, text: string, now: Date): Read {
  if (cells === undefined) return { reason: "bad_quotes" };
  if (cells.every((cell) => cell === "")) return { reason: "empty" };
  const { secret, number, expiresAt, cells: named = cells.length } = places;
  const last = Math.max(secret, number ?? 0, expiresAt ?? 0);
  // What stands behind the last column may be the rest of a code that has the delimiter in it.
  if (last >= cells.length || cells.slice(named).some((cell) => cell !== "")) return { reason: "wrong_columns" };
  const cell = (place: number | undefined): string => (place === undefined ? "" : (cells[place] ?? ""));
  return checkCode({ secret: cell(secret), number: cell(number), expiresAt: cell(expiresAt) }, text, now);
}

/** What reads the lines of a file that has one JSON object in each. */
export function jsonReader({ columns }: Layout): ReadLine {
  return (text, now) => readJson(columns, text, now);
}

function readJson(columns: Layout["columns"], text: string, now: Date): Read {
  if (text.trim() === "") return { reason: "empty" };
  const row = parsed(text);
  if (row === undefined) return { reason: "bad_json" };
  const wanted = [columns.secret, columns.number, columns.expiresAt];
  const [secret, number, expiresAt] = wanted.map((column) => fieldOf(row, column));
  if (secret === undefined || number === undefined || expiresAt === undefined) return { reason: "bad_json" };
  return checkCode({ secret, number, expiresAt }, text, now);
}

/** A text, or "" where there is nothing; undefined: what is there is no text. */
function fieldOf(row: Record<string, unknown>, column: string | number | undefined): string | undefined {
  const value = column !== undefined && Object.hasOwn(row, column) ? (row[column] ?? "") : "";
  return typeof value === "string" ? value.trim() : undefined;
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

/** A code of twenty digits is none that a number could hold: numbers stay the texts that they were written as. */
function asWritten(_name: string, value: unknown, written?: { source?: string }): unknown {
  return typeof value === "number" ? written?.source : value;
}
