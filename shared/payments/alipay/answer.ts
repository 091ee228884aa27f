import type { KeyObject } from "node:crypto";
import { parseJson } from "../../suppliers/json.ts";
import { isAlipays } from "./signing.ts";

/** An answer of the gateway's. Unsigned are those to calls that it could not attribute to us. */
export type Answer = { isSigned: boolean; body: Record<string, unknown> };

/**
 * Reads an answer, and verifies it before it is parsed: `{"…_response": BODY, "sign": "…"}` is signed over the very characters of BODY.
 * `forged`: the signature is wrong. `unreadable`: it is no answer to this method, or says a thing twice.
 */
export function answerIn(text: string, method: string, keys: readonly KeyObject[]): Answer | "forged" | "unreadable" {
  const members = membersOf(text);
  const body = members?.get(`${method.replaceAll(".", "_")}_response`) ?? members?.get("error_response");
  if (body === undefined) return "unreadable";
  const sign = parseJson(members?.get("sign") ?? '""');
  if (typeof sign !== "string") return "unreadable";
  const verified = sign === "" ? undefined : signedText(body, sign, keys);
  if (sign !== "" && verified === undefined) return "forged";
  const value = parseJson(verified ?? body);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return "unreadable";
  return { isSigned: verified !== undefined, body: value as Record<string, unknown> };
}

/** Returns the text that was signed. Alipay signs before it escapes slashes, or after that; its own SDKs try both. */
function signedText(body: string, sign: string, keys: readonly KeyObject[]): string | undefined {
  return [body, body.replaceAll("\\/", "/")].find((text) => isAlipays(keys, Buffer.from(text), sign));
}

const MEMBER = /\s*"((?:[^"\\]|\\.)*)"\s*:\s*/y;
const BETWEEN = /\s*([,}])\s*/y;
const PIECE = /"(?:[^"\\]|\\.)*"|[{}[\],]|[^"{}[\],]+/y;

/** Cuts a JSON object into its members, each value as its own characters. Undefined if it is none, or names a member twice. */
function membersOf(text: string): Map<string, string> | undefined {
  const members = new Map<string, string>();
  const open = /^\s*\{/.exec(text);
  if (open === null) return undefined;
  for (let at = open[0].length; ; ) {
    const name = matched(MEMBER, text, at);
    const from = at + (name?.[0].length ?? 0);
    const to = name === undefined ? undefined : endOfValue(text, from);
    const between = to === undefined ? undefined : matched(BETWEEN, text, to);
    if (name?.[1] === undefined || to === undefined || between === undefined || members.has(name[1])) return undefined;
    members.set(name[1], text.slice(from, to).trim());
    at = to + between[0].length;
    if (between[1] === "}") return at === text.length ? members : undefined;
  }
}

/** Finds where a value ends: at the comma or brace behind it that is not within it. */
function endOfValue(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; ; ) {
    const [piece] = matched(PIECE, text, at) ?? [];
    if (piece === undefined) return undefined;
    if (depth === 0 && (piece === "," || piece === "}")) return at === from ? undefined : at;
    if (piece === "{" || piece === "[") depth++;
    if (piece === "}" || piece === "]") depth--;
    at += piece.length;
  }
}

function matched(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
