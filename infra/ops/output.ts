import type { OperatorAnswer } from "./client.ts";
import { cell, columnsOf, flat, isRows, tableOf, thingOf } from "./table.ts";

/** How an answer is written. `json` is one line; unless somebody says, it is JSON over many lines, or a table on a terminal. */
export const OUTPUTS = ["json", "table", "csv"] as const;
export type Output = (typeof OUTPUTS)[number];

type Problem = { code?: string; title?: string; detail?: string; requestId?: string; errors?: FieldError[] };
type FieldError = { option?: string; pointer?: string; message?: string };
type Body = Record<string, unknown>;

/** Writes an answer in one of the outputs. */
export function written(
  { ok, body }: OperatorAnswer,
  output: Output | undefined,
  isTerminal: boolean,
  columns?: readonly string[],
): string {
  if (output === "json") return JSON.stringify(body);
  if (typeof body === "string") return body;
  if (output === undefined && !isTerminal) return JSON.stringify(body, null, 2);
  if (typeof body !== "object" || body === null) return body === null ? "Done." : cell(body);
  if (output === "csv" && ok) return csvOf(body as Body);
  return ok ? forPeople(body as Body, columns) : refusal(body as Body);
}

/** The list that an answer is about, if it is about one. */
const listIn = ({ data, results }: Body): unknown[] | undefined => [data, results].find(Array.isArray);

function forPeople(body: Body, columns?: readonly string[]): string {
  const list = listIn(body);
  if (list === undefined) return thingOf(body) || "Done.";
  const { nextCursor } = body;
  const more = typeof nextCursor === "string" ? [`\nThere are more: --cursor ${nextCursor}`] : [];
  return [isRows(list) ? tableOf(list, columns) : "None.", ...more].join("\n");
}

/** What is wrong with which option, a line each; or with which field, if no option fills it. */
export const wrongIn = ({ errors = [] }: { errors?: readonly FieldError[] | undefined }): string[] =>
  errors.map(({ option, pointer, message = "" }) => {
    const name = option ?? pointer ?? "";
    // What is wrong with all of it together has no name.
    return name === "" ? `  It ${message}.` : `  ${name}: ${message}`;
  });

/** Says why, and below it which option is wrong, and what was done before it failed. */
function refusal({ errors, ...body }: Body & Problem): string {
  const { type: _type, status: _status, title, detail, code, requestId, ...rest } = body;
  const where = wrongIn({ errors });
  const done = Object.keys(rest).length === 0 ? [] : [forPeople(rest)];
  const names = [code, requestId].filter((name) => name !== undefined).join(", ");
  return [`${detail ?? title ?? "Refused."}${names === "" ? "" : ` (${names})`}`, ...where, ...done].join("\n");
}

/** Writes rows as RFC 4180 has it. An amount and its currency are columns of their own, for programs to read. */
function csvOf(body: Body): string {
  const list = listIn(body) ?? [body];
  const rows = (list as Body[]).map((row) => flat(row, false));
  const columns = columnsOf(rows);
  return [columns, ...rows.map((row) => columns.map((column) => quoted(cell(row[column]))))].join("\n");
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
