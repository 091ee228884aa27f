import type * as z from "zod";
import { SupplierDown } from "./contract.ts";
import { readJson, retryAfterSeconds, type Sent, send } from "./exchange.ts";

/**
 * An answer with its status. `value` is undefined when the body was no JSON, too large, or broke off; `unreadable` then says what
 * it was.
 */
export type Answered = {
  kind: "answered";
  status: number;
  value: unknown;
  unreadable?: string;
  retryAfterSeconds?: number;
};

/** A page of a catalogue, or a whole one: ten thousand products of a kilobyte each. */
export const CATALOGUE_BYTES = 10 * 1024 * 1024;

/** One call whose answer is JSON, whatever its status, of `maxBytes` at most where it may be longer than an order is. */
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

/** What an answer to a plain question says. Throws SupplierDown if it is none. */
export function readOrThrow<T>(answer: Awaited<ReturnType<typeof call>>, schema: z.ZodType<T>): T {
  if (answer.kind !== "answered") throw new SupplierDown(answer.reason);
  if (answer.status !== 200) throw new SupplierDown(`http_${answer.status}`, answer.retryAfterSeconds);
  const read = schema.safeParse(answer.value);
  if (!read.success) throw new SupplierDown(reasonOf(answer));
  return read.data;
}

/** Why an answer can't be understood: it was no JSON, or not what the protocol says. */
export const reasonOf = ({ unreadable = "unreadable_answer" }: Answered): string => unreadable;

/** Nobody reads along: it is encrypted, or never leaves this machine, as in the local stack. */
export function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === "https:" || /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

/** A base URL without its last slash. Throws on what is none, or carries more than scheme, host and path. */
export function baseOf(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (!/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || url.username !== "")
    throw new Error("A supplier's base URL must be http(s), without credentials, query and fragment");
  if (!isPrivate(url))
    throw new Error("A supplier's base URL must be https: our key and what it sells would be readable on the way");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Throws on a secret that can't stand in a header. */
export function printable(secret: string): string {
  if (!/^[\x21-\x7e]{1,512}$/.test(secret)) throw new Error("A key must be printable ASCII");
  return secret;
}
