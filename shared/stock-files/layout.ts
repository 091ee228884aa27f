import * as z from "zod";
import { jsonText } from "../kernel/json-text.ts";
import { cut } from "./cells.ts";
import { DateNotation, DayEnds } from "./dates.ts";
import { invisibleIn, isBlank } from "./invisible.ts";

const Column = z.union([z.string().min(1).max(100), z.int().min(0).max(99)]);

/** Encodings of files. UTF-16 is what spreadsheets call "Unicode text". */
export const Encoding = z.enum(["utf-8", "gbk", "utf-16le", "utf-16be"]);
export type Encoding = z.infer<typeof Encoding>;

/** How a file is written. Columns are given by the names in its header, or by their positions, counted from 0. */
export const Layout = z
  .strictObject({
    format: z.enum(["csv", "ndjson"]).default("csv"),
    /** Chinese spreadsheets write GBK. A byte order mark counts more than this. */
    encoding: Encoding.default("utf-8"),
    /** One character or several, as in `account----password`. */
    delimiter: z
      .string()
      .max(10)
      .regex(/^[^"\r\n\0]+$/, "must be 1 to 10 characters, and no quote or line end")
      .default(","),
    /** CSV: cells may stand in quotes. If not, a quote is a character of its code. */
    quotes: z.boolean().default(true),
    /** CSV: the first line is a header. */
    header: z.boolean().default(true),
    columns: z
      .strictObject({ secret: Column, number: Column.optional(), expiresAt: Column.optional() })
      .default({ secret: "secret", number: "number", expiresAt: "expiresAt" }),
    /** Columns that say nothing about a code. Any other column that is not among `columns` refuses the file. */
    ignore: z.array(Column).max(100).default([]),
    /** Columns with default names that the operator has asked for. A CSV file without one is refused. */
    required: z
      .array(z.enum(["number", "expiresAt"]))
      .max(2)
      .optional(),
    /** CSV: take a code without a number also if the operator has named the column of numbers. */
    emptyNumbers: z.boolean().optional(),
    /** Take codes as they stand, also if a spreadsheet seems to have damaged them. */
    literal: z.boolean().default(false),
    dates: DateNotation.optional(),
    dayEnds: DayEnds.optional(),
  })
  .refine(({ format, header, columns }) => format !== "csv" || header || isByPlace(columns), {
    path: ["columns"],
    message: "must be places where there is no header",
  });
export type Layout = z.infer<typeof Layout>;

/** A layout as JSON text, for requests whose body is the file. */
export const LayoutText = jsonText(4_000, Layout);

const isByPlace = (columns: object): boolean => Object.values(columns).every((column) => typeof column !== "string");

/**
 * Positions of the columns in a line; absent: there is no such column. `cells`: how many the header names.
 * `headerLine`: where it stands, from 1. Nothing else of a header is ever stored: the first line of a file without a
 * header is a code.
 */
export type Places = {
  secret: number;
  number?: number;
  expiresAt?: number;
  ignored?: number[];
  cells?: number;
  headerLine?: number;
};

const NOWHERE = -1;

/** Why a header is refused, and the positions of the wrong columns. */
export type BadHeader = {
  reason: "no_secret_column" | "column_missing" | "column_twice" | "column_not_named" | "column_unseen";
  at: number[];
};

/**
 * Finds the columns by their names in the file's first line. A column with a default name may be missing; one that the
 * operator named may not. A column that nobody named refuses the file, because an expiry that is not read would make
 * codes good for ever. So does a column that is to be two things, and a name with an invisible character, which is not
 * what it seems to be.
 */
export function placesIn(layout: Layout, firstLine: string): Places | BadHeader {
  const { columns, header, ignore, required = [] } = layout;
  const names = header ? (cut(firstLine, layout).cells ?? []) : [];
  const unseen = unseenAmong(names, [...Object.values(columns), ...ignore]);
  if (unseen.length > 0) return { reason: "column_unseen", at: unseen };
  const places: Partial<Places> = header ? { cells: names.length } : {};
  for (const field of ["secret", "number", "expiresAt"] as const) {
    const column = columns[field];
    const place = typeof column === "string" ? names.indexOf(column) : (column ?? NOWHERE);
    if (place !== NOWHERE) places[field] = place;
    else if (field === "secret") return { reason: "no_secret_column", at: [] };
    else if (column !== undefined && (column !== field || required.includes(field)))
      return { reason: "column_missing", at: [] };
    if (typeof column === "string" && names.lastIndexOf(column) !== place)
      return { reason: "column_twice", at: [names.lastIndexOf(column)] };
  }
  const ignored = ignoredAmong(names, ignore);
  const wanted = [places.secret, places.number, places.expiresAt, ...ignored].filter((place) => place !== undefined);
  const named = new Set(wanted);
  if (named.size < wanted.length)
    return { reason: "column_twice", at: wanted.filter((place, index) => wanted.indexOf(place) < index) };
  const unnamed = names.flatMap((name, place) => (isBlank(name) || named.has(place) ? [] : [place]));
  if (unnamed.length > 0) return { reason: "column_not_named", at: unnamed };
  return { ...(places as Places), ...(ignored.length === 0 ? {} : { ignored }) };
}

/** Finds names with an invisible character, unless the operator has named exactly that. */
function unseenAmong(names: readonly string[], asked: readonly unknown[]): number[] {
  const isUnseen = (name: string): boolean =>
    !isBlank(name) && invisibleIn(name) !== undefined && !asked.includes(name);
  return names.flatMap((name, place) => (isUnseen(name) ? [place] : []));
}

/** Tells whether a layout of JSON lines names a field twice, or ignores one that is read. */
export function isTwice({ columns, ignore }: Layout): boolean {
  const wanted = [...Object.values(columns), ...new Set(ignore)].filter((column) => column !== undefined).map(String);
  return new Set(wanted).size < wanted.length;
}

function ignoredAmong(names: readonly string[], ignore: Layout["ignore"]): number[] {
  const byName = names.flatMap((name, place) => (ignore.includes(name) ? [place] : []));
  const byPlace = ignore.filter((column) => typeof column === "number");
  return [...new Set([...byName, ...byPlace])];
}
