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

const isByPlace = (columns: object): boolean => Object.values(columns).every((column) => typeof column === "number");

type Read = Omit<ImportLine, "line"> | { reason: RefusalReason };
export type ReadLine = (text: string, now: Date) => Read;

/** What reads the lines of such a file; undefined when its header has no column for the secret. */
export function reader(layout: Layout, header: string): ReadLine | undefined {
  if (layout.format === "ndjson") return (text, now) => readJson(layout, text, now);
  const names = layout.header ? (cellsOf(header, layout.delimiter) ?? []) : [];
  const placeOf = (column: string | number | undefined): number =>
    typeof column === "number" ? column : names.indexOf(column ?? "");
  const { secret, number, expiresAt } = layout.columns;
  const places = { secret: placeOf(secret), number: placeOf(number), expiresAt: placeOf(expiresAt) };
  if (places.secret < 0) return undefined;
  return (text, now) => readCells(cellsOf(text, layout.delimiter), places, text, now);
}

function readCells(
  cells: string[] | undefined,
  places: { secret: number; number: number; expiresAt: number },
  text: string,
  now: Date,
): Read {
  if (cells === undefined) return { reason: "bad_quotes" };
  if (cells.every((cell) => cell === "")) return { reason: "empty" };
  if (cells[places.secret] === undefined) return { reason: "wrong_columns" };
  const cell = (place: number): string => cells[place] ?? "";
  const { secret, number, expiresAt } = places;
  return checkCode({ secret: cell(secret), number: cell(number), expiresAt: cell(expiresAt) }, text, now);
}

function readJson({ columns }: Layout, text: string, now: Date): Read {
  if (text.trim() === "") return { reason: "empty" };
  const row = parsed(text);
  if (row === undefined) return { reason: "bad_json" };
  const field = (column: string | number | undefined): string => {
    const value = column !== undefined && Object.hasOwn(row, column) ? row[column] : undefined;
    return typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  };
  const { secret, number, expiresAt } = columns;
  return checkCode({ secret: field(secret), number: field(number), expiresAt: field(expiresAt) }, text, now);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
