import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

// Every expression that we send to a table: as it stands in the source, and as it was sent.

/** A place in the source that makes an expression. `patterns` are its literals, with anything for what is filled in. */
export type Place = {
  file: string;
  function: string;
  /** Only an async function sends what it makes; another one may have made it for somebody else in its file. */
  sendsItself: boolean;
  kind: string;
  text: string;
  patterns: RegExp[];
};

/** An expression on its way to the table, and the functions of ours that were on the stack. */
export type Sent = { kind: string; expression: string; by: string[] };

const ROOT = join(import.meta.dirname, "../../..");
const KINDS = ["Update", "Condition", "KeyCondition", "Projection", "Filter"].map((kind) => `${kind}Expression`);
/** Conditions that several writes share are made of an object's member of this name. */
const SHARED = "condition";

/** All places under shared/ and functions/, where all that speaks to a table lies. */
export function placesInSource(): Place[] {
  return globSync("{shared,functions}/**/*.ts", { cwd: ROOT }).flatMap((file) => {
    const source = readFileSync(join(ROOT, file), "utf8");
    return [...source.matchAll(/\b(\w+Expression|condition)\b(:?)/g)].flatMap((found): Place[] => {
      const [, kind = "", colon] = found;
      const at = found.index + found[0].length;
      if (kind === SHARED ? colon === "" || !/^\s*["`]/.test(source.slice(at)) : !KINDS.includes(kind)) return [];
      const text = colon === "" ? "" : valueAt(source, at);
      return [{ file, ...functionAround(source, at), kind, text, patterns: patternsIn(text, kind) }];
    });
  });
}

/** The text of a member's value: up to the comma or brace that ends it. */
function valueAt(source: string, start: number): string {
  let depth = 0;
  let at = start;
  for (; at < source.length; at++) {
    const letter = source[at] ?? "";
    if (letter === '"' || letter === "`") at = endOfLiteral(source, at);
    else if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter) && depth-- === 0) break;
    else if (letter === "," && depth === 0) break;
  }
  return source.slice(start, at).trim();
}

/** Where the literal that begins here ends; what is filled in may hold literals itself. */
function endOfLiteral(source: string, start: number): number {
  const quote = source[start];
  let at = start + 1;
  while (at < source.length && source[at] !== quote) {
    if (source[at] === "\\") at += 1;
    else if (quote === "`" && source.startsWith("${", at)) at = endOfFilling(source, at + 2);
    at += 1;
  }
  return at;
}

function endOfFilling(source: string, start: number): number {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const letter = source[at] ?? "";
    if (letter === '"' || letter === "`") at = endOfLiteral(source, at);
    else if (letter === "{") depth += 1;
    else if (letter === "}" && depth-- === 0) return at;
  }
  return source.length;
}

type Literal = { parts: string[]; fillings: string[]; isAll: boolean };

/** The outermost literals of a text, cut where something is filled in. */
function literalsIn(text: string): Literal[] {
  const literals: Literal[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] !== '"' && text[at] !== "`") continue;
    const end = endOfLiteral(text, at);
    literals.push({ ...cut(text.slice(at + 1, end)), isAll: at === 0 && end === text.length - 1 });
    at = end;
  }
  return literals;
}

function cut(literal: string): Pick<Literal, "parts" | "fillings"> {
  const parts: string[] = [];
  const fillings: string[] = [];
  let from = 0;
  for (let at = literal.indexOf("${"); at >= 0; at = literal.indexOf("${", from)) {
    const end = endOfFilling(literal, at + 2);
    parts.push(literal.slice(from, at));
    fillings.push(literal.slice(at + 2, end));
    from = end + 1;
  }
  return { parts: [...parts, literal.slice(from)], fillings };
}

/**
 * One pattern for each outermost literal. What glues the parts of a list together says nothing by itself. A shared condition
 * may go on with what a write of its own asks besides.
 */
function patternsIn(text: string, kind: string): RegExp[] {
  const goesOn = kind === SHARED ? "( AND .*)?" : "";
  const telling = literalsIn(text).filter(
    ({ parts }) => /[\w#]/.test(parts.join("")) && parts.join("").trim() !== "AND",
  );
  return telling.map(({ parts, isAll }) => {
    const pattern = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join(".*");
    return new RegExp(isAll ? `^${pattern}${goesOn}$` : pattern);
  });
}

/** All attribute names that stand bare in the literals of a place, those within fillings included. */
export function bareNamesIn(text: string): string[] {
  return literalsIn(text).flatMap(({ parts, fillings }) => [
    ...bareNames(parts.join("…")),
    ...fillings.flatMap(bareNamesIn),
  ]);
}

function functionAround(source: string, at: number): Pick<Place, "function" | "sendsItself"> {
  const before = source.slice(0, at).matchAll(/^(?:export )?(async )?(?:function\*? |const )(\w+)/gm);
  const [, isAsync, name = ""] = [...before].at(-1) ?? [];
  return { function: name, sendsItself: isAsync !== undefined };
}

/** Notes every expression that goes through this client from now on. */
export function noteExpressions(db: DynamoDBDocumentClient): Sent[] {
  const sent: Sent[] = [];
  const send = db.send.bind(db) as (...args: unknown[]) => unknown;
  const noting = (command: { input: object }, ...rest: unknown[]): unknown => {
    const by = callers();
    if (by.length > 0)
      for (const [kind, expression] of expressionsIn(command.input)) sent.push({ kind, expression, by });
    return send(command, ...rest);
  };
  Object.assign(db, { send: noting });
  return sent;
}

function expressionsIn(input: object): [kind: string, expression: string][] {
  return Object.entries(input).flatMap(([name, value]): [string, string][] => {
    if (typeof value === "string") return KINDS.includes(name) ? [[name, value]] : [];
    const isPartOfTransaction =
      name === "TransactItems" || ["Put", "Update", "Delete", "ConditionCheck"].includes(name);
    if (!isPartOfTransaction) return [];
    return [value].flat().flatMap((part) => expressionsIn(part as object));
  });
}

/**
 * `file function` of each frame of ours: a use case goes down to its `send` without waiting for anything. The frames are taken as they
 * are: to write a stack down, with the places in the source, costs more than the call.
 */
function callers(): string[] {
  const usual = ["stackTraceLimit", "prepareStackTrace"].map((name) => [name, Reflect.get(Error, name)]);
  Error.stackTraceLimit = 40;
  Error.prepareStackTrace = (_, sites) => sites;
  const sites = new Error("where from").stack as unknown as NodeJS.CallSite[];
  Object.assign(Error, Object.fromEntries(usual));
  return sites.flatMap((site) => {
    const [, name] = /^(?:Object\.|Module\.)?(\w+)/.exec(site.getFunctionName() ?? "") ?? [];
    const [file] = /(?:shared|functions)\/[\w/-]+\.ts/.exec(site.getFileName() ?? "") ?? [];
    return name === undefined || file === undefined ? [] : [`${file} ${name}`];
  });
}

/** Was the expression made at this place? */
export function isFrom(place: Place, { kind, expression, by }: Sent): boolean {
  if (!place.patterns.every((pattern) => pattern.test(expression))) return false;
  if (place.kind === SHARED) return kind === "ConditionExpression" && place.patterns.length > 0;
  // Parts of transactions are made here and sent by whoever needs them.
  return kind === place.kind && (!place.sendsItself || by.includes(`${place.file} ${place.function}`));
}

/** Can the proof see what is made here? Literals, and the shared conditions, which are places of their own. */
export function isReadable({ kind, text, patterns }: Place): boolean {
  return patterns.length > 0 || (kind === "ConditionExpression" && /^\w+\.condition$/.test(text));
}

/** The shape of an expression: lists of any length, and numbered names, are one shape. */
export function shapeOf({ kind, expression }: Sent): string {
  const numbered = expression.replaceAll(/([#:][a-z]+)\d+/g, "$1N");
  const parts = numbered.split(/( AND |, )/);
  return `${kind} ${parts
    .filter((part, index) => index % 2 === 1 || parts.indexOf(part) === index)
    .join("")
    .replaceAll(/( AND |, )+/g, "$1")}`;
}

/** Attribute names that stand bare in an expression. */
export function bareNames(expression: string): string[] {
  const plain = expression.replaceAll(/[#:]\w*/g, " ");
  return [...plain.matchAll(/[A-Za-z_]\w*(?!\w)(?!\s*\()/g)].map(([name]) => name).filter((name) => !GRAMMAR.has(name));
}

const GRAMMAR = new Set(["SET", "REMOVE", "ADD", "DELETE", "AND", "OR", "NOT", "IN", "BETWEEN"]);
