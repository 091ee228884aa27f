// Reads the body of an answer as JSON, compressed or not, or says in a word what it is instead.
import { gunzipSync } from "node:zlib";
import { parseLossless } from "./json.ts";

/** What an answer can be if it is no JSON: nothing, a page for people (of a proxy, of a login), or something else. */
export type Unreadable = "empty_answer" | "web_page" | "answer_too_large" | "unreadable_answer";

export type Body = { ok: true; value: unknown } | { ok: false; reason: Unreadable };

/**
 * Reads a body of at most `maxBytes`, unpacked. A byte order mark counts more than the charset that the header names;
 * without both it is UTF-8 (RFC 8259). Bytes outside the charset make it unreadable, because a replacement character
 * must not get into a code.
 */
export function readBody(bytes: Buffer, contentType: string, maxBytes: number): Body {
  const plain = unpacked(bytes, maxBytes);
  if (!Buffer.isBuffer(plain)) return { ok: false, reason: plain };
  const text = textOf(plain, contentType)?.trim();
  if (text === undefined) return { ok: false, reason: "unreadable_answer" };
  if (text === "") return { ok: false, reason: "empty_answer" };
  try {
    return { ok: true, value: parseLossless(text) };
  } catch {
    return { ok: false, reason: text.startsWith("<") ? "web_page" : "unreadable_answer" };
  }
}

/** Unpacks gzip. Some servers send it and don't say so; then nobody has unpacked it yet. */
function unpacked(bytes: Buffer, maxBytes: number): Buffer | Unreadable {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE" ? "answer_too_large" : "unreadable_answer";
  }
}

function textOf(bytes: Buffer, contentType: string): string | undefined {
  const [, declared = "utf-8"] = /charset\s*=\s*"?([\w-]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(markOf(bytes) ?? declared, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function markOf([first, second, third]: Buffer): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}
