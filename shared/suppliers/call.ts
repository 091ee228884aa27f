import type * as z from "zod";
import { SupplierDown } from "./contract.ts";
import { readJson, retryAfterSeconds, type Sent, send } from "./exchange.ts";

/** An answer with its status; `value` is undefined when the body was no JSON, too large, or broke off. */
export type Answered = { kind: "answered"; status: number; value: unknown; retryAfterSeconds?: number };

/** One call whose answer is JSON, whatever its status. */
export async function call(
  request: Parameters<typeof send>[0],
  timeoutMs: number,
): Promise<Answered | Exclude<Sent, { kind: "answered" }>> {
  const sent = await send(request, timeoutMs);
  if (sent.kind !== "answered") return sent;
  const content = await readJson(sent.response);
  const wait = retryAfterSeconds(sent.response);
  return {
    kind: "answered",
    status: sent.response.status,
    value: content.ok ? content.value : undefined,
    ...(wait === undefined ? {} : { retryAfterSeconds: wait }),
  };
}

/** What an answer to a plain question says. Throws SupplierDown if it is none. */
export function readOrThrow<T>(answer: Awaited<ReturnType<typeof call>>, schema: z.ZodType<T>): T {
  if (answer.kind !== "answered") throw new SupplierDown(answer.reason);
  if (answer.status !== 200) throw new SupplierDown(`http_${answer.status}`, answer.retryAfterSeconds);
  const read = schema.safeParse(answer.value);
  if (!read.success) throw new SupplierDown("unreadable_answer");
  return read.data;
}

/** A text as JSON, if it is any. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A base URL without its last slash. Throws on what is none, or carries more than scheme, host and path. */
export function baseOf(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (!/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "" || url.username !== "")
    throw new Error("A supplier's base URL must be http(s), without credentials, query and fragment");
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Throws on a secret that can't stand in a header. */
export function printable(secret: string): string {
  if (!/^[\x21-\x7e]{1,512}$/.test(secret)) throw new Error("A key must be printable ASCII");
  return secret;
}
