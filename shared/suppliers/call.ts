import type * as z from "zod";
import { SupplierDown } from "./contract.ts";
import { readJson, retryAfterSeconds, type Sent, send } from "./exchange.ts";

/**
 * An answer with its status. `value` is undefined if the body was no JSON, too large, or broke off; `unreadable` then
 * says what it was.
 */
export type Answered = {
  kind: "answered";
  status: number;
  value: unknown;
  unreadable?: string;
  retryAfterSeconds?: number;
};

/** Size of a page of a catalogue, or of a whole one: ten thousand products of a kilobyte. */
export const CATALOGUE_BYTES = 10 * 1024 * 1024;

/**
 * Makes one call and reads its answer as JSON, whatever its status. `maxBytes`: for answers that may be longer than an
 * order's.
 */
export async function call(
  request: Parameters<typeof send>[0],
  timeoutMs: number,
  maxBytes?: number,
): Promise<Answered | Exclude<Sent, { kind: "answered" }>> {
  const sent = await send(request, timeoutMs);
  if (sent.kind !== "answered") return sent;
  const content = await readJson(sent.response, maxBytes);
  const wait = retryAfterSeconds(sent.response);
  return {
    kind: "answered",
    status: sent.response.status,
    ...(content.ok ? { value: content.value } : { value: undefined, unreadable: content.reason }),
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  };
}

/** Reads the answer to a question that moves nothing. Throws SupplierDown if it can't be read. */
export function readOrThrow<T>(answer: Awaited<ReturnType<typeof call>>, schema: z.ZodType<T>): T {
  if (answer.kind !== "answered") throw new SupplierDown(answer.reason);
  if (answer.status !== 200) throw new SupplierDown(`http_${answer.status}`, answer.retryAfterSeconds);
  const read = schema.safeParse(answer.value);
  if (!read.success) throw new SupplierDown(reasonOf(answer));
  return read.data;
}

/** Says why an answer can't be understood: it was no JSON, or not what the protocol says. */
export const reasonOf = ({ unreadable = "unreadable_answer" }: Answered): string => unreadable;

/** Tells whether nobody else can read a call: it is encrypted, or never leaves this machine, as in the local stack. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** Gives a base URL without its last slash. Throws if it is none, or has more than scheme, host and path. */
export function baseOf(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (!/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || url.username !== "")
    throw new Error("A supplier's base URL must be http(s), without credentials, query and fragment");
  if (!isPrivate(url))
    throw new Error("A supplier's base URL must be https: our key and what it sells would be readable on the way");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Throws if a secret can't stand in a header. */
export function printable(secret: string): string {
  if (!/^[\x21-\x7e]{1,512}$/.test(secret)) throw new Error("A key must be printable ASCII");
  return secret;
}
