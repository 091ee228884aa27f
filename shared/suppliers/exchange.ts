/**
 * One HTTP call to a supplier. Its result says what matters afterwards: can the call have done anything? Redirects
 * aren't followed: they would carry the key, and an order, to another place.
 */
import { readBody, type Unreadable } from "./body.ts";

/** Size of an answer about an order. One with a hundred lines has some tens of kilobytes. */
const maxAnswerBytes = 1024 * 1024;

/** The longest wait that a supplier may ask for. */
const maxRetryAfterSeconds = 3600;

export type Sent =
  | { kind: "answered"; response: Response }
  | { kind: "not_sent"; reason: "unreachable" }
  | { kind: "unknown"; reason: "timed_out" | "connection_lost" };

type Request = { method: "GET" | "POST"; url: string; headers: Record<string, string>; body?: string };

/** The time-out covers the call and the reading of its body. */
export async function send(request: Request, timeoutMs: number): Promise<Sent> {
  const { url, ...init } = request;
  try {
    const response = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    return { kind: "answered", response };
  } catch (error) {
    if (neverConnected(error)) return { kind: "not_sent", reason: "unreachable" };
    return { kind: "unknown", reason: failureOf(error) };
  }
}

type Broken = { ok: false; reason: "timed_out" | "connection_lost" | "answer_too_large" };
export type Content = { ok: true; value: unknown } | Broken | { ok: false; reason: Unreadable };

/** Reads the answer's body as JSON. */
export async function readJson(response: Response, maxBytes = maxAnswerBytes): Promise<Content> {
  const read = await readBytes(response, maxBytes);
  return read.ok ? readBody(read.bytes, response.headers.get("content-type") ?? "", maxBytes) : read;
}

/**
 * Reads the answer's body as it came, for those who check a signature over it. Counts the decompressed bytes as they come and stops at
 * the limit, so a small compressed body can't fill the memory.
 */
export async function readBytes(
  response: Response,
  maxBytes = maxAnswerBytes,
): Promise<{ ok: true; bytes: Buffer } | Broken> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of bytesOf(response)) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) return { ok: false, reason: "answer_too_large" }; // leaving the loop cancels the body
      chunks.push(chunk);
    }
  } catch (error) {
    return { ok: false, reason: failureOf(error) };
  }
  return { ok: true, bytes: Buffer.concat(chunks) };
}

function bytesOf(response: Response): AsyncIterable<Uint8Array> | Uint8Array[] {
  return response.body ?? [];
}

/** Gives the connection back if the status alone says enough. */
export async function discard(response: Response): Promise<void> {
  try {
    await response.body?.cancel();
  } catch {
    // It is being thrown away: how it ended doesn't matter.
  }
}

/** Reads `Retry-After` in seconds (RFC 9110 §10.2.3). Its date form needs a common clock, so it counts as absent. */
export function retryAfterSeconds(response: Response): number | undefined {
  const header = response.headers.get("retry-after");
  if (header === null || !/^\d{1,9}$/.test(header)) return undefined;
  return Math.min(Number(header), maxRetryAfterSeconds);
}

function failureOf(error: unknown): "timed_out" | "connection_lost" {
  return error instanceof Error && error.name === "TimeoutError" ? "timed_out" : "connection_lost";
}

/**
 * Failures before the first byte of the request could leave: no name, no route, nobody listening, not the party that we
 * meant.
 */
const beforeSending = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function neverConnected(error: unknown): boolean {
  return error instanceof Error && isBeforeSending(error.cause);
}

/**
 * Tells whether a failure came before sending. The system call says so, not the error code: ETIMEDOUT or ECONNRESET
 * happen while connecting and also much later. A name with several addresses fails with one error for each of them.
 */
export function isBeforeSending(cause: unknown): boolean {
  if (cause instanceof AggregateError) return cause.errors.length > 0 && cause.errors.every(isBeforeSending);
  if (!(cause instanceof Error)) return false;
  const { code, syscall } = cause as NodeJS.ErrnoException;
  return syscall === "connect" || syscall === "getaddrinfo" || (code !== undefined && beforeSending.has(code));
}
