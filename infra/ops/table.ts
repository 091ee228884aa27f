import { moneyText } from "./money.ts";

type Row = Record<string, unknown>;

const isObject = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);

const isMoney = (value: Row): value is { amount: number; currency: string } =>
  Object.keys(value).length === 2 && typeof value["amount"] === "number" && typeof value["currency"] === "string";

export const isRows = (value: unknown): value is Row[] =>
  Array.isArray(value) && value.length > 0 && value.every(isObject);

/** Lays a thing out flat: what is inside of it is named with dots. Money stays one value where people read it. */
export function flat(thing: Row, isForPeople: boolean, before = ""): Row {
  const parts = Object.entries(thing).map(([name, value]): Row => {
    if (!isObject(value)) return { [before + name]: value };
    if (isForPeople && isMoney(value)) return { [before + name]: moneyText(value) };
    return flat(value, isForPeople, `${before}${name}.`);
  });
  return Object.assign({}, ...parts) as Row;
}

export function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value) && !isRows(value)) return value.map(cell).join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Controls in a name would move the cursor of the terminal that shows it. */
const shown = (value: unknown): string => cell(value).replaceAll(/\p{Cc}/gu, "�");

/** Characters of China, Japan and Korea take two places. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g;
const widthOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0);

function aligned(lines: readonly string[][]): string {
  const widths = (lines[0] ?? []).map((_cell, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ""))));
  const padded = (text: string, at: number) => text + " ".repeat((widths[at] ?? 0) - widthOf(text));
  return lines.map((line) => line.map(padded).join("  ").trimEnd()).join("\n");
}

export const columnsOf = (rows: readonly Row[]): string[] => [...new Set(rows.flatMap((row) => Object.keys(row)))];

/** Writes rows one below the other, under the names of their columns: all that they have, or those that are named and not empty. */
export function tableOf(rows: readonly Row[], named?: readonly string[]): string {
  const laidOut = rows.map((row) => flat(row, true));
  const there = columnsOf(laidOut);
  const columns = named === undefined ? there : named.filter((name) => there.includes(name));
  return aligned([columns, ...laidOut.map((row) => columns.map((column) => shown(row[column])))]);
}

/** Writes one thing as names and values, and below them a table for each list that it has. */
export function thingOf(thing: Row): string {
  const entries = Object.entries(flat(thing, true));
  const values = entries.filter(([, value]) => !isRows(value) && cell(value) !== "");
  const lists = entries.flatMap(([name, value]) => (isRows(value) ? [`${name}:\n${tableOf(value)}`] : []));
  const list = values.length === 0 ? [] : [aligned(values.map(([name, value]) => [name, shown(value)]))];
  return [...list, ...lists].join("\n\n");
}
